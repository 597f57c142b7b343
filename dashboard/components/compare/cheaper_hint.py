"""A cheaper one is in the catalogue: said where the answer is, and added with one click."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from core.decide.advice.recommend_result import Cheaper
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.sidebar import machine_picker
from dashboard.state import session

WAITING: Final = "Whether a cheaper one is in the catalogue is looked for once the volume rests."


def cheaper_hint(cheaper: Sequence[Cheaper], scenario: Scenario, key: str) -> None:
    """A sentence with its button for each; nothing where there is none.

    The button asks for a whole run: the options stand in the sidebar, outside of any fragment, and
    the sentence is gone once its option is among them.
    """
    session.put(_lines(key), len(cheaper))
    for each in cheaper:
        again = "/again" if each.embeds_again else ""
        _hint(each, scenario, f"{key}{again}/hybrid" if each.is_hybrid else f"{key}{again}")


def waiting_hint(key: str) -> None:
    """The room of what stood there, so that nothing moves under the finger, and why it is gone.

    The search takes as long as several steps of the volume.
    """
    for line in range(session.get(_lines(key), 0)):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(WAITING, width="content")
            st.button("Compare it", icon=":material/add:", key=f"{key}/{line}", disabled=True)


def _lines(key: str) -> str:
    return f"{key}/lines"


def _hint(cheaper: Cheaper, scenario: Scenario, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(formats.plain(formats.amounts(cheaper.sentence)), width="content")
        if st.button(
            "Compare it",
            icon=":material/add:",
            key=key,
            disabled=machine_picker.is_full(scenario),
            help=machine_picker.why_full(scenario),
        ):
            machine_picker.add(cheaper.row.option.id)
            st.rerun()
