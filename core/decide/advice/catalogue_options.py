"""Everything that the catalogue could be compared as: every machine with every model, every API."""

from collections.abc import Iterator, Set

from core.catalog.schema import Catalog, MachineOffer
from core.cost.hybrid.vector_space import why_not_mixed
from core.decide.options.hybrid_option import vectors_of
from core.scenario import OWNED_PREFIX, pair_id


def catalogue_options(
    catalog: Catalog, hosted_model: str, models: Set[str] | None = None
) -> tuple[str, ...]:
    """Option ids of what is sold with any of these models; None: with any that the catalogue has.

    A machine with ``hosted_model``, the scenario's own, has the short id. Hybrids and this computer
    are left out: the one is made of the others, the other is no offer.
    """
    wanted = [model.id for model in catalog.models if models is None or model.id in models]
    hosted = [name for name in wanted if _is_open(name, catalog)]
    return (
        *_apis(catalog, wanted, hosted, hosted_model),
        *_machines(catalog, hosted, hosted_model),
    )


def models_like(model_id: str, catalog: Catalog) -> frozenset[str]:
    """Models of the same vector space: the same weights, or a space that their publisher shares."""
    own = vectors_of(model_id, catalog)
    others = (model.id for model in catalog.models)
    return frozenset(m for m in others if not why_not_mixed(own, vectors_of(m, catalog)))


def _apis(
    catalog: Catalog, wanted: list[str], hosted: list[str], hosted_model: str
) -> Iterator[str]:
    for provider in catalog.providers:
        for offer in provider.api_offers:
            option_id = f"{provider.id}/{offer.id}"
            if offer.status == "withdrawn":
                continue
            if offer.model is None:
                yield from (_with(option_id, name, hosted_model) for name in hosted)
            elif offer.model in wanted:
                yield option_id


def _machines(catalog: Catalog, hosted: list[str], hosted_model: str) -> Iterator[str]:
    rented = [f"{p.id}/{o.id}" for p in catalog.providers for o in p.machines if _is_sold(o)]
    owned = [f"{OWNED_PREFIX}{card.id}" for card in catalog.cards if card.usd_new is not None]
    for machine in (*rented, *owned):
        yield from (_with(machine, name, hosted_model) for name in hosted)


def _is_sold(offer: MachineOffer) -> bool:
    return offer.status != "withdrawn"


def _is_open(model_id: str, catalog: Catalog) -> bool:
    model = catalog.model(model_id)
    return model is not None and model.kind != "api"


def _with(machine: str, model_id: str, hosted_model: str) -> str:
    return machine if model_id == hosted_model else pair_id(machine, model_id)
