"""Where texts are computed: by default, by option, or unknown. A company's seat is no region."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from core.catalog.rows.provenance import Finite, Row, Slug, Source


class Area(StrEnum):
    """Jurisdictions that people demand. A place outside these is none of them."""

    EU = "eu"
    """European Union and European Economic Area."""
    UK = "uk"
    CH = "ch"
    US = "us"
    CANADA = "ca"
    ASIA = "asia"
    AUSTRALIA = "au"
    SOUTH_AMERICA = "sa"
    MIDDLE_EAST = "me"
    AFRICA = "af"
    GLOBAL = "global"
    """Anywhere: it promises no place."""


class Region(Row):
    """One place in which a provider says that it computes, or that nothing is known of."""

    area: Area | None = None
    """Absent where nothing at all is known."""
    processing: Literal["default", "option", "unknown"]
    """"default": without asking. "option": the customer must choose it. "unknown": promise
    nothing."""
    how: str = ""
    """What to choose: an endpoint, a deployment, a plan."""
    surcharge: Annotated[Finite, Field(gt=0, le=5)] | None = None
    """On the list price, as a share; absent: none."""
    zero_retention: Literal["", "default", "option", "on approval", "no"] = ""
    """Whether texts are not kept: "default": without asking. "option": the customer switches it on.
    "on approval": it must be granted. "no": they are kept. "": not said."""
    offers: tuple[Slug, ...] = ()
    """Ids of the offers that it is for; empty: all of the provider's."""
    source: Source

    @model_validator(mode="after")
    def _known_or_unknown(self) -> Self:
        if self.area is None and self.processing != "unknown":
            raise ValueError("a place without an area: add it, or write processing = 'unknown'")
        if self.surcharge is not None and self.processing != "option":
            raise ValueError("only a place that is chosen has a surcharge")
        return self

    def is_for(self, offer_id: str) -> bool:
        """Whether an offer falls under it."""
        return not self.offers or offer_id in self.offers


def region_of(regions: Sequence[Region], offer_id: str, area: str) -> Region | None:
    """How an offer is computed in an area, by default before by option; None: nobody says so."""
    rows = [
        row
        for row in regions
        if row.is_for(offer_id) and row.area == area and row.processing != "unknown"
    ]
    return min(rows, key=lambda row: row.processing, default=None)


def check_regions(regions: Sequence[Region], offer_ids: Sequence[str]) -> None:
    """Raise ValueError where a region names no offer, or an offer has an area twice."""
    for row in regions:
        if strangers := sorted(set(row.offers) - set(offer_ids)):
            raise ValueError(f"region {row.area} names no offer of the provider: {strangers[0]}")
    for offer_id in offer_ids:
        areas = [row.area for row in regions if row.is_for(offer_id)]
        if twice := next((area for area in areas if areas.count(area) > 1), None):
            raise ValueError(f"{offer_id} has two regions with the area {twice}: join them")
