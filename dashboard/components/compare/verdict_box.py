"""The answer, first on the page."""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from core.decide.advice.recommend_result import Relaxation, said_of_relaxations
from core.decide.result.snapshot import Snapshot
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.compare.model_change import model_change_text
from dashboard.components.compare.verdict_text import verdict_text

SURE: Final = 0.95
"""An answer that holds in so many of the samples needs no word on what is not known."""

QUERIES_ALONE: Final = (
    "This is of the queries alone. Who answers them and embeds the documents stands below the "
    "charts."
)


def verdict(
    snapshot: Snapshot,
    scenario: Scenario,
    chances: Mapping[str, float] | None = None,
    relaxed: Sequence[Relaxation] = (),
) -> None:
    """What to use, what it costs, where that stops being so, and how sure it is."""
    text = verdict_text(snapshot, scenario)
    with st.container(gap="xxsmall"):
        st.markdown(f"## {formats.plain(text.headline)}{doubt(snapshot, chances or {})}")
        relaxing(relaxed)
        if text.reasons:
            st.markdown(formats.plain(" ".join(text.reasons)))
        if (change := model_change_text(snapshot)) != "":
            st.caption(formats.plain(change))
        if scenario.document_tokens_per_month > 0:
            st.caption(QUERIES_ALONE)


def relaxing(relaxed: Sequence[Relaxation]) -> None:
    """Where nobody suits, which demand to relax and by how much; nothing where nothing helps."""
    lines = [formats.amounts(line) for line in said_of_relaxations(relaxed)]
    if lines:
        st.markdown("  \n".join(formats.plain(line) for line in lines))


def doubt(snapshot: Snapshot, chances: Mapping[str, float]) -> str:
    """How often the winner is the cheapest with what is not known; "" where that is sure."""
    winner = snapshot.verdict.winner
    chance = chances.get(winner.option.id) if winner else None
    if chance is None or chance >= SURE:
        return ""
    return f" :small[:gray[cheapest in {formats.percent(chance)} of the samples]]"
