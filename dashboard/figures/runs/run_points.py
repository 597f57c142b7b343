"""A run over its schedule: every request a point at the moment when it was due."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np

from core.measurement.latency import LatencySummary
from core.units import MS_PER_S
from dashboard import formats
from dashboard.figures.base.frame import FONT_PX, Figure
from dashboard.figures.base.palette import Palette
from dashboard.figures.base.run_layout import frame
from dashboard.figures.base.spread import spread
from dashboard.figures.base.time_axis import time_axis

HEIGHT_PX: Final = 330
LABEL_GAP_PX: Final = 18.0
MANY_POINTS: Final = 1_500
"""Above this the browser draws by WebGL, without words for each: SVG would be slow."""
LEAST_SPREAD: Final = 10.0
"""The axis spans at least this factor: noise of a percent must not fill the picture."""


class Group(StrEnum):
    """How a request is drawn; its value is its name in the legend."""

    MEASURED = "measured"
    WARM_UP = "warm-up"
    COLD = "cold start"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RunPoint:
    """One request that was asked of the endpoint."""

    due_s: float
    """When it was due, seconds from the first measured request; before it: cold and warm-up."""
    response_s: float | None
    """None for a failure."""
    group: Group
    text: str
    """What the reader sees when pointing at it."""


def points_figure(
    points: Sequence[RunPoint], summary: LatencySummary | None, slo_p95_s: float, colours: Palette
) -> Figure:
    """Response time over the schedule; failures along the top; cold and warm-up apart."""
    low, high = _window(points, slo_p95_s)
    levels = _levels(summary, slo_p95_s, colours)
    traces = [
        _trace([point for point in points if point.group is group], group, high, colours)
        for group in Group
        if any(point.group is group for point in points)
    ]
    layout = frame(colours, HEIGHT_PX) | {
        "margin": {"l": 8, "r": 92, "t": 14, "b": 8},
        "xaxis": {
            "title": {
                "text": "seconds on the schedule",
                "font": {"size": FONT_PX, "color": colours.muted},
            },
            "gridcolor": colours.grid,
            "zerolinecolor": colours.muted,
            "tickfont": {"color": colours.muted},
            "automargin": True,
        },
        "yaxis": time_axis(low, high, colours, "response time"),
        "shapes": [_level(value_s, dash, colour) for value_s, _, dash, colour in levels],
        "annotations": _notes(levels, low, high),
    }
    return {"data": traces, "layout": layout}


def _window(points: Sequence[RunPoint], slo_p95_s: float) -> tuple[float, float]:
    """Range of the response axis, s: all answers and the objective, with room for failures."""
    answers = [point.response_s for point in points if point.response_s]
    values = [*answers, slo_p95_s]
    low, high = min(values), max(values)
    widen = max(1.0, (LEAST_SPREAD * low / high) ** 0.5)
    return low / widen / 1.25, high * widen * 1.7


def _trace(
    points: Sequence[RunPoint], group: Group, high_s: float, colours: Palette
) -> dict[str, Any]:
    failed = group is Group.FAILED
    # Failures have no response time; they lie in a row under the top edge.
    y_s = [high_s / 1.2 if failed else point.response_s for point in points]
    trace = {
        "mode": "markers",
        "name": f"{group.value} ({len(points)})",
        "x": np.array([point.due_s for point in points]),
        "y": np.array(y_s, dtype=float) * MS_PER_S,
        "marker": _marker(group, colours),
    }
    if len(points) > MANY_POINTS and not failed:
        # The words of ten thousand points would be most of what is sent to the browser.
        hover = "response %{y:,.3~g} ms, due at %{x:.2f} s<extra></extra>"
        return trace | {"type": "scattergl", "hovertemplate": hover}
    texts = [point.text for point in points]
    return trace | {"type": "scatter", "text": texts, "hovertemplate": "%{text}<extra></extra>"}


def _marker(group: Group, colours: Palette) -> dict[str, Any]:
    """Told apart by shape as well as by colour."""
    match group:
        case Group.MEASURED:
            return {"symbol": "circle", "size": 6, "color": colours.lines[0], "opacity": 0.8}
        case Group.WARM_UP:
            return {"symbol": "circle-open", "size": 7, "color": colours.muted}
        case Group.COLD:
            return {"symbol": "star", "size": 12, "color": colours.lines[4]}
        case Group.FAILED:
            return {"symbol": "x", "size": 8, "color": colours.limit}


Level = tuple[float, str, str, str]
"""Seconds, words, dash, colour."""


def _levels(summary: LatencySummary | None, slo_p95_s: float, colours: Palette) -> list[Level]:
    """The objective and the percentiles, where there are any."""
    levels: list[Level] = [(slo_p95_s, "objective", "dash", colours.limit)]
    if summary is not None:
        for name, estimate, dash in (
            ("p50", summary.response_p50, "dot"),
            ("p95", summary.response_p95, "dashdot"),
        ):
            if estimate.value_s:
                levels.append((estimate.value_s, name, dash, colours.muted))
    return levels


def _level(value_s: float, dash: str, colour: str) -> dict[str, Any]:
    y = value_s * MS_PER_S
    line = {"color": colour, "width": 1.3, "dash": dash}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line}


def _notes(levels: Sequence[Level], low_s: float, high_s: float) -> list[dict[str, Any]]:
    """Names of the levels at the right, none over another."""
    low, high = (math.log10(value_s * MS_PER_S) for value_s in (low_s, high_s))
    heights = [math.log10(value_s * MS_PER_S) for value_s, *_ in levels]
    gap = LABEL_GAP_PX / HEIGHT_PX * (high - low)
    return [
        {
            "xref": "paper",
            "x": 1.005,
            "xanchor": "left",
            "y": y,
            "yanchor": "middle",
            "showarrow": False,
            "text": f"{words} {formats.duration(value_s)}",
            "font": {"size": FONT_PX - 1, "color": colour},
        }
        for (value_s, words, _, colour), y in zip(
            levels, spread(heights, gap, low, high), strict=True
        )
    ]
