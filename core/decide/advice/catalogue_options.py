"""Everything that the catalogue could be compared as: every machine with every model, every API."""

from collections.abc import Container, Iterator

from core.catalog.schema import Catalog, MachineOffer, ModelCard
from core.cost.hybrid.vector_space import why_not_mixed
from core.decide.options.hybrid_option import vectors_of
from core.scenario import OWNED_PREFIX, pair_id


def models_like(model_id: str, catalog: Catalog) -> frozenset[str]:
    """Models of the same vector space: the same weights, or a space that their publisher shares."""
    own = vectors_of(model_id, catalog)
    others = (model.id for model in catalog.models)
    return frozenset(m for m in others if not why_not_mixed(own, vectors_of(m, catalog)))


def own_model_apis(catalog: Catalog, models: Container[str]) -> Iterator[str]:
    """Option ids of the APIs that sell one of these models."""
    for provider in catalog.providers:
        for offer in provider.api_offers:
            if offer.status != "withdrawn" and offer.model in models:
                yield f"{provider.id}/{offer.id}"


def any_model_apis(catalog: Catalog) -> Iterator[str]:
    """Option ids of the APIs that run any model that is named."""
    for provider in catalog.providers:
        for offer in provider.api_offers:
            if offer.status != "withdrawn" and offer.model is None:
                yield f"{provider.id}/{offer.id}"


def machine_ids(catalog: Catalog) -> tuple[str, ...]:
    """Option ids of what is rented, then of what can be bought."""
    rented = [f"{p.id}/{o.id}" for p in catalog.providers for o in p.machines if _is_sold(o)]
    owned = [f"{OWNED_PREFIX}{card.id}" for card in catalog.cards if card.usd_new is not None]
    return (*rented, *owned)


def open_models(catalog: Catalog) -> tuple[ModelCard, ...]:
    """Models whose weights can be had."""
    return tuple(model for model in catalog.models if model.kind != "api")


def named_pair(machine: str, model_id: str, hosted_model: str) -> str:
    """The id of a machine with a model: the short one with the scenario's own."""
    return machine if model_id == hosted_model else pair_id(machine, model_id)


def _is_sold(offer: MachineOffer) -> bool:
    return offer.status != "withdrawn"
