"""The three charts of a run, each with its words and its table for who cannot see it."""

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core.measurement.latency import LatencySummary
from core.probe.records.sample import Sample
from dashboard import formats
from dashboard.components.runs.words import run_data
from dashboard.components.shared.scheme import colours
from dashboard.components.shared.toolbar import still_chart
from dashboard.figures.base.frame import Figure
from dashboard.figures.compare.latency_figure import estimate_text
from dashboard.figures.runs.run_distribution import Times, distribution_figure
from dashboard.figures.runs.run_phases import PhaseMedians, phases_figure
from dashboard.figures.runs.run_points import Group, RunPoint, points_figure


def show_schedule(
    samples: Sequence[Sample], summary: LatencySummary | None, slo_p95_s: float
) -> None:
    """Response time over the schedule."""
    points = run_data.points(samples)
    heading("Response time over the schedule", partial(run_data.sample_table, samples), "schedule")
    figure = points_figure(points, summary, slo_p95_s, colours())
    chart(figure, "schedule", schedule_text(points, slo_p95_s))


def schedule_text(points: Sequence[RunPoint], slo_p95_s: float) -> str:
    """The schedule's chart in words."""
    counts = ", ".join(
        f"{sum(point.group is group for point in points)} {group.value}" for group in Group
    )
    answers = [point.response_s for point in points if point.response_s is not None]
    span = (
        f"from {formats.duration(min(answers))} to {formats.duration(max(answers))}"
        if answers
        else "none was answered"
    )
    return (
        f"Each request at the moment it was due: {counts}. Response times {span}; the objective "
        f"is {formats.duration(slo_p95_s)}."
    )


def show_distribution(
    samples: Sequence[Sample], summary: LatencySummary | None, slo_p95_s: float
) -> None:
    """The empirical distribution of response and service time."""
    times = run_data.times(samples)
    heading("Share answered within a time", partial(percentile_table, summary), "distribution")
    figure = distribution_figure(times, summary, slo_p95_s, colours())
    chart(figure, "distribution", distribution_text(times, summary, slo_p95_s))


def distribution_text(times: Times, summary: LatencySummary | None, slo_p95_s: float) -> str:
    """The distribution's chart in words."""
    share = formats.percent(times.share_within(slo_p95_s))
    text = (
        f"Empirical distribution of {times.asked} measured requests. Within the objective of "
        f"{formats.duration(slo_p95_s)}: {share}."
    )
    if summary is None:
        return text
    p50, p95 = estimate_text(summary.response_p50), estimate_text(summary.response_p95)
    return f"{text} Response p50 {p50}, p95 {p95}."


def percentile_table(summary: LatencySummary | None) -> pd.DataFrame:
    """Every percentile of the run with its interval, as text."""
    if summary is None:
        return pd.DataFrame(columns=["Percentile", "Value"])
    rows = (
        ("Response p50", summary.response_p50),
        ("Response p95", summary.response_p95),
        ("Response p99", summary.response_p99),
        ("Service p50", summary.service_p50),
        ("Service p95", summary.service_p95),
    )
    return pd.DataFrame(
        {"Percentile": name, "Value": estimate_text(estimate)} for name, estimate in rows
    )


def show_phases(samples: Sequence[Sample]) -> None:
    """The phases of an HTTP request; nothing where no request was answered."""
    medians = run_data.phase_medians(samples)
    if not medians:
        return
    heading("Where the time goes", partial(run_data.phase_table, medians), "phases")
    chart(phases_figure(medians, colours()), "phases", phases_text(medians))
    st.caption(
        "Medians of each phase over all parts of the run; they need not add up to the median of "
        "the whole. “First byte” is the way there, the server's work and the way back."
    )


def phases_text(medians: Sequence[PhaseMedians]) -> str:
    """The chart of the phases in words."""
    return "Median time of each phase. " + " ".join(
        f"{row.label}, {row.requests} requests: {formats.duration(row.total_s)} in all."
        for row in medians
    )


def heading(title: str, table: Callable[[], pd.DataFrame], name: str) -> None:
    """A chart's title, and beside it the same as a table, made when it is opened."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{title}**", width="stretch")
        opened = st.popover(
            "As a table",
            icon=":material/table_rows:",
            type="tertiary",
            on_change="rerun",
            key=f"latency/{name}/open",
        )
        if opened.open:
            # "stretch" would take the popover's own width, which is that of its button.
            opened.dataframe(
                table(), width="content", hide_index=True, key=f"latency/{name}/table", alt=title
            )


def chart(figure: Figure, name: str, alt: str) -> None:
    """A figure with its words for who cannot see it."""
    still_chart(figure, f"latency/{name}", alt)
