"""What a run found beyond its percentiles: curves and comparisons with words and tables."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from core.measurement.latency import LatencySummary
from core.measurement.report import BatchCurve, ColdCurve, Comparison, LimitedBy, LoadCurve
from core.probe.records.probe_plan import ProbePlan
from dashboard import formats
from dashboard.components.runs.one_run.run_charts import chart, heading
from dashboard.components.runs.words.run_text import interval_text, value_text
from dashboard.components.shared.csv_file import safe
from dashboard.components.shared.scheme import colours
from dashboard.figures.runs.run_batches import batches_figure, fitted_s
from dashboard.figures.runs.run_comparison import comparison_figure
from dashboard.figures.runs.run_gaps import gaps_figure
from dashboard.figures.runs.run_load import load_figure

LIMITS: Final[dict[LimitedBy, str]] = {
    "server": "their server",
    "rate_limit": "their rate limit",
    "client": "our client",
}


def show_findings(plan: ProbePlan, summary: LatencySummary, slo_p95_s: float) -> None:
    """Whatever there is of curves and comparisons; nothing for a plain open loop."""
    report = summary.report
    if report is None:
        return
    if report.comparisons:
        _show_comparisons(report.comparisons, plan, summary)
    if report.load is not None and report.load.steps:
        _show_load(report.load, slo_p95_s)
    if report.batches is not None and report.batches.steps:
        _show_batches(report.batches)
    if report.cold is not None and report.cold.gaps:
        _show_cold(report.cold)


def _verdict(sentence: str) -> None:
    st.markdown(f"##### {formats.plain(sentence)}")


def _show_comparisons(
    comparisons: Sequence[Comparison], plan: ProbePlan, summary: LatencySummary
) -> None:
    for one in comparisons:
        _verdict(one.sentence)
    heading("Difference between the targets", partial(comparison_table, comparisons), "comparison")
    chart(
        comparison_figure(comparisons, colours()),
        "comparison",
        " ".join(c.sentence for c in comparisons),
    )
    st.dataframe(
        safe(targets_table(plan, summary)),
        hide_index=True,
        width="content",
        key="latency/targets",
        alt="Latencies of each target of the comparison.",
    )


def comparison_table(comparisons: Sequence[Comparison]) -> pd.DataFrame:
    """Every two targets with their ratio, difference and intervals."""
    return pd.DataFrame(
        {
            "First": one.label_a,
            "Second": one.label_b,
            "Pairs": one.pairs,
            "Ratio": one.ratio,
            "Ratio from": one.ratio_low,
            "Ratio to": one.ratio_high,
            "Difference (ms)": formats.milliseconds(one.difference_s),
            "From (ms)": formats.milliseconds(one.difference_low_s),
            "To (ms)": formats.milliseconds(one.difference_high_s),
            "Confidence": formats.percent(one.level),
            "Failures of the first": one.failed_a,
            "Failures of the second": one.failed_b,
        }
        for one in comparisons
    )


def targets_table(plan: ProbePlan, summary: LatencySummary) -> pd.DataFrame:
    """Each target by itself."""
    summaries = (summary, *summary.rivals)
    return pd.DataFrame(
        {
            "Target": subject.label,
            "Answered": f"{one.n_ok} of {one.n_ok + one.n_failed}",
            "p50": value_text(one.response_p50),
            "p50 interval": interval_text(one.response_p50),
            "p95": value_text(one.response_p95),
            "p95 interval": interval_text(one.response_p95),
            "Cold start": formats.duration(one.cold_start_s),
        }
        for subject, one in zip(plan.subjects, summaries, strict=False)
    )


def _show_load(curve: LoadCurve, slo_p95_s: float) -> None:
    _verdict(curve.sentence)
    heading("What comes out, and how long it takes", partial(load_table, curve), "load")
    chart(load_figure(curve, slo_p95_s, colours()), "load", curve.sentence)


def load_table(curve: LoadCurve) -> pd.DataFrame:
    """One row a step."""
    return pd.DataFrame(
        {
            "At a time": step.workers,
            "Rate (1/s)": step.rate_per_s,
            "Requests": step.n,
            "Failed": step.n - step.n_ok,
            "Opened a connection": step.opened,
            "Answered (1/s)": round(step.answered_per_s, 3),
            "Within the objective (1/s)": step.good_per_s,
            "Tokens/s": step.tokens_per_s,
            "p50 (ms)": formats.milliseconds(step.response_p50.value_s),
            "p95 (ms)": formats.milliseconds(step.response_p95.value_s),
            "p95 interval": interval_text(step.response_p95),
            "Limited by": None if step.limited_by is None else LIMITS[step.limited_by],
            "Finished": "yes" if step.finished else "no",
        }
        for step in curve.steps
    ).dropna(axis="columns", how="all")


def _show_batches(curve: BatchCurve) -> None:
    _verdict(curve.sentence)
    heading("Time of a request by its size", partial(batch_table, curve), "batches")
    chart(batches_figure(curve, colours()), "batches", curve.sentence)


def batch_table(curve: BatchCurve) -> pd.DataFrame:
    """One row a size, with what the fit says of it."""
    fit = curve.fit
    return pd.DataFrame(
        {
            "Texts": step.texts,
            "Characters each": step.characters,
            "Tokens": step.tokens,
            "Answered": f"{step.n_ok} of {step.n}",
            "p50 (ms)": formats.milliseconds(step.service_p50.value_s),
            "p50 interval": interval_text(step.service_p50),
            "Fit (ms)": None if fit is None else formats.milliseconds(fitted_s(step, fit)),
            "Per text (ms)": formats.milliseconds(step.per_text_s),
        }
        for step in curve.steps
    )


def _show_cold(curve: ColdCurve) -> None:
    _verdict(curve.sentence)
    heading("Cold against warm", partial(cold_table, curve), "cold")
    chart(gaps_figure(curve, colours()), "cold", curve.sentence)


def cold_table(curve: ColdCurve) -> pd.DataFrame:
    """One row a silence."""
    return pd.DataFrame(
        {
            "Silence (s)": gap.gap_s,
            "First calls": f"{gap.n_ok} of {gap.n}",
            "First call p50 (ms)": formats.milliseconds(gap.first_p50.value_s),
            "Without opening (ms)": formats.milliseconds(gap.ready_p50.value_s),
            "Warm p50 (ms)": formats.milliseconds(gap.warm_p50.value_s),
            "Opened a connection": gap.opened,
            "Cold": "yes" if gap.cold else "no",
        }
        for gap in curve.gaps
    )
