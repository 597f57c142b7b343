"""What the law of size says over what was measured, one row a card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard import formats
from dashboard.figures.base.axes import log_axis
from dashboard.figures.base.frame import Figure, frame
from dashboard.figures.base.palette import Palette

ROW_PX: Final = 26
AROUND_PX: Final = 110
LEAST_TIMES: Final = 3.0
ROOM: Final = 1.15
SYMBOLS: Final = ("circle", "diamond", "square")


@dataclass(frozen=True, slots=True)
class LawPoint:
    """One measured batch beside what the law says of it."""

    card: str
    group: str
    """Kinds of server that are off alike."""
    label: str
    """Model, server and shape of the batch."""
    predicted_over_measured: float
    """Of the time of the batch: above 1 the law is too slow."""


def law_figure(points: Sequence[LawPoint], range_factor: float, colours: Palette) -> Figure:
    """Cards from top to bottom; the line is "as measured", the shade the range of servers."""
    cards = list(dict.fromkeys(point.card for point in points))
    furthest = max(max(p.predicted_over_measured, 1 / p.predicted_over_measured) for p in points)
    end = max(LEAST_TIMES, furthest) * ROOM
    axis = log_axis(1 / end, end, formats.times, colours, "time predicted over measured")
    ticks = [value for value in (0.1, 0.2, 0.5, 1, 2, 5, 10) if 1 / end <= value <= end]
    layout = frame(AROUND_PX + ROW_PX * len(cards), colours) | {
        "xaxis": axis | {"tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]},
        "yaxis": {
            "categoryorder": "array",
            "categoryarray": cards[::-1],
            "tickfont": {"color": colours.muted},
            "gridcolor": colours.grid,
            "automargin": True,
        },
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        "shapes": [_range(range_factor, colours), _as_measured(colours)],
    }
    groups = list(dict.fromkeys(point.group for point in points))
    return {
        "data": [
            _group(name, i, [p for p in points if p.group == name], colours)
            for i, name in enumerate(groups)
        ],
        "layout": layout,
    }


def _group(name: str, index: int, points: Sequence[LawPoint], colours: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [point.predicted_over_measured for point in points],
        "y": [point.card for point in points],
        "marker": {
            "size": 8,
            "opacity": 0.75,
            "symbol": SYMBOLS[index % len(SYMBOLS)],
            "color": colours.line(index),
        },
        "text": [point.label for point in points],
        "customdata": [formats.times(point.predicted_over_measured) for point in points],
        "hovertemplate": "%{y}, %{text}: %{customdata} the measured time<extra></extra>",
    }


def _range(factor: float, colours: Palette) -> dict[str, Any]:
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": 1 / factor,
        "x1": factor,
        "y0": 0,
        "y1": 1,
        "fillcolor": colours.grid,
        "opacity": 0.5,
        "line": {"width": 0},
        "layer": "below",
    }


def _as_measured(colours: Palette) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": 1,
        "x1": 1,
        "y0": 0,
        "y1": 1,
        "line": {"color": colours.ink, "width": 1.5},
        "layer": "below",
    }
