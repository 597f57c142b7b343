"""First calls after silences of several lengths, beside warm ones."""

from core.measurement.report import ColdCurve
from dashboard import formats
from dashboard.figures.base.frame import Figure
from dashboard.figures.base.palette import Palette
from dashboard.figures.base.run_layout import axis, bounds_s, frame, marks, window_s
from dashboard.figures.base.time_axis import time_axis


def gaps_figure(curve: ColdCurve, colours: Palette) -> Figure:
    """The first call whole, the same once its connection stood, and the warm calls after it."""
    gaps = curve.gaps
    x = [gap.gap_s for gap in gaps]
    estimates = [e for gap in gaps for e in (gap.first_p50, gap.ready_p50, gap.warm_p50)]
    low, high = window_s(bounds_s(estimates))
    traces = [
        marks(
            "first call",
            x,
            [gap.first_p50 for gap in gaps],
            {"color": colours.lines[4], "symbol": "star"},
        ),
        marks(
            "first call without opening a connection",
            x,
            [gap.ready_p50 for gap in gaps],
            {"color": colours.lines[2], "symbol": "diamond", "dash": "dash"},
        ),
        marks(
            "warm calls after it",
            x,
            [gap.warm_p50 for gap in gaps],
            {"color": colours.lines[0], "dash": "dot"},
        ),
    ]
    ticks = {"tickvals": x, "ticktext": [formats.duration(gap_s) for gap_s in x]}
    layout = frame(
        colours,
        xaxis=axis("silence before the call", colours, type="log", **ticks),
        yaxis=time_axis(low, high, colours, "service time"),
    )
    return {"data": traces, "layout": layout}
