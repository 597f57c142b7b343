"""The buttons over a chart, in one list for every chart: none of them sends anything anywhere.

Plotly's own list has "Share chart...", which uploads the chart and its numbers to Plotly's cloud.
Buttons are named here one by one, so that no later version can bring another.
"""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from dashboard.figures.base.frame import Figure, as_plotly

BUTTONS: Final = (
    ("toImage",),
    ("zoom2d", "pan2d"),
    ("zoomIn2d", "zoomOut2d", "resetScale2d"),
)
"""In groups, as they stand: a picture to keep, what a drag does, nearer and farther."""

NOBODY: Final[dict[str, Any]] = {
    "displaylogo": False,
    "showSendToCloud": False,
    # Nobody to send to, whatever asks.
    "plotlyServerURL": "",
}


def chart_config(figure: Mapping[str, Any]) -> dict[str, Any]:
    """Plotly's configuration of a figure that has the toolbar.

    Its layout may take buttons away (``modebar.remove``); where Plotly is given a list it does
    not look there.
    """
    removed = figure.get("layout", {}).get("modebar", {}).get("remove", ())
    groups = [[button for button in group if button not in removed] for group in BUTTONS]
    return {"modeBarButtons": [group for group in groups if group], **NOBODY}


def still_chart(figure: Figure, key: str, alt: str) -> None:
    """Draw a figure without a toolbar; ``alt`` says what it shows for who cannot see it."""
    config = chart_config(figure) | {"displayModeBar": False}
    st.plotly_chart(as_plotly(figure), theme=None, config=config, key=key, alt=alt)
