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
    money = formats.money()
    totals = money.of(usd_by_month[usable])
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": "moving in that month",
            "x": months,
            "y": totals,
            "line": {"color": colours.lines[0], "width": 2},
            "marker": {"size": 4},
            "hovertemplate": f"moving in month %{{x}}: {money.sign}%{{y:,.5~r}} in all"
            "<extra></extra>",
        }
    ]
    if totals.size:
        best = int(np.argmin(totals))
        traces.append(_mark(int(months[best]), float(totals[best]), colours))
    layout: dict[str, Any] = frame(HEIGHT_PX, colours) | {
        "showlegend": False,
        "xaxis": plain_axis("month of the first move", colours),
        "yaxis": plain_axis(f"{money.code} in all", colours) | {"tickprefix": money.sign},
    }
    if staying_usd is not None:
        layout["shapes"] = [_across(money.of(staying_usd), colours)]
        layout["annotations"] = [_staying(money.of(staying_usd), colours)]
    return {"data": traces, "layout": layout}


def _mark(month: int, total: float, colours: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "least",
        "x": [month],
        "y": [total],
        "marker": {"size": 11, "symbol": "diamond", "color": colours.marker},
        "hovertemplate": f"least: month {month}, {formats.amount(total)} in all<extra></extra>",
    }


def _across(total: float, colours: Palette) -> dict[str, Any]:
    line = {"color": colours.limit, "width": 1.5, "dash": "dash"}
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": total,
        "y1": total,
        "line": line,
    }


def _staying(total: float, colours: Palette) -> dict[str, Any]:
    return {
        "xref": "paper",
        "x": 1,
        "y": total,
        "xanchor": "right",
        "yanchor": "bottom",
        "showarrow": False,
        "text": f"staying: {formats.amount(total)}",
        "font": {"size": FONT_PX - 1, "color": colours.limit},
    }
