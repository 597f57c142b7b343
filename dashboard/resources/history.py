"""Runs of the past, for the page: what the store has of them, kept while it is looked at."""

import streamlit as st

from core.probe.sample import Sample
from core.runs.environment import Environment
from core.runs.view import RunView
from core.store.runs import RunState
from dashboard import resources

__all__ = ["Environment", "RunState", "RunView", "delete", "samples"]


def samples(run: RunView) -> list[Sample]:
    """Every sample of a run so far. Raises StoreError or RunError."""
    return resources.runs().samples(run.run_id) if run.live else _finished(run.run_id)


@st.cache_resource(max_entries=8, show_spinner=False)
def _finished(run_id: str) -> list[Sample]:
    """A finished run does not change: a click on its page reads nothing again."""
    return resources.runs().samples(run_id)


def delete(run_id: str) -> None:
    """Delete a finished run for good. Raises RunError or StoreError, and then it is still there."""
    resources.runs().delete(run_id)
    _finished.clear(run_id)
    resources.forget_measurements()
