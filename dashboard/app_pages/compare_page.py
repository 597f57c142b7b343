"""The first screen: the verdict, the break-even curves, the latencies, the options."""

import streamlit as st

from dashboard.components.compare.cheaper_hint import cheaper_hint, waiting_hint
from dashboard.components.compare.cost_panel import cost_panel, is_dragging
from dashboard.components.compare.day_panel import day_panel
from dashboard.components.compare.latency_panel import latency_panel
from dashboard.components.compare.option_table import option_table
from dashboard.components.compare.streams_panel import streams_panel, streams_waiting
from dashboard.components.compare.verdict_box import verdict, what_would_decide
from dashboard.components.compare.why_panel import why_panel
from dashboard.components.job.corpus_hint import corpus_hint
from dashboard.components.shared import error_boxes
from dashboard.components.usage.load_panel import load_panel
from dashboard.resources import deciding
from dashboard.resources.cached import cached_answer, cached_store
from dashboard.state import session

CHEAPER = "compare/cheaper"


@st.fragment
def board() -> None:
    """Everything that follows the volume; a step of its controls reruns this alone."""
    scenario = session.scenario()
    if not is_dragging():
        session.publish()
    with error_boxes.shown("The comparison needs this to be mended first."):
        curves, snapshot = cached_answer.curves(scenario), cached_answer.snapshot(scenario)
        axis, close = deciding.axis(scenario), snapshot.verdict.too_close
        # Twenty thousand samples a step would make the slider slow: they wait for its end.
        sure = None if is_dragging() else deciding.certainty(scenario, decisive=close)
        with st.container(gap="xsmall"):
            # What to relax is looked for in the question itself, many times over.
            relaxed = () if is_dragging() else deciding.relaxed(scenario, snapshot.verdict.winner)
            verdict(snapshot, scenario, sure, relaxed)
            cost, latency = st.columns([1.5, 1], gap="medium")
            with cost:
                cost_panel(curves, snapshot, scenario, axis)
            with latency:
                latency_panel(
                    snapshot,
                    scenario.options,
                    scenario.objective.slo_p95_s,
                    cached_store.measurements().values(),
                )
            corpus_hint(snapshot, scenario)
            # Below the charts: what comes and goes here moves nothing under the finger.
            what_would_decide(snapshot, sure)
            if is_dragging():
                waiting_hint(CHEAPER)
                streams_waiting(scenario)
            else:
                cheaper = deciding.cheaper(scenario, snapshot.verdict.winner)
                cheaper_hint(cheaper.all, scenario, CHEAPER)
                streams_panel(*deciding.streams(scenario), scenario)
            why_panel(snapshot, curves)
            option_table(snapshot, scenario, sure)
            day_panel(curves, snapshot, scenario)


# Without a catalogue there is nothing to compare; the router has said so.
if session.known().list_prices:
    board()
    load_panel()
