"""The part of the probe's form that says whom to ask, and with which key."""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st
from pydantic import SecretStr

from core.probe.records.probe_plan import MOST_RIVALS
from core.scenario import THIS_MACHINE
from dashboard import formats
from dashboard.components.probing.endpoint_fields import more_about
from dashboard.components.probing.recognised_box import recognise_button
from dashboard.components.shared.labels import distinct
from dashboard.components.shared.meant_endpoint import show_mends
from dashboard.resources import probing
from dashboard.resources.cached import cached_store
from dashboard.resources.probing import CUSTOM, Candidate
from dashboard.state import session

FREE_SERVER: Final = "Free, my own server"
PAID: Final = "USD per 1M tokens"


def target_choice() -> Candidate | None:
    """The choice of a target; None while a typed endpoint is incomplete."""
    candidates = {
        entry.option_id: entry for entry in probing.candidates(session.scenario().options)
    }
    names = choice_texts(candidates)
    chosen = st.selectbox(
        "What to probe",
        options=list(names),
        format_func=names.__getitem__,
        key="probe/target",
    )
    if chosen == CUSTOM:
        return typed_target()
    candidate = candidates[chosen]
    if candidate.missing:
        st.warning(formats.plain(candidate.missing), icon=":material/block:")
    return candidate


def rival_choice(
    candidate: Candidate | None, key: SecretStr | None
) -> list[tuple[Candidate, SecretStr | None]]:
    """Targets to compare with, each with its key.

    A typed endpoint can be one of them, and so can the target itself through OpenAI's own client:
    what that costs a call is then the difference.
    """
    own = candidate.option_id if candidate is not None else ""
    candidates = {
        entry.option_id: entry
        for entry in probing.candidates(session.scenario().options)
        if entry.option_id != own and not entry.missing
    }
    by_sdk = probing.through_sdk(candidate) if candidate is not None else None
    if by_sdk is not None:
        candidates[by_sdk.option_id] = by_sdk
    names = choice_texts(candidates)
    chosen = st.multiselect(
        "Compare it with",
        options=list(names),
        format_func=names.__getitem__,
        max_selections=MOST_RIVALS,
        key="probe/rivals",
    )
    rivals: Sequence[Candidate | None] = [
        typed_target("/rival") if name == CUSTOM else candidates[name] for name in chosen
    ]
    return [
        (rival, key if rival is by_sdk else key_for(rival, f"/{rival.option_id}"))
        for rival in rivals
        if rival is not None
    ]


def choice_texts(found: Mapping[str, Candidate]) -> dict[str, str]:
    """What each candidate is called in a choice; with the typed address, where one may be typed."""
    custom = [CUSTOM] if cached_store.settings().allow_custom_base_url else []
    return distinct((*found, *custom), lambda name: _choice_text(found.get(name)))


def _choice_text(candidate: Candidate | None) -> str:
    if candidate is None:
        return "Custom OpenAI-compatible endpoint"
    if candidate.option_id == THIS_MACHINE:
        return f"This machine ({candidate.model.rpartition('/')[2]}, no key, free)"
    if candidate.missing:
        return f"{candidate.label} (cannot be probed yet)"
    if candidate.key_env and probing.key_from_server(candidate.key_env) is None:
        return f"{candidate.label} (needs {candidate.key_env})"
    return candidate.label


def typed_target(name: str = "") -> Candidate | None:
    """The fields of a typed address; None while it is incomplete. ``name`` tells forms apart."""
    base_url = st.text_input(
        "Base address",
        placeholder="https://host/v1 or http://localhost:8080/v1",
        key=f"probe/url{name}",
        max_chars=500,
    )
    recognise_button(name)
    model = st.text_input(
        "Model", placeholder="BAAI/bge-m3", key=f"probe/model{name}", max_chars=200
    )
    paid = st.segmented_control(
        "Price", [FREE_SERVER, PAID], default=FREE_SERVER, required=True, key=f"probe/paid{name}"
    )
    usd_per_mtok = 0.0
    if paid == PAID:
        usd_per_mtok = st.number_input(
            PAID, 0.000001, 1000.0, 0.02, format="%.6g", key=f"probe/price{name}"
        )
    more = more_about(name)
    if not base_url or not model:
        return None
    show_mends(base_url, more.wire)
    return probing.meant_candidate(base_url, model, usd_per_mtok, more)


def key_for(candidate: Candidate, name: str = "") -> SecretStr | None:
    """The key: the server's where it has one, else typed, for this run alone."""
    if candidate.missing or candidate.option_id == THIS_MACHINE:
        return None
    if candidate.remark:
        st.warning(formats.plain(candidate.remark), icon=":material/key_off:")
    if candidate.key_env is not None:
        key = probing.key_from_server(candidate.key_env)
        if key is not None:
            st.caption(f"Key: {candidate.key_env}, as set where this page runs.")
            return key
        st.info(
            f"{candidate.key_env} is not set where this page runs: set it, or type the key.",
            icon=":material/key:",
        )
    typed = st.text_input(
        "API key" if candidate.key_env else "API key, if it needs one",
        type="password",
        help="Goes to this one run and is kept nowhere.",
        key=f"probe/key{name}",
        max_chars=500,
    )
    return SecretStr(typed) if typed else None
