"""The answer, first on the page."""

import streamlit as st

from core.decide.result import Snapshot
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.verdict_text import verdict_text


def verdict(snapshot: Snapshot, scenario: Scenario) -> None:
    """What to use, what it costs, and where that stops being so."""
    text = verdict_text(snapshot, scenario)
    with st.container(gap="xxsmall"):
        st.markdown(f"## {formats.plain(text.headline)}")
        if text.reasons:
            st.markdown(formats.plain(" ".join(text.reasons)))
