"""What is changed of a typed address, below its field."""

import streamlit as st

from dashboard import formats
from dashboard.resources.reach import recognising


def show_mends(typed: str, wire: str) -> None:
    """A caption where an address is mended; nothing where it is taken as it is."""
    if sentence := recognising.mends_of(typed, wire):
        st.caption(formats.plain(sentence))
