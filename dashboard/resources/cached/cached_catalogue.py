"""The catalogue, once for all sessions, and what the page asks of it."""

import secrets
from collections.abc import Mapping

import streamlit as st

from core.catalog.option_names import option_label as name_of
from core.catalog.own.joined import Joined, joined_catalog
from core.catalog.schema import Catalog, PriceUnit, Throughput
from core.decide.bare_replica.published_throughputs import shape_of
from core.decide.options.hybrid_option import mixable_apis
from core.money import catalogue_rates
from core.scenario import (
    OWNED_PREFIX,
    THIS_MACHINE,
    Scenario,
    hybrid_id,
    machine_and_model,
    machine_id,
    pair_id,
)
from core.serving.batch.physics import flops_per_token, mfu
from core.serving.law.published_rates import DEFAULT_TOKENS_PER_TEXT
from core.settings import load_settings
from dashboard.state.link import Known


@st.cache_resource(show_spinner=False)
def _joined() -> Joined:
    """Read once. Raises CatalogError with file, row and mend."""
    settings = load_settings()
    return joined_catalog(settings.own_catalog, cache=settings.table_cache)


def catalog() -> Catalog:
    """The catalogue with the folder of one's own. Raises CatalogError with file, row and mend."""
    return _joined().catalog


@st.cache_resource(show_spinner=False)
def edition() -> str:
    """Another text after each reading: part of the key of what was answered with it."""
    return secrets.token_hex(8)


def read_again() -> None:
    """Forget the catalogue: its files have changed."""
    for kept in (_joined, edition, known, option_labels, own_machines, machines):
        kept.clear()


def refusal() -> str:
    """Why the folder of one's own is not read; "" where it is, or there is none."""
    return _joined().refusal


@st.cache_resource(show_spinner=False)
def known() -> Known:
    """What a link or a control may name: options with their list prices, models to host."""
    catalogue = catalog()
    return Known(
        list_prices={name: list_price(name)[0] for name in catalogue.option_ids()},
        tiers={p.id: p.tiers for p in catalogue.providers if len(p.tiers) > 1},
        sellers=frozenset(p.id for p in catalogue.providers if p.api_offers),
        models=tuple(model.id for model in catalogue.models if model.kind != "api"),
        machines=frozenset(machines()),
        owned=frozenset(filter(is_to_own, catalogue.option_ids())),
        providers=frozenset(provider.id for provider in catalogue.providers),
        rates=catalogue_rates(catalogue.currencies),
    )


def list_price(option_id: str) -> tuple[float | None, PriceUnit | None]:
    """List price of an option and the unit it is billed in; a bought card has no unit."""
    catalogue = catalog()
    if (api := catalogue.find_api(option_id)) is not None:
        return float(api[1].price.usd), api[1].price.unit
    if (gpu := catalogue.find_machine(option_id)) is not None:
        return float(gpu[1].price.usd), gpu[1].price.unit
    if option_id.startswith(OWNED_PREFIX):
        card = catalogue.card(option_id.removeprefix(OWNED_PREFIX))
        return (float(card.usd_new) if card and card.usd_new else None), None
    return None, PriceUnit.PER_HOUR


def is_to_own(option_id: str) -> bool:
    """Whether an option is a card that is bought, or a machine of one's own."""
    machine = machine_id(option_id)
    sold = catalog().find_machine(machine)
    return machine.startswith(OWNED_PREFIX) or (sold is not None and sold[1].is_owned)


def option_label(option_id: str) -> str:
    """What the page calls an option, chosen or not."""
    return name_of(option_id, catalog())


def implied_mfu(row: Throughput) -> float | None:
    """Share of the card's dense peak that a published rate implies; None where it is unknown."""
    catalogue = catalog()
    card = catalogue.card(row.card) if row.card else None
    shape = shape_of(catalogue.model(row.model))
    if card is None or shape is None or row.tokens_per_s is None or not row.of_half_precision:
        return None
    flops = flops_per_token(shape, row.tokens_per_text or DEFAULT_TOKENS_PER_TEXT)
    return mfu(row.tokens_per_s / row.gpu_count, flops, card.dense_tflops)


@st.cache_resource(show_spinner=False)
def option_labels() -> Mapping[str, str]:
    """Every option of the catalogue with its label: machines without a card after all others."""
    names = sorted(catalog().option_ids(), key=_has_no_card)  # stable: else the catalogue's order
    return {name: option_label(name) for name in names}


def _has_no_card(option_id: str) -> bool:
    rented = catalog().find_machine(option_id)
    return rented is not None and rented[1].card is None


def option_choices(scenario: Scenario) -> Mapping[str, str]:
    """What may be compared, with its label: the catalogue, and hybrids of the chosen machines."""
    labels = dict(option_labels())
    named = (*scenario.options, *scenario.documents.options)
    chosen = {name: option_label(name) for name in named}
    hybrids = {
        (hybrid := hybrid_id(base, burst)): option_label(hybrid)
        for base in scenario.options
        if machine_id(base) in own_machines()
        for burst in _bursts(base, scenario.hosting.model)
    }
    return labels | chosen | hybrids


def _bursts(base: str, hosted_model: str) -> tuple[str, ...]:
    """Option ids of the APIs with the vectors of a base; those that run any model name its own."""
    model_id = machine_and_model(base)[1]
    apis = mixable_apis(model_id or hosted_model, catalog())
    if model_id is None:
        return apis
    return tuple(pair_id(api, model_id) if api in machines() else api for api in apis)


@st.cache_resource(show_spinner=False)
def own_machines() -> frozenset[str]:
    """What is rented or owned, of the catalogue."""
    catalogue = catalog()
    return frozenset(
        name
        for name in catalogue.option_ids()
        if name.startswith(OWNED_PREFIX) or catalogue.find_machine(name) is not None
    )


@st.cache_resource(show_spinner=False)
def machines() -> tuple[str, ...]:
    """What a model may be put on, in the catalogue's order: also what runs any model, and this."""
    catalogue = catalog()
    return tuple(
        name
        for name in catalogue.option_ids()
        if name in own_machines()
        or name == THIS_MACHINE
        or catalogue.find_api(pair_id(name, "any"))
    )
