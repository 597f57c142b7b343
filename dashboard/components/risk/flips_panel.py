"""One-way sensitivity analysis: the nearest values of inputs that change the answer."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from core.decide.flips.flips import Flip
from core.scenario import Scenario, machine_id
from dashboard import formats
from dashboard.components.risk import risk_tables
from dashboard.components.risk.risk_text import flip_text
from dashboard.components.shared.chart import chart
from dashboard.components.shared.scheme import colours
from dashboard.components.sidebar.flip_captions import FOUND, Found
from dashboard.figures.risk.flip_marks import flips_figure
from dashboard.resources import deciding
from dashboard.state import session
from dashboard.state.inputs import INPUTS


def show(scenario: Scenario) -> None:
    """A button, its progress, and what was found for this question."""
    st.markdown("### What would change my mind")
    stored: Found | None = session.get(FOUND, default=None)
    if stored is None or stored[0] != scenario:
        st.markdown(
            "For each input and price the nearest value at which another option becomes the "
            "cheapest, the model evaluated anew on both sides of it."
        )
        if not st.button("Look for it", icon=":material/search:", key="risk/look"):
            return
        session.put(FOUND, (scenario, _look(scenario)))
        st.rerun()  # the sidebar was drawn before the marks were found
    _show(stored[1])


def _look(scenario: Scenario) -> dict[str, tuple[Flip, ...]]:
    """Vary every input, one at a time. A click on anything else stops it."""
    by_input, bar = {}, st.progress(0.0, "Varying the inputs, one after the other")
    expected = len(INPUTS) + len(set(map(machine_id, scenario.options)))
    for done, (label, flips) in enumerate(deciding.find_flips(scenario), start=1):
        by_input[label] = flips
        bar.progress(min(1.0, done / expected), f"Varied: {formats.plain(label)}")
    bar.empty()
    return by_input


def _show(by_input: Mapping[str, tuple[Flip, ...]]) -> None:
    flips = [flip for several in by_input.values() for flip in several]
    if not flips:
        st.markdown("No value of any single input within its limits changes the answer.")
        return
    chart(
        "Where the answer changes",
        flips_figure(by_input, colours()),
        "risk/flips",
        " ".join(flip_text(flip) for flip in flips),
        partial(risk_tables.flips, flips),
        "Dot: the value now. Diamond: the value from which on another option is the cheapest.",
    )
    st.markdown("\n".join(f"- {formats.plain(flip_text(flip))}" for flip in flips))
    unmoved = [label for label, several in by_input.items() if not several]
    if unmoved:
        with st.expander(f"{len(unmoved)} inputs change nothing, whatever their value"):
            st.markdown(formats.plain(", ".join(unmoved)))
