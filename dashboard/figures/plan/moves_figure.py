"""What the moves of a plan cost by the month of the first one: too early, in time, too late."""

from typing import Any, Final

import numpy as np

from core.cost.curve.piecewise import Floats
from dashboard import formats
from dashboard.figures.base.frame import FONT_PX, Figure, frame, plain_axis
from dashboard.figures.base.palette import Palette

HEIGHT_PX: Final = 240


def moves_figure(usd_by_month: Floats, staying_usd: float | None, colours: Palette) -> Figure:
    """Total cost over the month in which the first move is made; staying as a line across."""
    usable = np.isfinite(usd_by_month)
    months = np.flatnonzero(usable) + 1
    usd = usd_by_month[usable]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": "moving in that month",
            "x": months,
            "y": usd,
            "line": {"color": colours.lines[0], "width": 2},
            "marker": {"size": 4},
            "hovertemplate": "moving in month %{x}: $%{y:,.5~r} in all<extra></extra>",
        }
    ]
    if usd.size:
        best = int(np.argmin(usd))
        traces.append(_mark(int(months[best]), float(usd[best]), colours))
    layout: dict[str, Any] = frame(HEIGHT_PX, colours) | {
        "showlegend": False,
        "xaxis": plain_axis("month of the first move", colours),
        "yaxis": plain_axis("USD in all", colours) | {"tickprefix": "$"},
    }
    if staying_usd is not None:
        layout["shapes"] = [_across(staying_usd, colours)]
        layout["annotations"] = [_staying(staying_usd, colours)]
    return {"data": traces, "layout": layout}


def _mark(month: int, usd: float, colours: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "least",
        "x": [month],
        "y": [usd],
        "marker": {"size": 11, "symbol": "diamond", "color": colours.marker},
        "hovertemplate": f"least: month {month}, {formats.usd(usd)} in all<extra></extra>",
    }


def _across(usd: float, colours: Palette) -> dict[str, Any]:
    line = {"color": colours.limit, "width": 1.5, "dash": "dash"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": usd, "y1": usd, "line": line}


def _staying(usd: float, colours: Palette) -> dict[str, Any]:
    return {
        "xref": "paper",
        "x": 1,
        "y": usd,
        "xanchor": "right",
        "yanchor": "bottom",
        "showarrow": False,
        "text": f"staying: {formats.usd(usd)}",
        "font": {"size": FONT_PX - 1, "color": colours.limit},
    }
