"""The answer, first on the page."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from core.decide.advice.recommend_result import Relaxation, said_of_relaxations
from core.decide.result.risk_result import Certainty
from core.decide.result.snapshot import Snapshot
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.compare.certainty_text import decisive_text, how_sure
from dashboard.components.compare.model_change import model_change_text
from dashboard.components.compare.verdict_text import verdict_text

QUERIES_ALONE: Final = (
    "This is of the queries alone. Who answers them and embeds the documents stands below the "
    "charts."
)


def verdict(
    snapshot: Snapshot,
    scenario: Scenario,
    certainty: Certainty | None = None,
    relaxed: Sequence[Relaxation] = (),
) -> None:
    """What to use, what it costs, where that stops being so, and how sure it is."""
    text = verdict_text(snapshot, scenario)
    with st.container(gap="xxsmall"):
        st.markdown(f"## {formats.plain(text.headline)}")
        if (sure := how_sure(snapshot, certainty)) != "":
            st.caption(formats.plain(sure))
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


def what_would_decide(snapshot: Snapshot, certainty: Certainty | None) -> None:
    """What to find out where it is too close to call; nothing where it is not."""
    for sentence in decisive_text(snapshot.verdict, certainty):
        st.markdown(formats.plain(sentence))
