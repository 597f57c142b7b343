"""An option's runs over the calendar, to see whether it gets slower."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.measurement.estimate import Estimate
from dashboard.figures.base.frame import Figure
from dashboard.figures.base.palette import Palette
from dashboard.figures.base.run_layout import axis, bounds_s, frame, marks, window_s
from dashboard.figures.base.time_axis import time_axis


@dataclass(frozen=True, slots=True)
class PastRun:
    """One finished run of the option."""

    when: datetime
    p50: Estimate
    p95: Estimate


def trend_figure(runs: Sequence[PastRun], colours: Palette) -> Figure:
    """p50 and p95 of each run with their intervals, oldest first."""
    ordered = sorted(runs, key=lambda run: run.when)
    x = [run.when.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds") for run in ordered]
    low, high = window_s(bounds_s([e for run in ordered for e in (run.p50, run.p95)]))
    dashed = {"color": colours.lines[2], "dash": "dash", "symbol": "diamond"}
    traces = [
        marks("p50", x, [run.p50 for run in ordered], {"color": colours.lines[0]}),
        marks("p95", x, [run.p95 for run in ordered], dashed),
    ]
    layout = frame(
        colours,
        xaxis=axis("when (UTC)", colours, type="date"),
        yaxis=time_axis(low, high, colours, "response time"),
    )
    return {"data": traces, "layout": layout}
