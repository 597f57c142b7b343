"""What could change the answer, and what to measure first."""

import streamlit as st

from dashboard import formats
from dashboard.components.risk import flips_panel, long_run_panel, risk_ranges
from dashboard.components.risk.risk_panel import show_answer, show_chances, show_inputs
from dashboard.components.risk.risk_text import narrowing_text
from dashboard.components.shared import error_boxes
from dashboard.resources import deciding
from dashboard.state import session

NOW, LATER = "Volume now", "Volume at the horizon"

if session.known().list_prices:
    scenario = session.scenario()
    with error_boxes.shown("The risks cannot be shown until this is mended."):
        believed, complaints = deciding.believed(scenario)
        answer = st.container()
        when = st.segmented_control(
            "Volume", [NOW, LATER], default=NOW, required=True, key="risk/when",
            label_visibility="collapsed",
        )  # fmt: skip
        found = deciding.risk(scenario, at_horizon=when == LATER)
        axis = deciding.axis(scenario)
        with answer:
            show_answer(found, axis, scenario)
            for sentence in narrowing_text(believed):
                st.success(formats.plain(sentence), icon=":material/compress:")
        show_chances(found, axis)
        show_inputs(found)
        risk_ranges.show(believed, complaints)
        long_run_panel.show(scenario, at_horizon=when == LATER)
        flips_panel.show(scenario)
