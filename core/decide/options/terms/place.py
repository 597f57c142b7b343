"""Whether an option computes where that is demanded, and who says so."""

from typing import Final

from core.catalog.schema import Area, MachineOffer, Provider, Region
from core.decide.result.option import PlaceUsed
from core.grade import Grade

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


def place_of_api(provider: Provider, offer_id: str, demanded: str) -> tuple[PlaceUsed, str]:
    """Where an API computes, and why that is not where it must; "" where it is, or may be any."""
    if demanded and (there := provider.region_of(offer_id, demanded)) is not None:
        return _placed(there), ""
    default = _by_default(provider, offer_id)
    return default, _elsewhere(default, demanded, _options(provider, offer_id))


def place_of_machine(offer: MachineOffer, demanded: str) -> tuple[PlaceUsed, str]:
    """The same of a machine that is rented: it stands in the region of its row."""
    if offer.area is None:
        return NOWHERE, _elsewhere(NOWHERE, demanded, "")
    stands = f"it stands in {AREA_NAMES[offer.area]}" if offer.in_area else ""
    words = stands or f"it is priced in {offer.region}"
    place = PlaceUsed(words, offer.price.source.grade, None)
    return place, "" if offer.area == demanded else _elsewhere(place, demanded, "")


def place_remark(place: PlaceUsed, demanded: str) -> str:
    """Where it computes, where a place is demanded; "" where none is."""
    return place.words if demanded else ""


def _by_default(provider: Provider, offer_id: str) -> PlaceUsed:
    rows = [row for row in provider.regions if row.is_for(offer_id)]
    default = next((row for row in rows if row.processing == "default"), None)
    if default is not None:
        return _placed(default)
    looked = next((row.source for row in rows if row.processing == "unknown"), None)
    return PlaceUsed(NOWHERE.words, Grade.UNKNOWN, looked)


def _placed(row: Region) -> PlaceUsed:
    area = AREA_NAMES[row.area] if row.area else "an unknown place"
    words = f"it computes in {area}"
    if row.processing == "option":
        more = f", {row.surcharge:.0%} more" if row.surcharge else ""
        words += f" by option ({row.how}{more})"
    return PlaceUsed(words, row.source.grade, row.source)


def _options(provider: Provider, offer_id: str) -> str:
    """Places that can be chosen; "" where there are none."""
    areas = [
        AREA_NAMES[row.area]
        for row in provider.regions
        if row.area and row.processing == "option" and row.is_for(offer_id)
    ]
    return f"; it can also compute in {', '.join(areas)}" if areas else ""


def _elsewhere(place: PlaceUsed, demanded: str, options: str) -> str:
    """Why it is out; "" where no place is demanded."""
    if not demanded:
        return ""
    words = place.words[:1].upper() + place.words[1:]
    return f"{words}{options}. {_capital(AREA_NAMES[Area(demanded)])} is demanded."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
