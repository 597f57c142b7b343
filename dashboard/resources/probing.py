"""What can be probed, with which key, at what cost at most: joins catalogue, settings and runs."""

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import streamlit as st
from pydantic import SecretStr, ValidationError

from core.catalog.schema import ApiOffer, Endpoint, PriceUnit, Provider, WireFormat
from core.engines.status import MODEL, engine_status
from core.errors import RunError
from core.probe.plan import ApiTarget, LocalTarget, ProbePlan, Target
from core.probe.sample_texts import parse_user_texts, sample_texts
from core.runs.embedder import EMBEDDERS
from core.runs.job import Access
from core.runs.service import CUSTOM_PREFIX
from core.runs.worst_case import FREE, Rate, worst_case_usd
from core.scenario import THIS_MACHINE
from dashboard import resources

CUSTOM: Final = "custom"
"""Id of the choice that lets the user type an address."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that the probe may be pointed at, or what is missing for that."""

    option_id: str
    label: str
    model: str = ""
    target: Target | None = None
    rate: Rate = FREE
    key_env: str | None = None
    """Environment variable that holds the key; None where none is needed."""
    missing: str = ""
    """Why it cannot be probed ("" where it can): a sentence with what to do."""


def candidates(options: tuple[str, ...]) -> tuple[Candidate, ...]:
    """This machine first, then the chosen options that are called over the network."""
    found = [this_machine()]
    for option_id in options:
        offer = resources.catalog().find_api(option_id)
        if offer is not None:
            found.append(_api_candidate(option_id, *offer))
    return tuple(found)


def this_machine() -> Candidate:
    """The packaged model on this computer: no key, no network, no cost."""
    status = engine_status()
    return Candidate(
        option_id=THIS_MACHINE,
        label="This machine",
        model=MODEL,
        target=LocalTarget(),
        missing="" if status.ready else f"{status.summary}. Run: {status.advice}",
    )


def _api_candidate(option_id: str, provider: Provider, offer: ApiOffer) -> Candidate:
    candidate = Candidate(option_id, offer.label, model=offer.model or offer.wire_model)
    endpoint = provider.endpoint
    if endpoint is None:
        return _without(candidate, f"The catalogue has no address for {provider.name}.")
    if endpoint.wire not in EMBEDDERS:
        return _without(
            candidate,
            f"The probe does not speak {provider.name}'s format ({endpoint.wire.value}) yet: "
            "its price is compared, its latency is not measured.",
        )
    return Candidate(
        option_id,
        offer.label,
        model=candidate.model,
        target=ApiTarget(endpoint=endpoint, wire_model=offer.wire_model),
        rate=Rate.highest(offer.price),
        key_env=endpoint.key_env,
    )


def _without(candidate: Candidate, missing: str) -> Candidate:
    return Candidate(candidate.option_id, candidate.label, candidate.model, missing=missing)


def custom_candidate(base_url: str, model: str, usd_per_mtok: float) -> Candidate:
    """An OpenAI-compatible endpoint that the user typed; its key, if any, is typed too.

    Raises RunError, which says what to type.
    """
    try:
        endpoint = Endpoint.model_validate(
            {"wire": WireFormat.OPENAI_COMPATIBLE, "base_url": base_url}
        )
    except ValidationError:
        endpoint = None
    host = (endpoint.base_url.host or "").strip("[]") if endpoint else ""
    if endpoint is None or not host or not model.strip():
        raise RunError(
            "Type the base address, such as https://host/v1, and the name of the model there."
        )
    target = ApiTarget(
        endpoint=endpoint, wire_model=model.strip(), allow_loopback=_is_loopback(host)
    )
    rate = Rate(Decimal(str(usd_per_mtok)), PriceUnit.PER_MTOK) if usd_per_mtok else FREE
    return Candidate(
        f"{CUSTOM_PREFIX}{host}/{model.strip()}",
        f"{model.strip()} at {host}",
        model.strip(),
        target,
        rate,
    )


def _is_loopback(host: str) -> bool:
    """Whether the user typed an address of this very computer."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def key_from_server(key_env: str) -> SecretStr | None:
    """The key that whoever runs this page has set, in the environment or Streamlit's secrets."""
    if found := os.environ.get(key_env):
        return SecretStr(found)
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
    return resources.runs().start(plan, rate=candidate.rate, key=key, rivals=access)
