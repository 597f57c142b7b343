"""Cost against latency of the feasible options, with intervals, the front drawn."""

import math
from collections.abc import Sequence
from typing import Any, Final

from core.decide.advice.recommend_result import ParetoPoint
from core.units import MS_PER_S
from dashboard import formats
from dashboard.figures.base.axes import log_axis, money_tick
from dashboard.figures.base.frame import FONT_PX, Figure, frame
from dashboard.figures.base.palette import Palette
from dashboard.figures.base.time_axis import objective_line, time_axis

HEIGHT_PX: Final = 340
SYMBOLS: Final = {"measured": "circle", "predicted": "circle-open", "published": "diamond-open"}
SMALLEST_PX: Final = 9.0
LARGEST_PX: Final = 24.0


def pareto_figure(points: Sequence[ParetoPoint], slo_p95_s: float, colours: Palette) -> Figure:
    """Points whose latency is known; the size tells the quality where it is known."""
    drawn = [point for point in points if point.p95_s is not None]
    times = [point.p95_s for point in drawn if point.p95_s is not None] + [slo_p95_s]
    money = formats.money()
    ends = [max(point.usd_low, 0.01) for point in drawn] + [p.usd_high for p in drawn] or [1, 10]
    costs = [money.of(usd) for usd in ends]
    front = sorted((p for p in drawn if p.on_front), key=lambda p: p.p95_s or 0.0)
    traces = [_front(front, colours)] if len(front) > 1 else []
    scores = [point.quality for point in drawn if point.quality is not None]
    traces += [_point(row, point, scores, colours) for row, point in enumerate(drawn)]
    return {
        "data": traces,
        "layout": frame(HEIGHT_PX, colours)
        | {
            "showlegend": False,
            "xaxis": time_axis(min(times) / 1.6, max(times) * 1.6, colours, "p95 of the response"),
            "yaxis": log_axis(
                max(min(costs), 0.01) / 1.5,
                max(costs) * 1.5,
                money_tick,
                colours,
                f"{money.code} per month",
            ),
            "shapes": [objective_line(slo_p95_s, colours)],
            "annotations": [_name(row, point, colours) for row, point in enumerate(drawn)],
        },
    }


def _front(front: Sequence[ParetoPoint], colours: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [(point.p95_s or 0.0) * MS_PER_S for point in front],
        "y": [formats.money().of(point.row.mean_usd_per_month or 0.0) for point in front],
        "line": {"color": colours.muted, "dash": "dot", "width": 1.5, "shape": "hv"},
        "hoverinfo": "skip",
    }


def _point(
    row: int, point: ParetoPoint, scores: Sequence[float], colours: Palette
) -> dict[str, Any]:
    p95, usd, money = point.p95_s or 0.0, point.row.mean_usd_per_month or 0.0, formats.money()
    low, high = point.p95_low_s or p95, point.p95_high_s or p95
    label = point.row.option.label
    quality = "" if point.quality is None else f", {point.quality_is} {point.quality:.3g}"
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [p95 * MS_PER_S],
        "y": [money.of(usd)],
        "error_x": _whiskers((p95 - low) * MS_PER_S, (high - p95) * MS_PER_S, colours.line(row)),
        "error_y": _whiskers(
            money.of(usd - point.usd_low), money.of(point.usd_high - usd), colours.line(row)
        ),
        "marker": {
            "size": _size(point, scores),
            "symbol": SYMBOLS.get(point.latency_basis, "x"),
            "color": colours.line(row),
            "line": {"width": 2, "color": colours.line(row)},
        },
        "hovertemplate": f"{label}<br>{formats.usd_per_month(usd)}, p95 {formats.duration(p95)} "
        f"({point.latency_basis}){quality}<extra></extra>",
    }


def _size(point: ParetoPoint, scores: Sequence[float]) -> float:
    if point.quality is None or not scores or max(scores) == min(scores):
        return SMALLEST_PX + 2
    share = (point.quality - min(scores)) / (max(scores) - min(scores))
    return SMALLEST_PX + (LARGEST_PX - SMALLEST_PX) * share


def _whiskers(down: float, up: float, colour: str) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [max(up, 0.0)],
        "arrayminus": [max(down, 0.0)],
        "color": colour,
        "thickness": 1.2,
        "width": 4,
    }


def _name(row: int, point: ParetoPoint, colours: Palette) -> dict[str, Any]:
    weight = "<b>{}</b>" if point.on_front else "{}"
    return {
        "x": math.log10((point.p95_s or 1.0) * MS_PER_S),
        "y": math.log10(formats.money().of(max(point.row.mean_usd_per_month or 0.01, 0.01))),
        "xanchor": "left",
        "yanchor": "bottom",
        "xshift": 7,
        "showarrow": False,
        "text": weight.format(formats.short(point.row.option.label)),
        "font": {"size": FONT_PX - 2, "color": colours.line(row)},
    }
