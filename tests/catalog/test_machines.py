"""A machine with a card or without, and its price in the currency that it is billed in."""

from decimal import Decimal
from pathlib import Path

import pytest

from core.catalog.load import load_catalog
from core.catalog.schema import PriceUnit
from core.errors import CatalogError

HEAD = 'id = "euro"\nname = "Euro"\nhomepage = "https://euro.example"\n'
MACHINE = '[[machines]]\nid = "c-4"\nlabel = "c-4"\nproduct = "c-4"\n'
WORKS = 'cpu = "cpu-a"\nvcpus = 4\nmemory_gib = 8\n'
PRICE = '[[machines.prices]]\namount = 40\ncurrency = "EUR"\nunit = "per_month"\nset_up = 20\n'
SOURCE = (
    '[machines.prices.source]\nurl = "https://euro.example/prices"\nread = 2026-01-15\n'
    'kind = "list_price"\nconfidence = "high"\n'
)
WHOLE = HEAD + MACHINE + WORKS + PRICE + SOURCE


def written(folder: Path, text: str) -> Path:
    """The frozen catalogue with a provider of this text."""
    (folder / "machine/euro.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_price_is_kept_as_billed_and_compared_in_usd(folder: Path) -> None:
    """40 EUR a month at 1.25 USD are 50 USD; the fee of 20 EUR is 25 USD."""
    found = load_catalog(written(folder, WHOLE)).find_machine("euro/c-4")
    assert found is not None
    price = found[1].price
    assert (price.amount, price.currency, price.usd) == (Decimal(40), "EUR", Decimal("50.00"))
    assert (price.unit, price.usd_set_up) == (PriceUnit.PER_MONTH, Decimal("25.00"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (WORKS, "", "a machine needs a card, or a cpu that does the work"),
        ("vcpus = 4\n", "", "a machine without a card needs its vcpus and its memory_gib"),
        ("memory_gib = 8\n", "", "a machine without a card needs its vcpus and its memory_gib"),
        ("vcpus = 4\n", "vcpus = 4\ncard_count = 2\n", "has no card_count"),
        ('"EUR"', '"GBP"', "prices[0]: no rate of 'GBP' is in currencies.toml: add it"),
        ("amount = 40\n", "usd = 40\n", "has either usd, or an amount and its currency"),
        ("amount = 40\n", "amount = 0\n", "amount must be a number above 0, not 0"),
        ("set_up = 20\n", "set_up = true\n", "set_up must be a number above 0, not True"),
        ('"per_month"', '"usd_per_month"', "mend its unit"),
        ('"cpu-a"', '"cpu-z"', "cpu 'cpu-z' is not in cpus.toml"),
    ],
)
def test_what_does_not_hold_together_is_a_sentence(
    folder: Path, old: str, new: str, says: str
) -> None:
    """It names the file, the row and the fault."""
    assert old in WHOLE
    with pytest.raises(CatalogError) as error:
        load_catalog(written(folder, WHOLE.replace(old, new)))
    assert says in str(error.value)
    assert "euro.toml" in str(error.value)
    assert "(c-4)" in str(error.value)


def test_a_card_that_is_bought_needs_its_power(folder: Path) -> None:
    """Without it its electricity would be none."""
    cards = folder / "cards.toml"
    text = cards.read_text(encoding="utf-8")
    at = text.index("tdp_w", text.index("gpu-home"))
    cards.write_text(text[:at] + text[text.index("\n", at) + 1 :], encoding="utf-8")
    with pytest.raises(CatalogError, match="needs its tdp_w and its memory_gb"):
        load_catalog(folder)


def test_a_catalogue_of_cards_in_usd_needs_neither_file(folder: Path) -> None:
    """Folders of earlier versions have none of the two."""
    (folder / "cpus.toml").unlink()
    (folder / "currencies.toml").unlink()
    assert load_catalog(folder).cpus == ()
