"""The time of a request over the number of its texts, one line a length, with the fit."""

from typing import Any

from core.measurement.report import BatchCurve, BatchFit, BatchStep
from core.units import MS_PER_S
from dashboard import formats
from dashboard.figures.base.frame import Figure
from dashboard.figures.base.palette import Palette
from dashboard.figures.base.run_layout import axis, bounds_s, frame, marks, window_s
from dashboard.figures.base.time_axis import time_axis


def fitted_s(step: BatchStep, fit: BatchFit) -> float | None:
    """What the fit says of a size, s; None where it needs tokens that nobody counted."""
    time_s = fit.fixed_s + fit.per_text_s * step.texts
    if fit.per_unit_s is None:
        return time_s
    units = step.tokens if fit.unit == "token" else step.texts * (step.characters or 0)
    return None if units is None else time_s + fit.per_unit_s * units


def batches_figure(curve: BatchCurve, colours: Palette) -> Figure:
    """Measured medians with intervals as marks, the fit as lines, both axes logarithmic."""
    lengths = sorted({step.characters or 0 for step in curve.steps})
    low, high = window_s(bounds_s([step.service_p50 for step in curve.steps]))
    sizes = sorted({step.texts for step in curve.steps})
    traces = [
        trace
        for i, length in enumerate(lengths)
        for trace in _of_length(curve, length, colours.line(i), i)
    ]
    ticks = {"tickvals": sizes, "ticktext": [f"{size:,}" for size in sizes]}
    layout = frame(
        colours,
        xaxis=axis("texts in a request", colours, type="log", **ticks),
        yaxis=time_axis(low, high, colours, "service time"),
    )
    return {"data": traces, "layout": layout}


def _of_length(curve: BatchCurve, length: int, colour: str, place: int) -> list[dict[str, Any]]:
    steps = [step for step in curve.steps if (step.characters or 0) == length]
    name = f"{length:,} characters" if length else "texts as they are"
    symbol = ("circle", "diamond", "square", "cross")[place % 4]
    x = [step.texts for step in steps]
    style = {"color": colour, "symbol": symbol}
    traces = [marks(name, x, [step.service_p50 for step in steps], style, lines=False)]
    if curve.fit is not None:
        traces.append(_fit(steps, curve.fit, x, colour, name))
    return traces


def _fit(
    steps: list[BatchStep], fit: BatchFit, x: list[int], colour: str, name: str
) -> dict[str, Any]:
    values = [fitted_s(step, fit) for step in steps]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": f"fit, {name}",
        "x": x,
        "y": [None if value is None else value * MS_PER_S for value in values],
        "line": {"color": colour, "dash": "dot", "width": 2},
        "text": [formats.duration(value) for value in values],
        "hovertemplate": "fit %{text}<extra></extra>",
    }
