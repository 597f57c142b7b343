"""Beside a comparison by the month: the corpus is no part of it, and where it is weighed."""

import streamlit as st

from core.decide.job.corpus_line import corpus_line
from core.decide.result.snapshot import Snapshot
from core.scenario import Scenario
from dashboard import formats

JOB_PAGE = "app_pages/job_page.py"


def corpus_hint(snapshot: Snapshot, scenario: Scenario) -> None:
    """A sentence and a link; nothing where there is no corpus."""
    sentence = corpus_line(scenario.workload.corpus_tokens, snapshot.verdict.winner)
    if not sentence:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(formats.plain(formats.amounts(sentence)), width="content")
        st.page_link(JOB_PAGE, label="Weigh it by every way", icon=":material/task_alt:")
