from typing import Any

import pytest
from pydantic import ValidationError

from core.catalog.rows.regions import Region, check_regions, region_of
from core.catalog.schema import Area, Catalog

SOURCE = {"read": "2026-11-29", "kind": "judgement", "confidence": "low", "note": "n"}


def region(**fields: Any) -> Region:
    """A row with a source."""
    return Region.model_validate({"source": SOURCE, **fields})


def test_what_is_unknown_is_no_place() -> None:
    """A row that promises nothing answers no demand, and a place has an area."""
    rows = [region(area="eu", processing="unknown"), region(area="us", processing="option")]
    assert region_of(rows, "x", "eu") is None
    assert region_of(rows, "x", "us") is rows[1]
    with pytest.raises(ValidationError, match="without an area"):
        region(processing="default")


@pytest.mark.parametrize("surcharge", [0, -0.1, float("nan"), 6])
def test_a_surcharge_is_a_share_of_the_price(surcharge: float) -> None:
    """None is left out."""
    with pytest.raises(ValidationError):
        region(area="eu", processing="option", surcharge=surcharge)


def test_only_a_chosen_place_costs_more() -> None:
    """A default is what the list price is for."""
    with pytest.raises(ValidationError, match="has a surcharge"):
        region(area="eu", processing="default", surcharge=0.1)


def test_an_area_stands_once() -> None:
    """Two rows of one area would be two answers."""
    rows = [region(area="eu", processing=how) for how in ("option", "default")]
    with pytest.raises(ValueError, match="two regions"):
        check_regions(rows, ["x"])
    with pytest.raises(ValueError, match="names no offer"):
        check_regions([region(area="eu", processing="option", offers=["z"])], ["x"])


def test_every_api_has_a_place_or_says_that_none_is_known(catalog: Catalog) -> None:
    """A company's seat is no place: Mistral's default is anywhere."""
    silent = [
        f"{provider.id}/{offer.id}"
        for provider in catalog.providers
        for offer in provider.api_offers
        if not any(row.is_for(offer.id) for row in provider.regions)
    ]
    assert silent == []
    (mistral,) = (p for p in catalog.providers if p.id == "mistral")
    default = [row.area for row in mistral.regions if row.processing == "default"]
    assert default == [Area.GLOBAL]


def test_the_european_price_of_mistral_is_a_tenth_more(catalog: Catalog) -> None:
    """0.11 and 0.165 USD a million tokens; elsewhere the list price."""
    listed, european = catalog, catalog.sold_in("eu")
    for offer, usd in (("mistral-embed", "0.110"), ("codestral-embed", "0.165")):
        here, there = (c.find_api(f"mistral/{offer}") for c in (listed, european))
        assert here is not None
        assert there is not None
        assert float(there[1].price.usd) == pytest.approx(float(usd))
        assert float(there[1].price.usd) == pytest.approx(1.1 * float(here[1].price.usd))
        assert there[1].prices[:-1] == here[1].prices[:-1]
    assert catalog.sold_in("") is catalog
