"""A million samples behind a button, with progress and a way to stop."""

from functools import partial
from typing import Final

import streamlit as st

from core.decide.result.risk_result import LongRun
from core.scenario import Scenario
from dashboard.components.risk import risk_tables
from dashboard.components.shared.chart import download, shown_table
from dashboard.resources import deciding
from dashboard.state import session
from dashboard.state.own_ranges import own_ranges

FOUND: Final = "risk/long"


def show(scenario: Scenario, *, at_horizon: bool) -> None:
    """The button, the run, and its figures with their errors."""
    asked = (scenario, own_ranges(), at_horizon)
    stored: tuple[object, LongRun] | None = session.get(FOUND, default=None)
    run = stored[1] if stored is not None and stored[0] == asked else None
    with st.container(horizontal=True, vertical_alignment="center"):
        start = st.button("A million samples", icon=":material/casino:", key="risk/long/start")
        stop = st.empty()
    if start:
        stop.button("Stop", icon=":material/stop:", key="risk/long/stop")
        bar = st.progress(0.0)
        for run in deciding.long_run(scenario, at_horizon=at_horizon):
            # Kept at every batch: a click on Stop ends this run of the page and loses nothing.
            session.put(FOUND, (asked, run))
            bar.progress(min(1.0, run.done / run.planned), f"{run.done:,} samples")
        bar.empty()
        stop.empty()
    if run is not None:
        labels = {name: name for name, _ in run.chances}
        labels |= deciding.labels_of(scenario)
        st.markdown(f"From {run.done:,} samples:")
        shown_table(
            risk_tables.long_run(run, labels), "risk/long", "Figures of the long run",
            {"Value": st.column_config.NumberColumn(format="%.4g")},
        )  # fmt: skip
        download(partial(risk_tables.long_run, run, labels), "risk/long")
