"""A one-off job of a scenario, weighed once for every question."""

import streamlit as st

from core.decide.case import Case
from core.decide.job.job_way import JobAnswer
from core.decide.job.one_off_job import OneOffJob
from core.scenario import Scenario
from dashboard.resources.cached.cached_answer import case, version

ENTRIES = 32


def job(scenario: Scenario) -> JobAnswer:
    """Every way of the catalogue; raises ScenarioError where there is nothing to embed."""
    return _job(scenario, version(), case(scenario))


@st.cache_resource(max_entries=ENTRIES, show_spinner=False)
def _job(
    scenario: Scenario,  # noqa: ARG001 -- part of the cache's key, as is the next
    version: str,  # noqa: ARG001
    _case: Case,
) -> JobAnswer:
    return OneOffJob(_case).answer
