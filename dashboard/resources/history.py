"""Runs of the past, for the page: what the store has of them, kept while it is looked at."""

from collections.abc import Callable
from enum import Enum, auto

import streamlit as st

from core.errors import UnreadableRunError
from core.probe.findings.ways_to_fail import ways_to_fail
from core.probe.records.sample import Sample
from core.runs.surroundings.environment import Environment
from core.runs.watching.run_view import RunView
from core.store.runs import RunState, UnreadableRun
from dashboard.resources.cached import cached_store

__all__ = [
    "Action",
    "Environment",
    "RunState",
    "RunView",
    "UnreadableRun",
    "Use",
    "adopt",
    "delete",
    "release",
    "samples",
    "samples_or_fault",
    "use_of",
    "ways_to_fail",
]

Action = Callable[..., None]


class Use(Enum):
    """Whether a run measures an option."""

    ADOPTED = auto()
    """A person chose it."""
    NEWEST = auto()
    NOT_USED = auto()


def samples(run: RunView) -> list[Sample]:
    """Every sample of a run so far. Raises StoreError or RunError."""
    return cached_store.runs().samples(run.run_id) if run.live else _finished(run.run_id)


def samples_or_fault(run: RunView) -> tuple[list[Sample], str]:
    """The samples, or none and a sentence where this version cannot read them."""
    try:
        return samples(run), ""
    except UnreadableRunError as error:
        return [], str(error)


@st.cache_resource(max_entries=8, show_spinner=False)
def _finished(run_id: str) -> list[Sample]:
    """A finished run does not change: a click on its page reads nothing again."""
    return cached_store.runs().samples(run_id)


def use_of(run_id: str, option_id: str) -> Use:
    """Whether this run measures the option. Raises StoreError."""
    if cached_store.runs().adoptions().get(option_id) == run_id:
        return Use.ADOPTED
    measured = cached_store.measurements().get(option_id)
    return Use.NEWEST if measured is not None and measured.run_id == run_id else Use.NOT_USED


def adopt(run_id: str, target: int) -> None:
    """Let this run measure the option of its target. Raises RunError or StoreError."""
    cached_store.runs().adopt(run_id, target)
    cached_store.forget_measurements()


def release(option_id: str) -> None:
    """Let the newest run measure the option again. Raises StoreError."""
    cached_store.runs().release(option_id)
    cached_store.forget_measurements()


def delete(run_id: str) -> None:
    """Delete a finished run for good. Raises RunError or StoreError, and then it is still there."""
    cached_store.runs().delete(run_id)
    _finished.clear(run_id)
    cached_store.forget_measurements()
