"""p95 of a server over its rate: predicted on the very arrivals, and measured."""

from collections.abc import Sequence
from typing import Any, Final

from core.measurement.estimate import Estimate
from core.measurement.server_found import ServerLoad
from core.units import MS_PER_S
from dashboard import formats
from dashboard.figures.base.frame import Figure
from dashboard.figures.base.palette import Palette
from dashboard.figures.base.run_layout import axis, bounds_s, frame, marks, window_s
from dashboard.figures.base.time_axis import time_axis

HEIGHT_PX: Final = 320


def server_loads_figure(
    loads: Sequence[ServerLoad], slo_p95_s: float | None, colours: Palette
) -> Figure:
    """One point a rate each; at least one load."""
    rates = [load.rate_per_s for load in loads]
    predicted = [Estimate(value_s=load.predicted_p95_s) for load in loads]
    measured = [load.response_p95 for load in loads]
    low, high = window_s([*bounds_s(predicted), *bounds_s(measured), slo_p95_s])
    guess = {"color": colours.ink, "dash": "dot", "symbol": "circle-open"}
    ticks = {"tickvals": rates, "ticktext": [f"{rate:.3g}" for rate in rates]}
    return {
        "data": [
            marks("p95 predicted", rates, predicted, guess),
            marks("p95 measured", rates, measured, {"color": colours.line(0)}),
        ],
        "layout": frame(
            colours,
            HEIGHT_PX,
            xaxis=axis("requests/s", colours, **ticks),
            yaxis=time_axis(low, high, colours, "response time"),
            shapes=[] if slo_p95_s is None else [_objective(slo_p95_s, colours)],
        ),
    }


def _objective(slo_p95_s: float, colours: Palette) -> dict[str, Any]:
    y, line = slo_p95_s * MS_PER_S, {"color": colours.limit, "width": 1.5, "dash": "dash"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line}


def load_words(load: ServerLoad) -> str:
    """A rate in words: predicted and measured p95, and how far one is off the other."""
    predicted, measured = load.predicted_p95_s, load.response_p95.value_s
    start = f"At {formats.percent(load.share)} ({formats.significant(load.rate_per_s, 3)}/s)"
    if measured is None:
        return f"{start}: failures reach into the p95."
    if not predicted:
        return f"{start}: p95 measured {formats.duration(measured)}."
    off = predicted / measured - 1
    return (
        f"{start}: p95 predicted {formats.duration(predicted)}, measured "
        f"{formats.duration(measured)}, {off:+.0%}{'' if load.kept else '; not kept up'}."
    )
