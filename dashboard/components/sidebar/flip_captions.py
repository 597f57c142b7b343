"""The values at which the answer changes, marked at the controls that turn them."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from core.decide.flips.flips import Flip
from core.money import DOLLARS
from core.scenario import Scenario
from dashboard import formats
from dashboard.figures.risk.flip_marks import value_text
from dashboard.state import session
from dashboard.state.inputs import INPUTS, with_numbers

FOUND: Final = "risk/flips"
"""Where the session keeps what was looked for on the page Risk: the question and its flips."""

Found = tuple[Scenario, Mapping[str, tuple[Flip, ...]]]


def show(name: str, scenario: Scenario) -> None:
    """A line under a control, by its URL key or ``price/<option id>``, if there is a mark."""
    stored: Found | None = session.get(FOUND, default=None)
    if stored is None:
        return
    marked = [flip for several in stored[1].values() for flip in several if flip.name == name]
    if marked and still_asked(stored[0], scenario, name):
        st.caption(formats.plain("◆ " + "; ".join(mark_text(flip) for flip in marked)))


def mark_text(flip: Flip) -> str:
    """The mark in few words: "below 15 %: OpenAI 3-small"."""
    way = "from" if flip.rises else "down to"
    return f"{way} {value_text(flip, flip.flips_at, DOLLARS)}: {flip.winner or 'nobody can serve'}"


def still_asked(asked: Scenario, scenario: Scenario, name: str) -> bool:
    """Whether the question is the one that was looked into, but for this one input at most."""
    if asked == scenario:
        return True
    if name in INPUTS:
        entry = INPUTS[name]
        return with_numbers(scenario, {name: entry.of(asked)}) == asked
    return scenario.model_copy(update={"prices": asked.prices}) == asked
