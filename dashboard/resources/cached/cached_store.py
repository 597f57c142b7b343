"""The runs, their store, and the newest measurements of each option."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import streamlit as st

from core.errors import BreakevenError
from core.measurement.beside.neighbours import NeighboursFound
from core.measurement.beside.quality_found import MeasuredQuality
from core.measurement.measured import Measurement
from core.runs.secrets.known_secrets import hide
from core.runs.service import Runs
from core.runs.watching.run_view import RunView
from core.settings import Settings, load_settings
from core.store.open import open_store

__all__ = [
    "RunView",
    "Runs",
    "forget_measurements",
    "measured",
    "measurements",
    "runs",
    "runs_or_reason",
    "settings",
]

NEIGHBOURS_FRESH_S: Final = 30.0
"""They are looked for among many runs; one that ends in this session is seen at once."""
RECENT_RUNS: Final = 200
"""Runs among which a comparison of neighbours is looked for."""
MEASUREMENTS_FRESH_S = 2.0
"""For so long the newest runs are not asked of the store again: a slider step does not pay."""


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """The deployment's settings. Raises SettingsError."""
    return load_settings()


@st.cache_resource(show_spinner=False)
def runs() -> Runs:
    """The runs and their store. Raises SettingsError or StoreError."""
    found = settings()
    return Runs(open_store(found), found)


def runs_or_reason() -> tuple[Runs | None, str]:
    """The runs, or None and a sentence that says why nothing can be measured or remembered."""
    try:
        return runs(), ""
    except BreakevenError as error:
        return None, hide(str(error))


@dataclass(frozen=True)
class Measured:
    """What is measured of each option, with a key that changes whenever any figure does."""

    by_option: Mapping[str, Measurement]
    qualities: Mapping[str, MeasuredQuality]
    version: str

    @classmethod
    def of(
        cls,
        by_option: Mapping[str, Measurement],
        qualities: Mapping[str, MeasuredQuality] = MappingProxyType({}),
    ) -> "Measured":
        """The version is of the content: a sweep changes a measurement and leaves its run's id."""
        digest = hashlib.sha256()
        for entries in (by_option, qualities):
            for option_id, entry in sorted(entries.items()):
                digest.update(f"{option_id}\n{entry.model_dump_json()}\n".encode())
            digest.update(b"\n")
        return cls(by_option, qualities, digest.hexdigest())


NOTHING_MEASURED: Final = Measured.of({})


def measurements() -> Mapping[str, Measurement]:
    """The newest finished run of each option; empty where there is no store."""
    return measured().by_option


def measured() -> Measured:
    """The same with its version; nothing where there is no store."""
    try:
        return _measured()
    except BreakevenError:
        return NOTHING_MEASURED


@st.cache_resource(ttl=MEASUREMENTS_FRESH_S, show_spinner=False)
def _measured() -> Measured:
    return Measured.of(runs().measurements(), runs().qualities())


def neighbours_between(model_a: str, model_b: str) -> NeighboursFound | None:
    """The newest comparison of these two models' neighbours, in either order; None: there is none.

    An empty store, or none at all, has none.
    """
    try:
        overlaps = _neighbours()
    except BreakevenError:
        return None
    return overlaps.get(frozenset((model_a, model_b)))


@st.cache_resource(ttl=NEIGHBOURS_FRESH_S, show_spinner=False)
def _neighbours() -> Mapping[frozenset[str], NeighboursFound]:
    """By the two models, the newest first to be kept."""
    newest: dict[frozenset[str], NeighboursFound] = {}
    for run in runs().recent(RECENT_RUNS):
        # Of a run from a file nobody here knows the texts: it says nothing of one's own.
        own = run.neighbours if run.imported_from is None else None
        for one in own.found if own is not None else ():
            newest.setdefault(frozenset((one.model_a, one.model_b)), one)
    return newest


def forget_measurements() -> None:
    """Ask the store again at the next call: a run has ended or was deleted."""
    _measured.clear()
    _neighbours.clear()
