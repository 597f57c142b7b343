"""An option's history: its runs over the calendar, and whether the newest differs."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from core.measurement.estimate import Estimate
from dashboard import formats
from dashboard.components.runs.one_run.run_charts import chart, heading
from dashboard.components.shared.scheme import colours
from dashboard.figures.compare.latency_figure import estimate_text
from dashboard.figures.runs.run_history_figure import PastRun, trend_figure
from dashboard.resources.history import RunState, RunView

LEAST_RUNS: Final = 2
LIKE: Final = ("open_loop", "closed_loop")
"""Schedules whose percentiles can be compared from run to run."""


def show_trend(runs: Sequence[RunView], shown: RunView) -> None:
    """The runs of the option that is shown, asked in the same way; nothing for fewer than two."""
    past = past_runs(runs, shown)
    if len(past) < LEAST_RUNS:
        return
    with st.expander(
        f"History of {formats.plain(shown.plan.subject.label)}: {len(past)} runs",
        icon=":material/timeline:",
    ):
        text = drift_text(past)
        st.markdown(formats.plain(text))
        heading("Runs over time", partial(trend_table, past), "trend")
        chart(trend_figure(past, colours()), "trend", text)


def past_runs(runs: Sequence[RunView], shown: RunView) -> list[PastRun]:
    """Finished runs of the same option and kind of schedule, oldest first."""
    kind = shown.plan.schedule.kind
    finished = [
        PastRun(run.created_at, run.summary.response_p50, run.summary.response_p95)
        for run in runs
        if run.state is RunState.DONE
        and run.summary is not None
        and run.plan.subject.option_id == shown.plan.subject.option_id
        and run.plan.schedule.kind == kind
        and kind in LIKE
    ]
    return sorted(finished, key=lambda run: run.when)


def drift_text(past: Sequence[PastRun]) -> str:
    """Whether the newest run differs from the one before, by their intervals of the median."""
    before, newest = past[-2:]
    span = f"since {formats.moment(before.when)}"
    if _apart(before.p50, newest.p50):
        slower = (newest.p50.value_s or float("inf")) > (before.p50.value_s or float("inf"))
        way = "slower" if slower else "faster"
        return (
            f"It got {way} {span}: the median was {estimate_text(before.p50)} and is "
            f"{estimate_text(newest.p50)}; the intervals do not meet."
        )
    return (
        f"No change of the median can be told {span}: {estimate_text(before.p50)} then, "
        f"{estimate_text(newest.p50)} now."
    )


def _apart(one: Estimate, other: Estimate) -> bool:
    """Whether two intervals do not meet; without bounds on both sides nothing can be said."""
    bounds = (one.low_s, one.high_s, other.low_s, other.high_s)
    if any(bound is None for bound in bounds):
        return False
    low, high, other_low, other_high = (bound or 0.0 for bound in bounds)
    return high < other_low or other_high < low


def trend_table(past: Sequence[PastRun]) -> pd.DataFrame:
    """One row a run."""
    return pd.DataFrame(
        {
            "When (UTC)": formats.moment(run.when),
            "p50": estimate_text(run.p50),
            "p95": estimate_text(run.p95),
        }
        for run in past
    )
