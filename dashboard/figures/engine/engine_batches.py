"""Measured batch times of the local engine beside the fitted ones, over the tokens of a batch."""

from collections.abc import Sequence
from typing import Any, Final

from core.measurement.sweep import SweepPoint
from dashboard import formats
from dashboard.figures.base.axes import log_axis
from dashboard.figures.base.frame import Figure, frame
from dashboard.figures.base.palette import Palette

HEIGHT_PX: Final = 300
ROOM: Final = 1.6
"""Factor between the outermost points and the end of an axis."""


def batches_figure(points: Sequence[SweepPoint], colours: Palette) -> Figure:
    """One point a shape: least time, up to p95, and what the fit says of it."""
    ordered = sorted(points, key=lambda point: point.texts * point.tokens_per_text)
    tokens = [point.texts * point.tokens_per_text for point in ordered]
    seconds = [s for point in ordered for s in (point.min_s, point.p95_s, point.fitted_s)]
    layout = frame(HEIGHT_PX, colours) | {
        "xaxis": log_axis(
            min(tokens) / ROOM, max(tokens) * ROOM, formats.count, colours, "tokens in the batch"
        ),
        "yaxis": log_axis(min(seconds) / ROOM, max(seconds) * ROOM, formats.duration, colours),
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
    }
    return {"data": [_fitted(ordered, tokens, colours), _measured(ordered, tokens, colours)],
            "layout": layout}  # fmt: skip


def shape_text(point: SweepPoint) -> str:
    """A shape in words: "32 x 128"."""
    return f"{point.texts} x {point.tokens_per_text}"


def _measured(points: list[SweepPoint], tokens: list[int], colours: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "measured: least, up to p95",
        "x": tokens,
        "y": [point.min_s for point in points],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [point.p95_s - point.min_s for point in points],
            "arrayminus": [0.0 for _ in points],
            "color": colours.line(0),
            "thickness": 1.5,
            "width": 4,
        },
        "marker": {"size": 9, "color": colours.line(0)},
        "text": [shape_text(point) for point in points],
        "customdata": [
            f"least {formats.duration(point.min_s)}, p50 {formats.duration(point.p50_s)}, "
            f"p95 {formats.duration(point.p95_s)} of {point.repeats}"
            for point in points
        ],
        "hovertemplate": "%{text}: %{customdata}<extra></extra>",
    }


def _fitted(points: list[SweepPoint], tokens: list[int], colours: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "fitted",
        "x": tokens,
        "y": [point.fitted_s for point in points],
        "marker": {
            "size": 15,
            "symbol": "circle-open",
            "color": colours.ink,
            "line": {"width": 1.5},
        },
        "text": [shape_text(point) for point in points],
        "customdata": [formats.duration(point.fitted_s) for point in points],
        "hovertemplate": "%{text}: fitted %{customdata}<extra></extra>",
    }
