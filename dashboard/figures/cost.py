"""Cost over volume: one line an option, its steps exact, every meeting marked."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from core.decide.result import Curves, OptionCurve, Snapshot
from core.units import TOKENS_PER_MTOK
from dashboard import formats
from dashboard.figures.axes import log_axis
from dashboard.figures.build import FONT_PX, Figure
from dashboard.figures.crossings import Mark, describe, labelled, wrapped
from dashboard.figures.palette import BEYOND_LIMIT, DASHES, Palette
from dashboard.figures.spread import spread

Floats = NDArray[np.float64]
View = Literal["month", "mtok"]

USUAL_WINDOW: Final = (1e7, 1e13)
"""Tokens/month that the axis shows at least; it grows by whole decades to hold what matters."""
DRAWN_POINTS: Final = 200
"""Points of the shared grid that are drawn for each line, besides its steps."""
DRAWN_STEPS: Final = 60
"""Steps drawn exactly. Later ones are under 2 % high, less than a line is thick."""
MARGIN_PX: Final = {"l": 8, "r": 148, "t": 14, "b": 8}
NARROW: Final = {"l": 8, "r": 12, "t": 14, "b": 8}
AXIS_PX: Final = 44
LABEL_GAP_PX: Final = 14.0
LOWEST_USD: Final = {"month": 1.0, "mtok": 1e-4}
"""Below this no line is worth its ink, unless all of them are there."""


@dataclass(frozen=True, slots=True)
class CostView:
    """How the curves are looked at."""

    view: View
    palette: Palette
    height_px: int
    marks: Sequence[Mark]
    emphasised: frozenset[str]
    """Option ids drawn strong: the answer and what it is compared with."""


def cost_figure(curves: Curves, snapshot: Snapshot, look: CostView) -> Figure:
    """The chart of all priced options over the volume; the user's own volume is not part of it."""
    priced = [
        (i, curve)
        for i, curve in enumerate(curves.curves)
        if curve.cost is not None and curve.usd_per_month is not None
    ]
    window = _window(snapshot, look.marks)
    lines = [_Line.of(i, curve, curves.tokens_per_month, window, look) for i, curve in priced]
    y_range = _y_range(lines, look.view)
    traces = [trace for line in lines for trace in line.traces(look)]
    traces += _ceilings(lines, look)
    traces.append(_crossing_dots(look))
    crossing_labels = _crossing_labels(look, window)
    layout = {
        "height": look.height_px,
        "margin": MARGIN_PX,
        "font": {"size": FONT_PX, "color": look.palette.ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hovermode": "closest",
        "showlegend": False,
        "xaxis": log_axis(*window, formats.compact, look.palette, "tokens per month"),
        "yaxis": log_axis(
            *y_range,
            _usd_tick,
            look.palette,
            "USD per month" if look.view == "month" else "USD per 1M tokens",
        ),
        "annotations": [*_line_labels(lines, y_range, look), *crossing_labels],
        # On a telephone a legend below takes the place of the names beside the lines.
        "meta": {"narrow": {"showlegend": True, "annotations": crossing_labels, "margin": NARROW}},
    }
    return {"data": traces, "layout": layout}


def with_horizon(figure: Figure, snapshot: Snapshot, colours: Palette) -> Figure:
    """The figure with the volume at the horizon as a faint line, where growth moves it.

    The user's volume itself is no part of the figure: its marker moves without a new drawing.
    """
    volume, later = snapshot.tokens_per_month, snapshot.tokens_per_month_at_horizon
    if math.isclose(volume, later, rel_tol=1e-9):
        return figure
    note = _top_note(later, f"at the horizon: {formats.compact(later)}", colours.muted)
    layout = figure["layout"]
    narrow = layout["meta"]["narrow"]
    return figure | {
        "layout": layout
        | {
            "shapes": [_vertical(later, colours.muted)],
            "annotations": [*layout["annotations"], note],
            "meta": {"narrow": narrow | {"annotations": [*narrow["annotations"], note]}},
        }
    }


@dataclass(frozen=True, slots=True)
class _Line:
    """An option's drawn points in the view's unit."""

    index: int
    curve: OptionCurve
    x: Floats
    y: Floats
    feasible: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        index: int,
        curve: OptionCurve,
        grid: Floats,
        window: tuple[float, float],
        look: CostView,
    ) -> "_Line":
        assert curve.cost is not None  # noqa: S101 -- the caller draws priced options only
        x, usd = _points(curve, grid, window)
        nearest = np.clip(np.searchsorted(grid, x), 0, len(grid) - 1)
        y = usd if look.view == "month" else usd / x * TOKENS_PER_MTOK
        return cls(index, curve, x, y, curve.feasible[nearest])

    def traces(self, look: CostView) -> list[dict[str, Any]]:
        """A solid stretch where the option can serve, a dotted one where it cannot."""
        option = self.curve.option
        drawn = []
        if self.feasible.any():
            drawn.append(self._trace(look, option.label, self.feasible, DASHES[option.kind], 1.0))
        if not self.feasible.all():
            beyond = f"{option.label} (beyond its limit)"
            drawn.append(self._trace(look, beyond, ~self.feasible, BEYOND_LIMIT, 0.55))
        return drawn

    def _trace(
        self, look: CostView, name: str, where: NDArray[np.bool_], dash: str, opacity: float
    ) -> dict[str, Any]:
        strong = self.curve.option.id in look.emphasised
        suffix = "/month" if look.view == "month" else " per 1M"
        return {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": self.x,
            "y": np.where(where, self.y, np.nan),
            "opacity": opacity,
            "connectgaps": False,
            "showlegend": dash != BEYOND_LIMIT,
            "line": {
                "color": look.palette.line(self.index),
                "dash": dash,
                "width": 2.8 if strong else 1.5,
            },
            "hovertemplate": f"{name}<br>%{{x:.3s}} tokens/month<br>$%{{y:,.4~g}}{suffix}"
            "<extra></extra>",
        }


