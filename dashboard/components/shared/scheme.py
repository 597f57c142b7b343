"""Which colours are in force: the reader's choice of light or dark."""

import streamlit as st

from dashboard.figures.base.palette import Palette, palette


def colours() -> Palette:
    """The palette of the scheme that the browser shows."""
    return palette(dark=st.context.theme.type == "dark")
