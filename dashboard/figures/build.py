"""Figures as plain mappings, and the quick way to plotly's own type."""

from typing import Any, Final

import plotly.graph_objects as go

Figure = dict[str, Any]
"""A figure as plotly's JSON has it: "data", a list of traces, and "layout"."""

FONT_PX: Final = 12


def as_plotly(figure: Figure) -> go.Figure:
    """The figure as plotly's type, unchecked: checking ten lines costs ten times the drawing.

    ``_validate`` is not part of plotly's public interface; a test checks every figure of the page
    with validation on, and that this argument still does what is said here.
    """
    return go.Figure(figure, _validate=False)
