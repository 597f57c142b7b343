"""What was measured from here: every run, one of them in full, and this machine's engine."""

import streamlit as st

from dashboard.components.engine import engine_section
from dashboard.components.probing.http_sweep_form import sweep_server_form
from dashboard.components.probing.probe_dialog import probe_button
from dashboard.components.runs.history import run_history, run_trend
from dashboard.components.runs.history.run_live import live_run
from dashboard.components.runs.one_run import run_detail
from dashboard.components.shared import error_boxes
from dashboard.resources import probing
from dashboard.resources.cached import cached_store
from dashboard.state import session

with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
    st.title("Latency", width="stretch")
    sweep_server_form()
    probe_button()
st.markdown(
    "What was measured from here. Response time counts from the moment a request was due, "
    "service time from its sending; the first call is kept apart."
)
runs, reason = cached_store.runs_or_reason()
with error_boxes.shown("The history cannot be shown until this is mended."):
    kept = runs.history(run_history.LIMIT) if runs is not None else None
    found = [] if kept is None else list(kept.runs)
    if kept is not None:
        run_history.show_unreadable(kept.unreadable)
    if kept is None:
        st.info("Without the store there is no history to show.", icon=":material/history:")
    elif not found and kept.unreadable:
        st.info("No run can be shown here.", icon=":material/history:")
    elif not found:
        run_history.show_empty(probing.this_machine().missing)
    else:
        left, right = st.columns([1, 2], gap="medium")
        with left:
            wanted = run_history.of_option(found, run_history.option_filter(found))
        with right:
            run = run_history.choose_run(wanted)
        run_history.show_table(wanted)
        run_history.say_if_cut(kept.older)
        slo_p95_s = session.scenario().objective.slo_p95_s
        if run.live:
            live_run(run.run_id, slo_p95_s)
        else:
            run_detail.show_run(run, slo_p95_s)
            run_trend.show_trend(found, run)
engine_section.engine_section()
