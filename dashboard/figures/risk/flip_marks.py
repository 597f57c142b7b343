"""Each input as a slider with a mark where the answer changes."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.decide.flips.flips import Flip
from core.money import Money
from dashboard import formats
from dashboard.figures.base.frame import FONT_PX, Figure, frame
from dashboard.figures.base.palette import Palette

ROW_PX: Final = 30
FRAME_PX: Final = 70
REACH: Final = 1.3
FARTHEST: Final = 100.0
"""Times the present value (or a part of it) beyond which a mark stands at the edge."""
TICKS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


def value_text(flip: Flip, value: float, currency: Money | None = None) -> str:
    """A value of the flip's input in its unit."""
    if flip.is_price:
        return formats.price(value, flip.price_unit, currency)
    return formats.quantity(value, flip.unit, currency)


def flips_figure(by_label: Mapping[str, Sequence[Flip]], colours: Palette) -> Figure:
    """A track an input, the present value in its middle, the flips as factors of it."""
    rows = [(label, flips) for label, flips in by_label.items() if _factors(flips)]
    rows.reverse()
    labels = [formats.short(label, 36) for label, _ in rows]
    marks = [
        (labels[row], factor, flip)
        for row, (_, flips) in enumerate(rows)
        for flip, factor in zip(flips, _factors(flips), strict=False)
    ]
    reach = max([REACH, *(max(factor, 1 / factor) for _, factor, _ in marks)])
    reach = min(reach, FARTHEST) * REACH
    return {
        "data": [_now(labels, rows, colours), _flips(marks, colours)],
        "layout": frame(FRAME_PX + ROW_PX * max(len(rows), 1), colours)
        | {
            "showlegend": False,
            "hovermode": "closest",
            "xaxis": {
                "type": "log",
                "range": [-math.log10(reach), math.log10(reach)],
                "tickvals": list(TICKS),
                "ticktext": [f"{tick:g}" for tick in TICKS],
                "title": {
                    "text": "times the present value",
                    "font": {"size": FONT_PX, "color": colours.muted},
                },
                "gridcolor": colours.grid,
                "tickfont": {"color": colours.muted},
                "automargin": True,
            },
            "yaxis": {"automargin": True, "showgrid": False, "tickfont": {"color": colours.ink}},
            "shapes": [_track(row, colours) for row in range(len(rows))],
        },
    }


def _factors(flips: Sequence[Flip]) -> list[float]:
    """Where each flip lies over the present value; none where that is 0."""
    return [flip.flips_at / flip.value for flip in flips if flip.value > 0 and flip.flips_at > 0]


def _now(
    labels: Sequence[str], rows: Sequence[tuple[str, Sequence[Flip]]], colours: Palette
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [1.0] * len(labels),
        "y": list(labels),
        "text": [value_text(flips[0], flips[0].value) for _, flips in rows],
        "marker": {"size": 12, "color": colours.marker},
        "hovertemplate": "%{y}: now %{text}<extra></extra>",
    }


def _flips(marks: Sequence[tuple[str, float, Flip]], colours: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [min(max(factor, 1 / FARTHEST), FARTHEST) for _, factor, _ in marks],
        "y": [label for label, _, _ in marks],
        "text": [value_text(flip, flip.flips_at) for _, _, flip in marks],
        "textposition": "top center",
        "textfont": {"size": FONT_PX - 2, "color": colours.muted},
        "customdata": [flip.winner or "nobody" for _, _, flip in marks],
        "marker": {"size": 11, "symbol": "diamond", "color": colours.limit},
        "hovertemplate": "%{y}: from %{text} on %{customdata}<extra></extra>",
    }


def _track(row: int, colours: Palette) -> dict[str, Any]:
    line = {"color": colours.grid, "width": 4}
    ends = {"x0": 0, "x1": 1, "y0": row, "y1": row}
    return {"type": "line", "xref": "paper", "yref": "y", "layer": "below", **ends, "line": line}
