from typing import Any

import pytest
from pydantic import ValidationError

from core.catalog.rows.limits import LIMITS, RateLimit, limit_of
from core.catalog.schema import Catalog, Provider

SOURCE = {"read": "2026-11-29", "kind": "judgement", "confidence": "low", "note": "n"}


def limit(tier: str, **fields: Any) -> RateLimit:
    """A row with a source."""
    return RateLimit.model_validate({"tier": tier, "source": SOURCE, **fields})


def test_unknown_is_said_and_never_left_out() -> None:
    """A row without a number says that it has none; one with a number cannot be unknown."""
    assert limit("1", unknown=True).online == {}
    with pytest.raises(ValidationError, match="no limit is given"):
        limit("1")
    with pytest.raises(ValidationError, match="take one of them out"):
        limit("1", unknown=True, texts_per_minute=2_000)


@pytest.mark.parametrize("unit", ["tokens_per_hour", "rpm", "bytes_per_minute"])
def test_a_limit_in_a_unit_that_nobody_counts_does_not_load(unit: str) -> None:
    """It would otherwise be no limit at all."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        limit("1", **{unit: 5})


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan"), True])
def test_a_limit_is_a_number_above_nothing(name: str, value: float) -> None:
    """0 is no limit that anybody sells; what is unknown is left out."""
    with pytest.raises(ValidationError):
        limit("1", **{name: value})


def test_the_chosen_tier_holds_and_else_the_entry() -> None:
    """A tier that an offer does not have leaves it in the entry tier; no row is no limit known."""
    rows = [limit("free", requests_per_minute=3), limit("1", entry=True, requests_per_minute=9)]
    chosen = [limit_of(rows, "x", tier) for tier in ("free", "1", None, "9")]
    assert [row and row.tier for row in chosen] == ["free", "1", "1", "1"]
    assert limit_of([limit("1", offers=("y",), unknown=True)], "x") is None


def _provider(*limits: dict[str, Any]) -> Provider:
    price = {"usd": 1, "unit": "usd_per_mtok", "source": SOURCE}
    offer = {"id": "x", "label": "X", "wire_model": "x", "prices": [price]}
    rows = [{"source": SOURCE, **row} for row in limits]
    table = {"id": "p", "name": "P", "homepage": "https://p.example", "api_offers": [offer]}
    return Provider.model_validate({**table, "rate_limits": rows})


@pytest.mark.parametrize(
    ("limits", "fault"),
    [
        ([{"tier": "1", "unknown": True, "offers": ["z"]}], "names no offer"),
        ([{"tier": "1", "unknown": True}, {"tier": "1", "unknown": True}], "two rate limits"),
        ([{"tier": "1", "unknown": True}, {"tier": "2", "unknown": True}], "entry = true"),
    ],
)
def test_tiers_that_contradict_each_other_do_not_load(
    limits: list[dict[str, Any]], fault: str
) -> None:
    """Each offer has each tier once, and one that a new account is in."""
    with pytest.raises(ValidationError, match=fault):
        _provider(*limits)


def test_every_api_has_a_limit_or_says_that_none_is_known(catalog: Catalog) -> None:
    """With a source of its own; so none is without limit by silence."""
    silent = [
        f"{provider.id}/{offer.id}"
        for provider in catalog.providers
        for offer in provider.api_offers
        if provider.limit_of(offer.id) is None
    ]
    assert silent == []


def test_cohere_counts_texts(catalog: Catalog) -> None:
    """2,000 texts a minute are 33 a second, in calls of 96 as in calls of one."""
    (provider,) = (p for p in catalog.providers if p.id == "cohere")
    entry = provider.limit_of("embed-v4.0")
    assert entry is not None
    assert entry.online == {"texts_per_minute": 2_000}
