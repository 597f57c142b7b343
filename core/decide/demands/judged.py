"""One option before all demands that hold at any volume: the only place where they are asked."""

from dataclasses import dataclass, replace

from core.catalog.schema import ApiOffer, Catalog, MachineOffer, ModelCard, Provider, Region
from core.decide.demands.of_model import Finding, of_languages, of_licence, of_window
from core.decide.demands.of_provider import of_home, of_place, of_retention, retention_note
from core.decide.demands.place import (
    place_of_api,
    place_of_machine,
    places_to_choose,
    region_used,
)
from core.decide.result.obstacle import Refusal
from core.decide.result.option import SELF_HOSTED, Option, OptionKind, PlaceUsed
from core.decide.result.unknown import Unknown
from core.grade import Grade
from core.scenario import HOME, Demands


@dataclass(frozen=True, slots=True)
class _Seller:
    """What the catalogue knows of who sells an option, and where it computes."""

    name: str
    place: PlaceUsed | None
    row: Region | None = None
    """Of an API: by which it computes."""
    choices: tuple[str, ...] = ()
    is_api: bool = False
    is_own: bool = False


Sold = tuple[Provider, ApiOffer | MachineOffer] | None
"""The row of an option, with its provider; None of a card that is bought, and of this computer."""


def judged(option: Option, sold: Sold, catalog: Catalog, demands: Demands, region: str) -> Option:
    """The option with what the demands find: a refusal, what is not known, what is to be done.

    A hybrid is made of two that are judged, and is not judged again.
    """
    seller = _seller(option.label, option.id, sold, catalog, region)
    asks_model = option.kind in SELF_HOSTED or demands.languages or demands.least_tokens
    model = catalog.model(option.model or "") if asks_model else None
    findings = _findings(option, model, seller, demands, region)
    against = tuple(one for one in findings if isinstance(one, Refusal))
    remarks = (
        seller.place.words if region and seller.is_api and seller.place else "",
        retention_note(seller.row, demands.retention),
    )
    return replace(
        option,
        place=seller.place,
        notes=(*option.notes, *(remark for remark in remarks if remark)),
        against=against,
        refusal=option.refusal or next(iter(against), None),
        unknown=(*option.unknown, *(one for one in findings if isinstance(one, Unknown))),
    )


def why_not_sold(
    provider: Provider,
    offer: ApiOffer | MachineOffer,
    catalog: Catalog,
    demands: Demands,
    region: str,
) -> str:
    """Why an offer is not known to be what is demanded of who sells it; "" where it is."""
    option_id, kind = f"{provider.id}/{offer.id}", OptionKind.API
    if isinstance(offer, MachineOffer):
        kind = OptionKind.OWNED if offer.is_owned else OptionKind.RENTED
    seller = _seller(offer.label, option_id, (provider, offer), catalog, region)
    reason = _place(seller, kind, offer.label, None, region) if region else None
    if reason is None and seller.is_api:
        reason = of_retention(seller.row, seller.name, demands.retention, is_own=seller.is_own)
    return reason.sentence if reason else ""


def why_not_read(
    model_id: str,
    model: ModelCard | None,
    max_tokens: int | None,
    demands: Demands,
    *,
    hosted: bool,
) -> str:
    """Why a model is not known to be what is demanded of it; "" where it is.

    ``hosted``: on machines that one runs, where its licence counts.
    """
    findings = (
        of_licence(model, demands.licence) if hosted else None,
        of_languages(model_id, model, demands.languages),
        of_window(model_id, max_tokens, demands.least_tokens),
    )
    return next((one.sentence for one in findings if one is not None), "")


def _place(
    seller: _Seller, kind: OptionKind, label: str, grade: Grade | None, region: str
) -> Finding | None:
    if region == HOME:
        return of_home(kind, label, grade, is_own=seller.is_own)
    return of_place(seller.place, seller.choices, seller.name, region, is_own=seller.is_own)


def _findings(
    option: Option, model: ModelCard | None, seller: _Seller, demands: Demands, region: str
) -> tuple[Finding, ...]:
    """In the order in which they are said: the law first, then what can be read."""
    hosted = option.kind in SELF_HOSTED
    of_model = model is not None and model.max_tokens == option.max_tokens
    reads = model.source.grade if model is not None and of_model else option.price.grade
    each = (
        _place(seller, option.kind, option.label, option.price.grade, region),
        of_retention(seller.row, seller.name, demands.retention, is_own=seller.is_own)
        if seller.is_api
        else None,
        of_licence(model, demands.licence) if hosted else None,
        of_languages(option.model, model, demands.languages),
        of_window(option.label, option.max_tokens, demands.least_tokens, reads),
    )
    return tuple(one for one in each if one is not None)


def _seller(label: str, option_id: str, sold: Sold, catalog: Catalog, region: str) -> _Seller:
    if sold is None:
        return _Seller(label, None)
    provider, offer = sold
    is_own = catalog.is_own(option_id)
    if isinstance(offer, MachineOffer):
        place = place_of_machine(offer)
        unsaid = offer.is_owned and place.area is None
        return _Seller(provider.name, None if unsaid else place, is_own=is_own)
    row = region_used(provider, offer.id, region)
    choices = places_to_choose(provider, offer.id) if region else ()
    return _Seller(provider.name, place_of_api(row), row, choices, is_api=True, is_own=is_own)
