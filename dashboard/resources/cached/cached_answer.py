"""Curves, verdict, inputs and the day of a scenario, computed once.

Over the user's own ranges of what is not known, where the session has any.
"""

from collections.abc import Mapping

import streamlit as st

from core.decide.answer.bill_inputs import inputs_of
from core.decide.answer.day_of_replicas import day_of, exact_response
from core.decide.case import Case
from core.decide.compare import at_volume
from core.decide.compare import curves as compute_curves
from core.decide.result.curves import Curves
from core.decide.result.day_result import DayOfReplicas
from core.decide.result.option import InputUsed, Option
from core.decide.result.snapshot import OptionAtVolume, Snapshot
from core.scenario import Scenario
from dashboard.resources.cached.cached_catalogue import catalog, edition
from dashboard.resources.cached.cached_store import Measured, measured
from dashboard.state.own_ranges import Ranges, own_ranges

__all__ = [
    "asked",
    "case",
    "curves",
    "day",
    "exact_response",
    "inputs",
    "snapshot",
    "version",
]


def inputs(option: Option, scenario: Scenario) -> Mapping[str, InputUsed]:
    """Every input that the bill of an option names, with its value and its origin."""
    return {entry.name: entry for entry in inputs_of(option, case(scenario))}


def day(row: OptionAtVolume, curves: Curves, scenario: Scenario) -> DayOfReplicas | None:
    """An option's replicas hour by hour; None where none runs."""
    bill = next(c.bill for c in curves.curves if c.option.id == row.option.id)
    return day_of(row, bill, case(scenario))


def case(scenario: Scenario) -> Case:
    """The scenario before the catalogue and what was measured; a volume step costs nothing."""
    return asked(scenario)[0].asking(scenario)


def curves(scenario: Scenario) -> Curves:
    """Cost curves of a scenario; its volume plays no part, so a volume step costs nothing."""
    return asked(scenario)[1]


def asked(scenario: Scenario) -> tuple[Case, Curves]:
    """The question without its volume, over the user's own ranges, and its curves."""
    return _asked(scenario.without_volume(), version(), own_ranges(), measured())


def version() -> str:
    """Another text after each measurement and each reading of the catalogue."""
    return f"{measured().version} {edition()}"


@st.cache_resource(max_entries=64, show_spinner=False)
def _asked(
    question: Scenario,
    version: str,  # noqa: ARG001 -- part of the cache's key
    ranges: Ranges,
    _measured: Measured,
) -> tuple[Case, Curves]:
    found = Case(question, catalog(), _measured.by_option, _measured.qualities, ranges)
    return found, compute_curves(found)


def snapshot(scenario: Scenario) -> Snapshot:
    """All options at the scenario's volume, and the verdict."""
    found, drawn = asked(scenario)
    return at_volume(drawn, found.asking(scenario))
