"""What a test of quality found: the figure, the comparisons in sentences, the table."""

from collections.abc import Iterable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core.measurement.beside.quality_found import CandidateQuality, MeanFound, QualityReport
from dashboard import formats
from dashboard.components.runs.words.tested_words import candidate_text
from dashboard.components.shared.chart import chart
from dashboard.components.shared.scheme import colours
from dashboard.figures.runs.quality_figure import quality_figure
from dashboard.resources import quality_tests
from dashboard.resources.history import RunView

HELP = (
    "Filled: recall, the share of the relevant documents among the first {k}. Rings: nDCG, which "
    "also counts how high they stand. Lines: where the mean lies with 95 % confidence. Whether two "
    "models differ is said by the comparison of the same queries below, not by these lines."
)


def show_quality(run: RunView, key: str) -> None:
    """All that a test found; nothing where it found nothing, or for another kind of run."""
    report = run.quality
    if report is None:
        return
    if quality_tests.is_of_example(report.corpus):
        st.info("These figures are of the example that ships. Test your own pairs, too.")
    _failures(report.candidates)
    if report.has_figures:
        chart(
            "What they find of the queries",
            quality_figure(report, colours()),
            key,
            " ".join(candidate_text(one, report.k) for one in report.candidates),
            partial(quality_table, report),
            HELP.format(k=report.k),
        )
    _sentences(one.sentence for one in report.differences)
    if report.remarks:
        st.caption("What to know")
        _sentences(report.remarks)
    st.caption(
        f"Intervals at 95{formats.NO_BREAK}% from {formats.count(report.draws)} draws of the "
        f"queries, seed {report.seed}. See “Quality on your own pairs” on the page Method."
    )


def _failures(candidates: Sequence[CandidateQuality]) -> None:
    """Who has not embedded all, with how much it has; said once for all forms of its vectors."""
    for label, failure in {one.label: one.failure for one in candidates if one.failure}.items():
        st.warning(formats.plain(f"{label}: {failure}"), icon=":material/warning:")


def _sentences(sentences: Iterable[str]) -> None:
    lines = [f"- {formats.plain(sentence)}" for sentence in sentences]
    if lines:
        st.markdown("\n".join(lines))


def quality_table(report: QualityReport) -> pd.DataFrame:
    """One row a candidate and form; shares from 0 to 1."""
    return pd.DataFrame(
        {
            "candidate": one.name,
            "option_id": one.option_id,
            "model": one.model,
            **_mean(f"recall@{report.k}", one.recall),
            **_mean(f"ndcg@{report.k}", one.ndcg),
            "queries": one.queries,
            "documents": one.documents,
            "dimensions": one.form.dims or one.dims,
            "bytes_per_vector": one.bytes_per_vector,
            "failure": one.failure,
        }
        for one in report.candidates
    )


def _mean(name: str, mean: MeanFound | None) -> dict[str, float | None]:
    """A mean's columns, empty where there is none."""
    low, high = (None, None) if mean is None else (mean.low, mean.high)
    return {name: None if mean is None else mean.mean, f"{name} low": low, f"{name} high": high}
