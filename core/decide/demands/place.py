"""Where an option computes, and who says so."""

from typing import Final

from core.catalog.schema import Area, MachineOffer, Provider, Region
from core.decide.result.option import PlaceUsed
from core.grade import Grade
from core.scenario import HOME

AREA_NAMES: Final = {
    Area.EU: "the European Union",
    Area.UK: "the United Kingdom",
    Area.CH: "Switzerland",
    Area.US: "the United States",
    Area.CANADA: "Canada",
    Area.ASIA: "Asia",
    Area.AUSTRALIA: "Australia",
    Area.SOUTH_AMERICA: "South America",
    Area.MIDDLE_EAST: "the Middle East",
    Area.AFRICA: "Africa",
    Area.GLOBAL: "any place",
}

NOWHERE: Final = PlaceUsed("it does not say where it computes", Grade.UNKNOWN, None)


def region_used(provider: Provider, offer_id: str, demanded: str) -> Region | None:
    """The row by which an API computes: that of the place demanded, else the default one.

    A place of which a row says that nobody knows whether it can be had is such a row, too. Else the
    one that says that nothing is known; None: there is no row at all.
    """
    if demanded and (there := provider.region_of(offer_id, demanded)) is not None:
        return there
    rows = [row for row in provider.regions if row.is_for(offer_id)]
    unsure = [row for row in rows if row.processing == "unknown"]
    asked = [row for row in unsure if demanded and row.area == demanded]
    default = [row for row in rows if row.processing == "default"]
    return next(iter((*asked, *default, *unsure)), None)


def place_of_api(row: Region | None) -> PlaceUsed:
    """Where an API computes, by the row that is used."""
    if row is None or row.processing == "unknown" or row.area is None:
        return PlaceUsed(NOWHERE.words, Grade.UNKNOWN, None if row is None else row.source)
    words = f"it computes in {AREA_NAMES[row.area]}"
    if row.processing == "option":
        more = f", {row.surcharge:.0%} more" if row.surcharge else ""
        words += f" by option ({row.how}{more})"
    return PlaceUsed(words, row.source.grade, row.source, row.area)


def place_of_machine(offer: MachineOffer) -> PlaceUsed:
    """The same of a machine that is rented: it stands in the region of its row."""
    if offer.area is None:
        return NOWHERE
    stands = f"it stands in {AREA_NAMES[offer.area]}" if offer.in_area else ""
    words = stands or f"it is priced in {offer.region}"
    return PlaceUsed(words, offer.price.source.grade, None, offer.area)


def may_stand_in(offer: MachineOffer, demanded: str) -> bool:
    """Whether a machine is known to stand where that is demanded; one's own, wherever one wants."""
    if not demanded or (offer.is_owned and offer.area is None):
        return True
    return offer.is_owned if demanded == HOME else offer.area == demanded


def places_to_choose(provider: Provider, offer_id: str) -> tuple[str, ...]:
    """Places that an API can be computed in where that is chosen."""
    return tuple(
        AREA_NAMES[row.area]
        for row in provider.regions
        if row.area and row.processing == "option" and row.is_for(offer_id)
    )
