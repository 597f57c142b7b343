"""Cost over volume: one line an option, its steps exact, every meeting marked."""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.decide.result.curves import Curves
from core.decide.result.snapshot import Snapshot
from dashboard import formats
from dashboard.figures.base.axes import log_axis, money_tick
from dashboard.figures.base.frame import FONT_PX, Figure, frame
from dashboard.figures.base.palette import Palette
from dashboard.figures.compare.cost_bands import band_traces
from dashboard.figures.compare.cost_lines import Line
from dashboard.figures.compare.cost_marks import (
    ceilings,
    crossing_dots,
    crossing_labels,
    line_labels,
)
from dashboard.figures.compare.cost_view import CostView, View
from dashboard.figures.compare.crossings import Mark, labelled

__all__ = ["CostView", "View", "cost_figure", "with_horizon"]

USUAL_WINDOW: Final = (1e7, 1e13)
"""Tokens/month that the axis shows at least; it grows by whole decades to hold what matters."""
MARGIN_PX: Final = {"l": 8, "r": 148, "t": 14, "b": 8}
NARROW_PX: Final = {"l": 8, "r": 12, "t": 14, "b": 8}
AXIS_PX: Final = 44
"""Height of the axis with its ticks and title."""
LOWEST_USD: Final = {"month": 1.0, "mtok": 1e-4}
"""Below this no line is worth its ink, unless all of them are there."""


def cost_figure(curves: Curves, snapshot: Snapshot, look: CostView) -> Figure:
    """The chart of all priced options over the volume; the user's own volume is not part of it."""
    priced = [
        (i, curve)
        for i, curve in enumerate(curves.curves)
        if curve.cost is not None and curve.usd_per_month is not None
    ]
    window = _window(snapshot, look.marks)
    lines = [Line.of(i, curve, curves.tokens_per_month, window, look) for i, curve in priced]
    y_range = _y_range(lines, look.view)
    plot_px = look.height_px - MARGIN_PX["t"] - MARGIN_PX["b"] - AXIS_PX
    traces = band_traces(lines, look)
    traces += [trace for line in lines for trace in line.traces(look)]
    traces += ceilings(lines, look)
    traces.append(crossing_dots(look))
    named = crossing_labels(look, window)
    on_telephone = crossing_labels(look, window, narrow=True)
    layout = frame(look.height_px, look.palette) | {
        "margin": MARGIN_PX,
        "showlegend": False,
        "modebar": {"remove": ["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d"]},
        # Under the mouse a billion is B, as everywhere here, and not SI's G.
        "xaxis": log_axis(*window, formats.compact, look.palette, "tokens per month")
        | {"exponentformat": "B"},
        "yaxis": log_axis(
            *y_range,
            money_tick,
            look.palette,
            f"{formats.money().code} per {'month' if look.view == 'month' else '1M tokens'}",
        )
        # Read by the text for screen readers and the value at the slider; the ticks have texts.
        | {"tickprefix": formats.money().sign},
        # A zoom made by hand belongs to the quantity it was made on.
        "uirevision": look.view,
        "annotations": [*line_labels(lines, y_range, plot_px, look), *named],
        # On a telephone a legend below takes the place of the names beside the lines.
        "meta": {"narrow": {"showlegend": True, "annotations": on_telephone, "margin": NARROW_PX}},
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


def _window(snapshot: Snapshot, marks: Sequence[Mark]) -> tuple[float, float]:
    """Range of the volume axis: the usual one, grown by decades to hold volume and meetings."""
    volumes = [snapshot.tokens_per_month, snapshot.tokens_per_month_at_horizon]
    volumes += [mark.tokens_per_month for mark in labelled(tuple(marks))]
    low, high = USUAL_WINDOW
    return (
        min(low, 10.0 ** math.floor(math.log10(max(min(volumes), 1.0)) - 0.1)),
        max(high, 10.0 ** math.ceil(math.log10(max(*volumes, 1.0)) + 0.1)),
    )


def _y_range(lines: Sequence[Line], view: View) -> tuple[float, float]:
    """Range of the cost axis, in whole half decades."""
    drawn = [line.y[np.isfinite(line.y) & (line.y > 0)] for line in lines]
    values = np.concatenate([part for part in drawn if part.size] or [np.array([1.0, 10.0])])
    floor = LOWEST_USD[view] if values.max() > 10 * LOWEST_USD[view] else values.min()
    low, high = max(floor, values.min()), values.max()
    if view == "mtok":
        # Hosting a handful of tokens costs thousands per million: true, and of no interest.
        cheapest = min((float(line.y.min()) for line in lines), default=low)
        high = min(high, 1e3 * max(low, cheapest))
    low_exponent = math.floor(2 * math.log10(low)) / 2
    high_exponent = math.ceil(2 * math.log10(high) + 0.1) / 2
    return 10.0**low_exponent, 10.0 ** max(high_exponent, low_exponent + 1)


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
