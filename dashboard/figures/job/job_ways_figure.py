"""Cost over days, a point a way: what is in time lies left of the deadline, what is cheap below."""

from collections.abc import Sequence
from typing import Any, Final

from core.decide.job.job_way import JobAnswer, JobWay, WayKind
from core.decide.job.job_words import days_words, what
from dashboard import formats
from dashboard.figures.base.axes import log_axis, money_tick
from dashboard.figures.base.frame import Figure
from dashboard.figures.base.palette import Palette
from dashboard.figures.base.run_layout import frame

HEIGHT_PX: Final = 360
CENT_USD: Final = 0.01
"""Where what costs nothing is drawn: a log axis has no 0."""
LOOKS: Final = {
    WayKind.API: (0, "circle"),
    WayKind.BATCH: (1, "square"),
    WayKind.RENTED: (2, "diamond"),
    WayKind.SPOT: (3, "triangle-up"),
    WayKind.PER_SECOND: (4, "pentagon"),
    WayKind.THERE: (5, "hexagon"),
    WayKind.BOUGHT: (6, "cross"),
    WayKind.HERE: (7, "x"),
}
"""Colour and form of each kind: told apart by either."""


def drawn(answer: JobAnswer) -> list[JobWay]:
    """Ways with a price and a time."""
    return [way for way in answer.ways if not way.refusal and way.days and way.usd is not None]


def job_ways_figure(answer: JobAnswer, colours: Palette) -> Figure:
    """Both axes logarithmic; rings are late or not known yet."""
    ways, money = drawn(answer), formats.money()
    costs = [max(CENT_USD, way.mean_usd or 0.0) for way in ways]
    days = [way.days or 0.0 for way in ways]
    kinds = [kind for kind in WayKind if any(way.kind is kind for way in ways)]
    traces = [_points(kind, [w for w in ways if w.kind is kind], colours) for kind in kinds]
    best = answer.best
    if best is not None and best.days:
        traces.append(_star(best, colours))
    low, high = min([*costs, 1.0]), max([*costs, 1.0])
    soon, late = min([*days, answer.ask.days]), max([*days, answer.ask.days])
    return {
        "data": traces,
        "layout": frame(colours, HEIGHT_PX)
        | {
            "xaxis": log_axis(
                soon / 1.5, late * 1.5, _day_tick, colours, "days, from start to end"
            ),
            "yaxis": log_axis(
                money.of(low / 2), money.of(high * 2), money_tick, colours, f"{money.code}, once"
            ),
            "shapes": [_deadline(answer.ask.days, colours)],
        },
    }


def _day_tick(days: float) -> str:
    return f"{days:,.15g}"


def _points(kind: WayKind, ways: Sequence[JobWay], colours: Palette) -> dict[str, Any]:
    """One kind, filled where it is known to suit."""
    index, form = LOOKS[kind]
    colour = colours.line(index)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": kind.value,
        "x": [way.days for way in ways],
        "y": [_height(way) for way in ways],
        "marker": {
            "symbol": [form if way.suits else f"{form}-open" for way in ways],
            "color": colour,
            "size": 8,
        },
        "text": [_hover(way) for way in ways],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _star(way: JobWay, colours: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "cheapest that is known to suit",
        "x": [way.days],
        "y": [_height(way)],
        "marker": {"symbol": "star", "color": colours.marker, "size": 15},
        "text": [_hover(way)],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _height(way: JobWay) -> float:
    return formats.money().of(max(CENT_USD, way.mean_usd or 0.0))


def _hover(way: JobWay) -> str:
    name = formats.in_figure(what(way))
    return f"{name}: {formats.usd(way.mean_usd)}, {days_words(way.days)}"


def _deadline(days: float, colours: Palette) -> dict[str, Any]:
    line = {"color": colours.limit, "width": 1.5, "dash": "dash"}
    return {"type": "line", "yref": "paper", "x0": days, "x1": days, "y0": 0, "y1": 1, "line": line}
