"""Figures as plain mappings, and the quick way to plotly's own type."""

from typing import Any, Final

import plotly.graph_objects as go

from dashboard.figures.base.palette import Palette

Figure = dict[str, Any]
"""A figure as plotly's JSON has it: "data", a list of traces, and "layout"."""

FONT_PX: Final = 12
FONTS: Final = "'Source Sans', sans-serif"
"""Streamlit's own, which the words around a chart are in."""


def frame(height_px: int, colours: Palette, right_px: int = 14) -> Figure:
    """The layout that every figure begins with: its height, its margins, the page's own colours."""
    return {
        "height": height_px,
        "margin": {"l": 8, "r": right_px, "t": 14, "b": 8},
        "font": {"size": FONT_PX, "color": colours.ink, "family": FONTS},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hovermode": "closest",
    }


def plain_axis(title: str, colours: Palette) -> dict[str, Any]:
    """A linear axis in the page's colours."""
    return {
        "title": {"text": title, "font": {"size": FONT_PX, "color": colours.muted}},
        "gridcolor": colours.grid,
        "tickfont": {"color": colours.muted},
        "zeroline": False,
        "automargin": True,
    }


def as_plotly(figure: Figure) -> go.Figure:
    """The figure as plotly's type, unchecked: checking ten lines costs ten times the drawing.

    ``_validate`` is not part of plotly's public interface; a test checks every figure of the page
    with validation on, and that this argument still does what is said here.
    """
    return go.Figure(figure, _validate=False)
