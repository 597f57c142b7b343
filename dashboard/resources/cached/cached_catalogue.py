"""The catalogue, once for all sessions, and what the page asks of it."""

from collections.abc import Mapping

import streamlit as st

from core.catalog.load import load_catalog
from core.catalog.schema import Catalog, PriceUnit, Throughput
from core.decide.bare_replica.published_throughputs import shape_of
from core.decide.options.hybrid_option import mixable_apis
from core.scenario import OWNED_PREFIX, THIS_MACHINE, Scenario, hybrid_id, hybrid_parts
from core.serving.batch.physics import flops_per_token, mfu
from core.serving.law.published_rates import DEFAULT_TOKENS_PER_TEXT
from dashboard.state.link import Known


@st.cache_resource(show_spinner=False)
def catalog() -> Catalog:
    """The catalogue. Raises CatalogError with file, row and mend."""
    return load_catalog()


@st.cache_resource(show_spinner=False)
def known() -> Known:
    """What a link or a control may name: options with their list prices, models to host."""
    catalogue = catalog()
    return Known(
        list_prices={name: list_price(name)[0] for name in catalogue.option_ids()},
        tiers={p.id: p.tiers for p in catalogue.providers if len(p.tiers) > 1},
        models=tuple(model.id for model in catalogue.models if model.kind != "api"),
    )


def list_price(option_id: str) -> tuple[float | None, PriceUnit | None]:
    """List price of an option and the unit it is billed in; a bought card has no unit."""
    catalogue = catalog()
    if (api := catalogue.find_api(option_id)) is not None:
        return float(api[1].price.usd), api[1].price.unit
    if (gpu := catalogue.find_gpu(option_id)) is not None:
        return float(gpu[1].price.usd), gpu[1].price.unit
    if option_id.startswith(OWNED_PREFIX):
        card = catalogue.card(option_id.removeprefix(OWNED_PREFIX))
        return (float(card.usd_new) if card and card.usd_new else None), None
    return None, PriceUnit.PER_HOUR


def option_label(option_id: str) -> str:
    """What the page calls an option, chosen or not."""
    if option_id == THIS_MACHINE:
        return "This machine"
    if (parts := hybrid_parts(option_id)) is not None:
        return " + ".join(map(option_label, parts))
    catalogue = catalog()
    offer = catalogue.find_api(option_id) or catalogue.find_gpu(option_id)
    if offer is not None:
        return offer[1].label
    card = catalogue.card(option_id.removeprefix(OWNED_PREFIX))
    return f"{card.name} (owned)" if card else option_id


def implied_mfu(row: Throughput) -> float | None:
    """Share of the card's dense peak that a published rate implies; None where it is unknown."""
    catalogue = catalog()
    card = catalogue.card(row.card) if row.card else None
    shape = shape_of(catalogue.model(row.model))
    if card is None or shape is None:
        return None
    flops = flops_per_token(shape, row.tokens_per_text or DEFAULT_TOKENS_PER_TEXT)
    return mfu(row.tokens_per_s / row.gpu_count, flops, card.dense_tflops)


@st.cache_resource(show_spinner=False)
def option_labels() -> Mapping[str, str]:
    """Every option of the catalogue with its label."""
    return {name: option_label(name) for name in catalog().option_ids()}


def option_choices(scenario: Scenario) -> Mapping[str, str]:
    """What may be compared, with its label: the catalogue, and hybrids of the chosen machines."""
    labels = dict(option_labels())
    chosen = {name: option_label(name) for name in scenario.options}
    machines = [
        name
        for name in scenario.options
        if name.startswith(OWNED_PREFIX) or catalog().find_gpu(name) is not None
    ]
    apis = mixable_apis(scenario.hosting.model, catalog())
    hybrids = {
        (hybrid := hybrid_id(base, burst)): option_label(hybrid)
        for base in machines
        for burst in apis
    }
    return labels | chosen | hybrids
