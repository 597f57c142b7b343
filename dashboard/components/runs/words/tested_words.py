"""What a test of quality asked and found, in words."""

from collections.abc import Iterator

from core.measurement.beside.quality_found import (
    CandidateQuality,
    MeanFound,
    QualityReport,
    VectorForm,
)
from core.probe.records.probe_plan import ProbePlan, RetrievalTest
from dashboard import formats

IN_STRIP = 3
"""Comparisons that one line holds."""


def size_text(queries: int, documents: int) -> str:
    """How large a test is: 60 queries over 120 documents."""
    asked = "1 query" if queries == 1 else f"{formats.count(queries)} queries"
    among = "1 document" if documents == 1 else f"{formats.count(documents)} documents"
    return f"{asked} over {among}"


def mean_text(mean: MeanFound) -> str:
    """A mean with its interval: 87 % (81 % to 92 %)."""
    low, high = formats.percent(mean.low), formats.percent(mean.high)
    return f"{formats.percent(mean.mean)} ({low} to {high})"


def candidate_text(one: CandidateQuality, k: int) -> str:
    """What one candidate finds, as a sentence."""
    if one.recall is None or one.ndcg is None:
        return f"{one.name}: no figure."
    return f"{one.name}: recall@{k} {mean_text(one.recall)}, nDCG@{k} {mean_text(one.ndcg)}."


def found_text(report: QualityReport) -> str:
    """The finding in a line: the comparisons of recall, or the figures where nobody is compared."""
    compared = [
        difference.sentence
        for difference in report.differences
        if difference.metric == "recall" and report.candidates[difference.b].form == VectorForm()
    ]
    if compared:
        return " ".join(compared[:IN_STRIP])
    with_figures = [one for one in report.plain if one.recall is not None]
    return " ".join(candidate_text(one, report.k) for one in with_figures[:IN_STRIP])


def asked_fields(plan: ProbePlan, test: RetrievalTest) -> Iterator[tuple[str, str]]:
    """What was asked of a test, as names and texts."""
    yield "Compared with", ", ".join(one.label for one in plan.subjects[1:]) or "nobody"
    yield "Texts", f"{size_text(test.queries, test.documents)}; they are not stored"
    yield "Of the ranking count", f"the first {test.k}"
    if test.dims:
        yield "Shorter vectors", ", ".join(f"{dims:,} dimensions" for dims in test.dims)
    if test.int8:
        yield "int8", "judged, too"
    for number, subject in enumerate(plan.subjects):
        asking = test.asking_of(number)
        if asking.query_prefix or asking.document_prefix:
            text = f"“{asking.query_prefix}” and “{asking.document_prefix}”"
            yield f"Before queries and documents of {subject.label}", text
