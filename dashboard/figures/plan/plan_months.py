"""The horizon: what each option costs in each month, and the path through them."""

from typing import Any, Final

import numpy as np

from core.decide.result.plan_result import Plan, PlannedPath
from dashboard import formats
from dashboard.figures.base.axes import log_axis, money_tick
from dashboard.figures.base.frame import FONT_PX, Figure, frame
from dashboard.figures.base.palette import Palette

HEIGHT_PX: Final = 340
LEAST: Final = 0.01
"""What is drawn on a log axis, in the reader's currency."""
"""Below this a month's bill is drawn at the axis: a log axis has no zero."""


def months_figure(plan: Plan, colours: Palette) -> Figure:
    """Monthly cost of every option over the months, log-scaled; the best path drawn thick."""
    months = np.arange(1, plan.months + 1)
    money = formats.money()
    shown = money.of(plan.usd_per_month)
    drawn = np.where(np.isfinite(shown), shown, np.nan)
    named = _named(plan, drawn)
    traces = [
        _line(plan.labels[row], months, usd, colours.line(row), named=row in named)
        for row, usd in enumerate(drawn)
        if np.isfinite(usd).any()
    ]
    annotations = []
    if plan.best is not None:
        traces.append(_path(plan, plan.best, drawn, colours))
        annotations = [
            _note(plan, step.from_month, step.label, drawn, colours)
            for step in (plan.best.steps[1:])
        ]
    usd = drawn[np.isfinite(drawn) & (drawn > LEAST)]
    low, high = (float(usd.min()), float(usd.max())) if usd.size else (1.0, 10.0)
    layout = frame(HEIGHT_PX, colours) | {
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
        "xaxis": {
            "title": {"text": "month", "font": {"size": FONT_PX, "color": colours.muted}},
            "range": [0.5, plan.months + 0.5],
            "gridcolor": colours.grid,
            "tickfont": {"color": colours.muted},
            "zeroline": False,
        },
        "yaxis": log_axis(
            low / 1.5, high * 1.5, money_tick, colours, f"{formats.money().code} per month"
        ),
        "annotations": annotations,
    }
    return {"data": traces, "layout": layout}


def _named(plan: Plan, drawn: Any) -> set[int]:
    """Rows that the legend names: the cheapest of some month, and what some path uses."""
    paths = (plan.best, plan.staying, plan.moving, plan.phases)
    used = {step.option_id for path in paths if path is not None for step in path.steps}
    rows = {row for row, name in enumerate(plan.option_ids) if name in used}
    served = np.isfinite(drawn).any(axis=0)
    return rows | set(np.nanargmin(drawn[:, served], axis=0).tolist() if served.any() else [])


def _line(label: str, months: Any, usd: Any, colour: str, *, named: bool) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": label,
        "x": months,
        "y": np.maximum(usd, LEAST),
        "line": {"color": colour, "width": 1.6 if named else 0.9},
        "opacity": 1.0 if named else 0.6,
        "showlegend": named,
        "hovertemplate": f"{label}<br>month %{{x}}: {formats.money().sign}%{{y:,.4~r}}"
        "<extra></extra>",
    }


def _path(plan: Plan, path: PlannedPath, usd: Any, colours: Palette) -> dict[str, Any]:
    """The months of each step, on the line of its option."""
    rows = {name: row for row, name in enumerate(plan.option_ids)}
    months, height, names = [], [], []
    for step in path.steps:
        for month in range(step.from_month, step.to_month + 1):
            months.append(month)
            height.append(max(float(usd[rows[step.option_id], month - 1]), LEAST))
            names.append(step.label)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "the plan",
        "x": months,
        "y": height,
        "text": names,
        "line": {"color": colours.marker, "width": 4},
        "marker": {"size": 4, "color": colours.marker},
        "opacity": 0.75,
        "hovertemplate": "the plan: %{text}<br>month %{x}: "
        f"{formats.money().sign}%{{y:,.4~r}}<extra></extra>",
    }


def _note(plan: Plan, month: int, label: str, usd: Any, colours: Palette) -> dict[str, Any]:
    row = plan.labels.index(label)
    return {
        "x": month,
        "y": float(np.log10(max(float(usd[row, month - 1]), LEAST))),
        "text": f"<b>month {month}: {formats.short(label)}</b>",
        "showarrow": True,
        "arrowcolor": colours.marker,
        "ax": -30,
        "ay": -34,
        "font": {"size": FONT_PX - 1, "color": colours.marker},
    }
