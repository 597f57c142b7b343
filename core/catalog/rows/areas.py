"""The area that a cloud's region lies in, by the vendors' own naming of their regions."""

import re
from typing import Final

from core.catalog.rows.regions import Area

# The first that matches holds: exceptions of a naming stand before its rule.
_BY_NAME: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), area)
    for pattern, area in (
        # Amazon, Oracle
        (r"eu-west-2$|uk-", Area.UK),
        (r"eu-central-2$|eu-zurich-", Area.CH),
        (r"eu-", Area.EU),
        (r"ca-", Area.CANADA),
        (r"ap-southeast-[24]$|ap-(sydney|melbourne)-", Area.AUSTRALIA),
        (r"ap-", Area.ASIA),
        (r"sa-", Area.SOUTH_AMERICA),
        (r"me-|il-", Area.MIDDLE_EAST),
        (r"af-", Area.AFRICA),
        # Google
        (r"europe-west2$", Area.UK),
        (r"europe-west6$", Area.CH),
        (r"europe-", Area.EU),
        (r"northamerica-northeast", Area.CANADA),
        (r"australia-", Area.AUSTRALIA),
        (r"asia-", Area.ASIA),
        (r"southamerica-", Area.SOUTH_AMERICA),
        (r"us-", Area.US),
        # Azure
        (r"(east|west|central|northcentral|southcentral|westcentral)us\d?$", Area.US),
        (r"uk(south|west)$", Area.UK),
        (r"switzerland", Area.CH),
        (r"(west|north)europe$|france|germany|sweden|poland|italy|spain|norway", Area.EU),
        (r"canada(central|east)", Area.CANADA),
        (r"australia(east|southeast|central)", Area.AUSTRALIA),
        (r"(japan|korea)(east|west|central|south)|(east|southeast)asia$", Area.ASIA),
        (r"(central|south|west)india$", Area.ASIA),
        # Hetzner, Scaleway, OVHcloud
        (r"(fsn1|nbg1|hel1)\b", Area.EU),
        (r"(ash|hil)\d?$", Area.US),
        (r"(par|ams|waw)\d\b|fr-par|nl-ams|pl-waw", Area.EU),
        (r"(gra|sbg|rbx|waw|de)\d+$", Area.EU),
        (r"eu\b", Area.EU),
    )
)


def area_of(region: str) -> Area | None:
    """The area of a machine's region; None where it is not given, or the name tells nothing."""
    name = region.strip()
    return next((area for pattern, area in _BY_NAME if pattern.match(name)), None)
