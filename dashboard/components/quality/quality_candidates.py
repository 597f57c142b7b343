"""Who is tested: the first is whom all others are compared with."""

from collections.abc import Collection, Mapping
from typing import Final

import streamlit as st
from pydantic import SecretStr

from core.probe.records.probe_plan import MOST_JUDGED
from dashboard import formats
from dashboard.components.probing.probe_target import choice_texts, key_for, typed_target
from dashboard.resources import probing, quality_tests
from dashboard.resources.probing import CUSTOM, Candidate
from dashboard.resources.quality_tests import Asked
from dashboard.state import session

CHOSEN: Final = "quality/candidates"
TYPED: Final = "/quality"
"""Tells the typed address of this form from those of others."""


def candidates_choice() -> list[Asked]:
    """The chosen ones, each with its key; a typed address counts once it is complete."""
    options = session.scenario().options
    by_id = {one.option_id: one for one in quality_tests.candidates(options)}
    texts = choice_texts(by_id)
    _begin(by_id, {*options}, texts)
    chosen = st.multiselect(
        "Models to test",
        options=list(texts),
        format_func=texts.__getitem__,
        max_selections=MOST_JUDGED,
        placeholder="This machine, your own servers, APIs",
        key=CHOSEN,
        persist_state="session",
        help="All others are compared with the first one. Choose what you use today first.",
    )
    if missing := probing.this_machine().missing:
        st.caption(formats.plain(f"This machine cannot be tested: {missing}"))
    named = [typed_target(TYPED) if name == CUSTOM else by_id[name] for name in chosen]
    complete = [one for one in named if one is not None]
    return [Asked(one, _key(one)) for one in complete]


def _key(one: Candidate) -> SecretStr | None:
    """Its key, asked for under its name: there may be several."""
    if not quality_tests.is_here(one):
        st.markdown(f"**{formats.plain(one.label)}**")
    return key_for(one, f"{TYPED}/{one.option_id}")


def _begin(
    by_id: Mapping[str, Candidate], compared: Collection[str], texts: Collection[str]
) -> None:
    """At first this machine, and what is compared and can be asked at once; later what is left."""
    earlier = session.get(CHOSEN, default=None)
    usual = [
        name
        for name, one in by_id.items()
        if quality_tests.is_here(one) or (name in compared and quality_tests.at_hand(one))
    ]
    still = [name for name in (usual if earlier is None else earlier) if name in texts]
    if still != earlier:
        session.put(CHOSEN, still[:MOST_JUDGED])
