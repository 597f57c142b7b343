"""What a test of quality found, in lines and as plain values."""

from collections.abc import Iterator
from typing import Any

from core.measurement.beside.quality_found import CandidateQuality, MeanFound, QualityReport
from core.runs.watching.run_view import RunView


def quality_lines(view: RunView, report: QualityReport) -> list[str]:
    """A line a candidate, the comparisons in sentences, and what was counted in the file."""
    return [
        f"Quality: {view.state.value}, run {view.run_id}",
        f"  {report.queries:,} queries over {report.documents:,} documents; {report.k} count",
        *(f"  {line}" for one in report.candidates for line in _candidate(one, report.k)),
        *(f"  {difference.sentence}" for difference in report.differences),
        *(f"  note: {remark}" for remark in report.remarks),
        f"  seed {report.seed}, {report.draws:,} draws",
        f"  billed ${view.spent_usd:f} of at most ${view.worst_case_usd:f}",
    ]


def quality_document(view: RunView, report: QualityReport) -> dict[str, Any]:
    """The same as plain values: shares from 0 to 1, intervals at 95 %."""
    return {
        "run_id": view.run_id,
        "state": view.state.value,
        "error": view.error,
        "spent_usd": str(view.spent_usd),
        "worst_case_usd": str(view.worst_case_usd),
        "quality": report.model_dump(mode="json"),
    }


def _candidate(one: CandidateQuality, k: int) -> Iterator[str]:
    if one.recall is not None and one.ndcg is not None:
        yield (
            f"{one.name}: recall@{k} {_three(one.recall)}, nDCG@{k} {_three(one.ndcg)}, "
            f"{one.bytes_per_vector:,} bytes a vector"
        )
    if one.failure:
        yield f"{one.name}: {one.failure}"


def _three(mean: MeanFound) -> str:
    return f"{mean.mean:.3f} ({mean.low:.3f} to {mean.high:.3f})"