def _points(curve: OptionCurve, grid: Floats, window: tuple[float, float]) -> tuple[Floats, Floats]:
    """Volumes and costs to draw: part of the grid, and both sides of every step."""
    assert curve.cost is not None  # noqa: S101 -- the caller draws priced options only
    cost, (low, high) = curve.cost, window
    inside = grid[(grid > low) & (grid < high)]
    thinned = inside[:: max(1, len(inside) // DRAWN_POINTS)]
    steps = np.concatenate([cost.upper_tokens, cost.step_tokens * np.arange(1, DRAWN_STEPS + 1)])
    steps = steps[np.isfinite(steps) & (steps > low) & (steps < high)]
    plain = np.unique(np.concatenate([[low], thinned, steps, [high]]))
    x = np.concatenate([plain, steps])
    usd = np.concatenate([cost.at(plain), cost.just_above(steps)])
    # Stable: at a step the lower side stays before the upper one.
    order = np.argsort(x, kind="stable")
    return x[order], usd[order]


def _window(snapshot: Snapshot, marks: Sequence[Mark]) -> tuple[float, float]:
    """Range of the volume axis: the usual one, grown by decades to hold volume and meetings."""
    volumes = [snapshot.tokens_per_month, snapshot.tokens_per_month_at_horizon]
    volumes += [mark.tokens_per_month for mark in labelled(tuple(marks))]
    low, high = USUAL_WINDOW
    return (
        min(low, 10.0 ** math.floor(math.log10(max(min(volumes), 1.0)) - 0.1)),
        max(high, 10.0 ** math.ceil(math.log10(max(*volumes, 1.0)) + 0.1)),
    )


def _y_range(lines: Sequence[_Line], view: View) -> tuple[float, float]:
    """Range of the cost axis, in whole half decades."""
    drawn = [line.y[np.isfinite(line.y) & (line.y > 0)] for line in lines]
    values = np.concatenate([part for part in drawn if part.size] or [np.array([1.0, 10.0])])
    floor = LOWEST_USD[view] if values.max() > 10 * LOWEST_USD[view] else values.min()
    low, high = max(floor, values.min()), values.max()
    if view == "mtok":
        # Hosting a handful of tokens costs thousands per million: true, and of no interest.
        high = min(high, 1e3 * max(low, min(float(line.y.min()) for line in lines)))
    low_exponent = math.floor(2 * math.log10(low)) / 2
    high_exponent = math.ceil(2 * math.log10(high) + 0.1) / 2
    return 10.0**low_exponent, 10.0 ** max(high_exponent, low_exponent + 1)


def _line_labels(
    lines: Sequence[_Line], y_range: tuple[float, float], look: CostView
) -> list[dict[str, Any]]:
    """Names beside the right ends of the lines, in their colours, none over another."""
    low, high = math.log10(y_range[0]), math.log10(y_range[1])
    plot_px = look.height_px - MARGIN_PX["t"] - MARGIN_PX["b"] - AXIS_PX
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


def _ceilings(lines: Sequence[_Line], look: CostView) -> list[dict[str, Any]]:
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
                f"{line.curve.option.label}: entry limit of "
                f"{line.curve.option.ceiling_reason.replace('_', ' ')} at "
                f"{formats.tokens_per_month(ceiling)}"
                for line, ceiling in zip(limited, ceilings, strict=True)
            ],
            "hovertemplate": "%{text}<extra></extra>",
        }
    ]


def _crossing_dots(look: CostView) -> dict[str, Any]:
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
    return mark.usd_per_month if view == "month" else per_mtok


def _crossing_labels(look: CostView, window: tuple[float, float]) -> list[dict[str, Any]]:
    """Names of the most important marks."""
    low, high = math.log10(window[0]), math.log10(window[1])

    def near_right(mark: Mark) -> bool:
        # A cost per token falls to the right: there the room under a meeting is on its left.
        falls = look.view == "mtok" and mark.lead_changes
        return falls or math.log10(mark.tokens_per_month) > low + 0.75 * (high - low)

    return [
        {
            "name": "crossing-label",
            "x": math.log10(mark.tokens_per_month),
            "y": math.log10(_height(mark, look.view)),
            # The room below the envelope is empty; meetings above it are named above.
            "ax": -14 if near_right(mark) else 14,
            "ay": 44 if mark.lead_changes else -30,
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


def _usd_tick(usd: float) -> str:
    return f"${formats.compact(usd, 1)}"


def _vertical(volume: float, colour: str) -> dict[str, Any]:
    line = {"color": colour, "width": 1, "dash": "dot"}
    ends = {"x0": volume, "x1": volume, "y0": 0, "y1": 1}
    return {"type": "line", "xref": "x", "yref": "paper", **ends, "line": line}


def _top_note(volume: float, text: str, colour: str) -> dict[str, Any]:
    return {
        "name": "volume-label",
        "x": math.log10(volume),
        "yref": "paper",
        "y": 1.0,
        "yanchor": "top",
        "xanchor": "left",
        "xshift": 3,
        "showarrow": False,
        "text": f"<b>{text}</b>",
        "font": {"size": FONT_PX - 1, "color": colour},
    }
