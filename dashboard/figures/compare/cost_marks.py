"""What is marked on the break-even chart: names of the lines, meetings, rate limits."""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.units import TOKENS_PER_MTOK
from dashboard import formats
from dashboard.figures.base.frame import FONT_PX
from dashboard.figures.base.spread import spread
from dashboard.figures.compare.cost_lines import Line
from dashboard.figures.compare.cost_view import CostView, View
from dashboard.figures.compare.crossings import Mark, describe, labelled, wrapped

LABEL_GAP_PX: Final = 14.0
SET_LEFT_FROM: Final = 0.75
"""Share of the axis from which on a name is set to the left of its point."""
NARROW_LEFT_FROM: Final = 0.6
"""The same on a telephone, where a name of 100 px takes more of the axis."""


def line_labels(
    lines: Sequence[Line], y_range: tuple[float, float], plot_px: float, look: CostView
) -> list[dict[str, Any]]:
    """Names beside the right ends of the lines, in their colours, none over another."""
    low, high = math.log10(y_range[0]), math.log10(y_range[1])
    gap = LABEL_GAP_PX / plot_px * (high - low)
    ends = [math.log10(max(float(line.y[-1]), 1e-300)) for line in lines]
    return [
        {
            "name": "line-label",
            "xref": "paper",
            "x": 1.006,
            "xanchor": "left",
            "yref": "y",
            "y": y,
            "yanchor": "middle",
            "showarrow": False,
            "text": _bold(
                formats.short(line.curve.option.label), line.curve.option.id in look.emphasised
            ),
            "font": {"size": FONT_PX - 0.5, "color": look.palette.line(line.index)},
        }
        for line, y in zip(lines, spread(ends, gap, low, high), strict=True)
    ]


def _bold(text: str, strong: bool) -> str:  # noqa: FBT001 -- reads as what it is
    return f"<b>{text}</b>" if strong else text


def ceilings(lines: Sequence[Line], look: CostView) -> list[dict[str, Any]]:
    """Marks where an API's entry rate limit binds in the busy hour."""
    limited = [
        line
        for line in lines
        if (ceiling := line.curve.option.ceiling_tokens_per_month) is not None
        and line.x[0] < ceiling < line.x[-1]
    ]
    if not limited:
        return []
    ceilings = np.array([line.curve.option.ceiling_tokens_per_month for line in limited], float)
    heights = [
        float(np.interp(ceiling, line.x, line.y))
        for line, ceiling in zip(limited, ceilings, strict=True)
    ]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "rate limits",
            "showlegend": False,
            "x": ceilings,
            "y": np.array(heights),
            "marker": {
                "symbol": "line-ns-open",
                "size": 13,
                "line": {"width": 2},
                "color": [look.palette.line(line.index) for line in limited],
            },
            "text": [
                f"{line.curve.option.label}: limit of "
                f"{line.curve.option.ceiling_reason.replace('_', ' ')} at "
                f"{formats.tokens_per_month(ceiling)}"
                for line, ceiling in zip(limited, ceilings, strict=True)
            ],
            "hovertemplate": "%{text}<extra></extra>",
        }
    ]


def crossing_dots(look: CostView) -> dict[str, Any]:
    """Every mark as a ring; filled where the lead changes."""
    x = np.array([mark.tokens_per_month for mark in look.marks])
    y = np.array([_height(mark, look.view) for mark in look.marks])
    fills = [look.palette.ink if mark.lead_changes else look.palette.page for mark in look.marks]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "crossings",
        "showlegend": False,
        "x": x,
        "y": y,
        "marker": {
            "size": 8,
            "color": fills,
            "line": {"width": 1.5, "color": look.palette.ink},
        },
        "text": [describe(mark) for mark in look.marks],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _height(mark: Mark, view: View) -> float:
    per_mtok = mark.usd_per_month / mark.tokens_per_month * TOKENS_PER_MTOK
    return formats.money().of(mark.usd_per_month if view == "month" else per_mtok)


def crossing_labels(
    look: CostView, window: tuple[float, float], *, narrow: bool = False
) -> list[dict[str, Any]]:
    """Names of the most important marks; ``narrow``: as a telephone has room for them."""
    low, high = math.log10(window[0]), math.log10(window[1])
    left_from = NARROW_LEFT_FROM if narrow else SET_LEFT_FROM

    def far_right(mark: Mark) -> bool:
        return math.log10(mark.tokens_per_month) > low + left_from * (high - low)

    def near_right(mark: Mark) -> bool:
        # A cost per token falls to the right: there the room under a meeting is on its left.
        return (look.view == "mtok" and mark.lead_changes) or far_right(mark)

    def down_px(mark: Mark) -> int:
        if narrow and look.view == "month" and far_right(mark):
            return -44  # Below it, set left, it would lie over the name of the meeting before.
        return 44 if mark.lead_changes else -30

    return [
        {
            "name": "crossing-label",
            "x": math.log10(mark.tokens_per_month),
            "y": math.log10(_height(mark, look.view)),
            # The room below the envelope is empty; meetings above it are named above.
            "ax": -14 if near_right(mark) else 14,
            "ay": down_px(mark),
            "xanchor": "right" if near_right(mark) else "left",
            "align": "left",
            "arrowwidth": 1,
            "arrowhead": 0,
            "arrowcolor": look.palette.muted,
            "text": f"<b>{formats.compact(mark.tokens_per_month)}</b><br>{wrapped(mark)}",
            "font": {"size": FONT_PX - 1, "color": look.palette.ink},
        }
        for mark in labelled(tuple(look.marks))
    ]
