"""The buttons over a chart, in one list for every chart: none of them sends anything anywhere.

Plotly's own list has "Share chart...", which uploads the chart and its numbers to Plotly's cloud.
Buttons are named here one by one, so that no later version can bring another.
"""

from typing import Any, Final

import streamlit as st

from dashboard.figures.build import Figure, as_plotly

BUTTONS: Final = (
    ("toImage",),
    ("zoom2d", "pan2d"),
    ("zoomIn2d", "zoomOut2d", "resetScale2d"),
)
"""In groups, as they stand: a picture to keep, what a drag does, nearer and farther."""

CHART_CONFIG: Final[dict[str, Any]] = {
    "modeBarButtons": BUTTONS,
    "displaylogo": False,
    "showSendToCloud": False,
    # Nobody to send to, whatever asks.
    "plotlyServerURL": "",
}
"""Plotly's configuration of a chart that has the toolbar."""

QUIET_CONFIG: Final[dict[str, Any]] = CHART_CONFIG | {"displayModeBar": False}
"""The same for a chart without."""


def still_chart(figure: Figure, key: str, alt: str) -> None:
    """Draw a figure without a toolbar; ``alt`` says what it shows for who cannot see it."""
    st.plotly_chart(as_plotly(figure), theme=None, config=QUIET_CONFIG, key=key, alt=alt)
