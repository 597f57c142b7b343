"""A one-off job: what it costs and takes by every way, and what comes afterwards."""

import streamlit as st

from dashboard.components.job.job_inputs import job_inputs, show_empty
from dashboard.components.job.job_panel import show_answer, show_chart, show_ways
from dashboard.components.shared import error_boxes
from dashboard.resources.cached import cached_job
from dashboard.state import session

st.title("One-off job")
if session.known().list_prices:
    scenario = session.scenario()
    job_inputs(scenario)
    with error_boxes.shown("The job cannot be weighed until this is mended."):
        if scenario.workload.corpus_tokens == 0:
            show_empty()
        else:
            answer = cached_job.job(scenario)
            show_answer(answer)
            show_chart(answer)
            show_ways(answer)
