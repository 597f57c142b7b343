"""What can be probed, with which key, at what cost at most: joins catalogue, settings and runs."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import streamlit as st
from pydantic import SecretStr

from core.catalog.schema import PriceUnit, WireFormat
from core.probe.records.probe_plan import ProbePlan
from core.probe.sample_texts import parse_user_texts, sample_texts
from core.runs.spending.worst_case import FREE, Rate, worst_case_usd
from core.runs.starting.candidates import Candidate, api_candidate, this_machine
from core.runs.starting.candidates import custom_candidate as typed
from core.runs.starting.job import Access
from core.runs.starting.key_bindings import with_bound_key
from core.runs.starting.meant_address import meant
from core.runs.starting.typed_fields import fields_of
from core.runs.trust.claims import CUSTOM_PREFIX
from core.runs.trust.origin import destinations
from dashboard.resources.cached import cached_catalogue, cached_store
from dashboard.resources.reach import page_reach

__all__ = [
    "CUSTOM",
    "FORMATS",
    "Candidate",
    "MoreOfEndpoint",
    "candidates",
    "custom_candidate",
    "destinations",
    "format_text",
    "key_from_server",
    "meant_candidate",
    "start",
    "texts",
    "this_machine",
    "through_sdk",
    "worst_case",
]

CUSTOM: Final = "custom"
"""Id of the choice that lets the user type an address."""
FORMATS: Final = {
    WireFormat.OPENAI_COMPATIBLE.value: "OpenAI's /embeddings, as most servers do",
    WireFormat.TEI.value: "Text Embeddings Inference's own /embed",
    WireFormat.OLLAMA.value: "Ollama's own /api/embed",
    WireFormat.COHERE.value: "Cohere's /embed",
    WireFormat.VOYAGE.value: "Voyage's /embeddings",
    WireFormat.HUGGINGFACE.value: "Hugging Face's feature extraction",
    WireFormat.GOOGLE.value: "Google's Gemini API",
}
"""Formats that may be chosen for a typed address, in words."""
SDK: Final = "openai-sdk"
SDK_WIRE: Final = WireFormat.OPENAI_COMPATIBLE


def format_text(wire: str) -> str:
    """A format in words; its name where it has none."""
    return FORMATS.get(wire, wire)


def candidates(options: tuple[str, ...]) -> tuple[Candidate, ...]:
    """This machine first, then the chosen options that are called over the network."""
    targets = [this_machine()]
    for option_id in options:
        offer = cached_catalogue.catalog().find_api(option_id)
        if offer is not None:
            targets.append(_bound(api_candidate(option_id, *offer)))
    return tuple(targets)


def _bound(candidate: Candidate) -> Candidate:
    """The candidate with the variable of its key, where one is bound to an option of one's own."""
    data_dir = cached_store.settings().data_dir
    return with_bound_key(candidate, cached_catalogue.catalog(), data_dir)


@dataclass(frozen=True, slots=True)
class MoreOfEndpoint:
    """What a person typed of an endpoint beside its address and its model."""

    wire: str = WireFormat.OPENAI_COMPATIBLE.value
    key_header: str = ""
    query: tuple[str, ...] = ()
    """NAME=VALUE each."""
    body: tuple[str, ...] = ()
    """NAME=JSON each."""


NOTHING_MORE: Final = MoreOfEndpoint()
"""As most servers are: OpenAI's format, a bearer token, no field of its own."""


def custom_candidate(
    base_url: str, model: str, usd_per_mtok: float, more: MoreOfEndpoint = NOTHING_MORE
) -> Candidate:
    """An endpoint that the user typed; its key, if any, is typed too.

    Raises RunError, which says what to type.
    """
    rate = Rate(Decimal(str(usd_per_mtok)), PriceUnit.PER_MTOK) if usd_per_mtok else FREE
    fields = fields_of(more.key_header, more.query, more.body)
    return typed(base_url, model, rate, wire=more.wire, endpoint=fields)


def meant_candidate(
    pasted: str, model: str, usd_per_mtok: float, more: MoreOfEndpoint = NOTHING_MORE
) -> Candidate:
    """The same of an address as it was pasted: mended, with the format and the query in it.

    Raises RunError, which says what to type.
    """
    at = meant(pasted, more.wire)
    query = (*(f"{name}={value}" for name, value in at.query.items()), *more.query)
    return custom_candidate(at.url, model, usd_per_mtok, replace(more, wire=at.wire, query=query))


def through_sdk(candidate: Candidate) -> Candidate | None:
    """The same endpoint through OpenAI's own client; None where that does not speak to it."""
    target = None if candidate.target is None else candidate.target.sole_api
    if target is None or target.endpoint.wire is not SDK_WIRE:
        return None
    if target.client != "probe":
        return None
    return replace(
        candidate,
        option_id=f"{CUSTOM_PREFIX}{SDK}/{candidate.option_id.removeprefix(CUSTOM_PREFIX)}"[:300],
        label=f"{candidate.label} through the openai SDK",
        target=target.model_copy(update={"client": "openai_sdk"}),
    )


def key_from_server(key_env: str) -> SecretStr | None:
    """The key that whoever runs this page has set, in the environment or Streamlit's secrets."""
    if key := os.environ.get(key_env):
        return SecretStr(key)
    try:
        secret = st.secrets.get(key_env)
    except FileNotFoundError:
        return None
    return SecretStr(str(secret)) if secret else None


def texts(own: str | None) -> tuple[str, ...]:
    """The built-in sample, or the user's own texts. Raises RunError for unusable ones."""
    return sample_texts() if own is None else parse_user_texts(own)


def worst_case(plan: ProbePlan, *asked: Candidate) -> Decimal:
    """The most that a plan can cost, USD, with the candidates in the order of its targets."""
    return worst_case_usd(plan, *(candidate.rate for candidate in asked))


def start(
    plan: ProbePlan,
    candidate: Candidate,
    key: SecretStr | None,
    rivals: Sequence[tuple[Candidate, SecretStr | None]] = (),
) -> str:
    """Start the run; returns its id. Raises one of our errors, and then nothing was sent."""
    access = [Access.at(rival.rate, rival_key) for rival, rival_key in rivals]
    typed = page_reach.servers_allowed([candidate, *(rival for rival, _ in rivals)])
    runs = cached_store.runs()
    return runs.start(plan, rate=candidate.rate, key=key, rivals=access, typed=typed)
