"""What others published of the speed of embedding: a row a card with a model, by what was timed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard import formats
from dashboard.figures.base.axes import log_axis
from dashboard.figures.base.frame import FONT_PX, Figure, frame
from dashboard.figures.base.palette import Palette

ROW_PX: Final = 21
AROUND_PX: Final = 120
ROOM: Final = 1.4
SYMBOLS: Final = ("circle", "diamond", "square", "x-thin")
HARDWARE: Final = 16
MODEL: Final = 18
"""Characters of a name that fit beside the chart of a telephone."""


@dataclass(frozen=True, slots=True)
class RatePoint:
    """One published rate, of one card, one vCPU's machine or whatever its source names."""

    hardware: str
    model: str
    kind: str
    """What was timed: over HTTP, in a library, or the model alone."""
    tokens_per_s: float
    """Of one card; of a processor the whole machine."""
    used: bool
    """Whether the comparison goes by it."""
    label: str
    """Server, precision and length of the texts."""

    @property
    def row(self) -> str:
        """Hardware and model, where there is room for little of either."""
        model, hardware = self.model.rpartition("/")[2], self.hardware.removeprefix("NVIDIA ")
        return f"{_cut(hardware, HARDWARE)}{formats.JOINT}{_cut(model, MODEL)}"


def rates_figure(points: Sequence[RatePoint], kinds: Sequence[str], colours: Palette) -> Figure:
    """Rates on a log axis, fastest hardware on top; filled what the comparison goes by."""
    rows = _rows(points)
    rates = [point.tokens_per_s for point in points] or [1.0, 10.0]
    low, high = min(rates) / ROOM, max(rates) * ROOM
    decades = (10.0 ** math.floor(math.log10(low)), 10.0 ** math.ceil(math.log10(high)))
    layout = frame(AROUND_PX + ROW_PX * len(rows), colours) | {
        "hovermode": "closest",
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        "xaxis": log_axis(*decades, formats.compact, colours, "tokens/s, each card"),
        "yaxis": {
            "categoryorder": "array",
            "categoryarray": rows[::-1],
            "tickfont": {"size": FONT_PX - 1, "color": colours.muted},
            "gridcolor": colours.grid,
            "automargin": True,
            "dtick": 1,
        },
    }
    traces = [
        _kind(kind, index, [point for point in points if point.kind == kind], colours)
        for index, kind in enumerate(kinds)
    ]
    return {"data": [trace for trace in traces if trace["x"]], "layout": layout}


def _rows(points: Sequence[RatePoint]) -> list[str]:
    """Hardware by its quickest rate, and of each its models by theirs."""
    of_hardware: dict[str, float] = {}
    of_row: dict[str, tuple[float, str, float]] = {}
    for point in points:
        best = max(of_hardware.get(point.hardware, 0.0), point.tokens_per_s)
        of_hardware[point.hardware] = best
    for point in points:
        rate = max(of_row.get(point.row, (0.0, "", 0.0))[2], point.tokens_per_s)
        of_row[point.row] = (of_hardware[point.hardware], point.hardware, rate)
    return sorted(of_row, key=lambda row: of_row[row], reverse=True)


def _kind(name: str, index: int, points: Sequence[RatePoint], colours: Palette) -> dict[str, Any]:
    symbol = SYMBOLS[index % len(SYMBOLS)]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [point.tokens_per_s for point in points],
        "y": [point.row for point in points],
        "marker": {
            "size": 9,
            "symbol": [symbol if point.used else f"{symbol}-open" for point in points],
            "color": colours.line(index),
            "line": {"width": 1.5, "color": colours.line(index)},
        },
        "text": [f"{point.hardware}, {point.model}<br>{point.label}" for point in points],
        "customdata": [formats.tokens_per_s(point.tokens_per_s) for point in points],
        "hovertemplate": f"%{{text}}<br>%{{customdata}}, {name}<extra></extra>",
    }


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
