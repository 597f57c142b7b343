"""How often each option is the cheapest, along the volume axis."""

import math
from typing import Any, Final

import numpy as np

from core.decide.result.risk_result import Axis
from dashboard import formats
from dashboard.figures.base.axes import log_axis
from dashboard.figures.base.frame import FONT_PX, Figure, frame
from dashboard.figures.base.palette import Palette

HEIGHT_PX: Final = 320
PERCENT: Final = 100.0


def chances_figure(axis: Axis, tokens_per_month: float, colours: Palette) -> Figure:
    """Stacked shares of the samples in which each option is the cheapest; your volume marked."""
    x = axis.tokens_per_month
    drawn = [row for row in range(len(axis.labels)) if axis.chances[row].max() > 0]
    low, high = min(float(x[0]), tokens_per_month), max(float(x[-1]), tokens_per_month)
    return {
        "data": [_area(axis, row, colours) for row in drawn],
        "layout": frame(HEIGHT_PX, colours)
        | {
            "hovermode": "x",
            "showlegend": True,
            "legend": {"orientation": "h", "x": 0, "y": -0.22, "yanchor": "top"},
            "xaxis": log_axis(low, high, formats.compact, colours, "tokens per month")
            | {"exponentformat": "B"},
            "yaxis": {
                "range": [0, PERCENT],
                "ticksuffix": " %",
                "title": {"text": "cheapest", "font": {"size": FONT_PX, "color": colours.muted}},
                "gridcolor": colours.grid,
                "tickfont": {"color": colours.muted},
                "automargin": True,
            },
            "shapes": [_yours(tokens_per_month, colours)],
            "annotations": [_yours_note(tokens_per_month, colours)],
        },
    }


def _area(axis: Axis, row: int, colours: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": axis.labels[row],
        "x": axis.tokens_per_month,
        "y": np.round(axis.chances[row] * PERCENT, 2),
        "stackgroup": "chance",
        "line": {"width": 0.8, "color": colours.line(row)},
        "fillcolor": colours.line(row),
        "hovertemplate": f"{axis.labels[row]}: %{{y:.0f}} %<extra></extra>",
    }


def _yours(volume: float, colours: Palette) -> dict[str, Any]:
    line = {"color": colours.ink, "width": 2}
    ends = {"x0": volume, "x1": volume, "y0": 0, "y1": 1}
    return {"type": "line", "xref": "x", "yref": "paper", **ends, "line": line}


def _yours_note(volume: float, colours: Palette) -> dict[str, Any]:
    return {
        "x": math.log10(volume),
        "yref": "paper",
        "y": 1.0,
        "yanchor": "top",
        "xanchor": "left",
        "xshift": 4,
        "showarrow": False,
        "bgcolor": colours.page,
        "text": f"<b>yours: {formats.compact(volume)}</b>",
        "font": {"size": FONT_PX - 1, "color": colours.ink},
    }
