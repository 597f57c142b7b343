"""The sidebar alone, with a switch that asks nothing and a button that changes the question."""

import streamlit as st

from core.scenario import Scenario
from dashboard.components.shared import error_boxes
from dashboard.components.sidebar import sidebar_controls
from dashboard.resources.cached import cached_catalogue
from dashboard.state import session
from dashboard.state.inputs import with_numbers


def twice_the_tokens(now: Scenario) -> Scenario:
    """A change from elsewhere than the control."""
    return with_numbers(now, {"t": 2 * now.workload.tokens_per_request})


session.begin(cached_catalogue.known(), "")
sidebar_controls.sidebar()
st.toggle("Only how it looks", key="look")
st.button("Twice", key="twice", on_click=session.change, args=(twice_the_tokens,))
error_boxes.show_reports(session.reports())
