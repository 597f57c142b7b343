"""The note's claims as text."""

import pytest

from core.catalog.load import load_catalog
from core.decide.seed_note.note_claims import Finding, RightNumber, check_note
from dashboard.components.method import claim_texts


def test_every_finding_has_its_colour_and_its_sign() -> None:
    """A new finding cannot come without them."""
    assert set(claim_texts.COLOURS) == set(claim_texts.ICONS) == set(Finding)


def test_the_tally_counts_every_claim_once() -> None:
    """The numbers of the findings add up to the number of claims."""
    checked = check_note(load_catalog())
    total, *parts = [int(word) for word in claim_texts.tally(checked).split() if word.isdigit()]
    assert total == sum(parts) == len(checked)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (RightNumber("", 2203.2, "USD/month"), "$2,203.20/month"),
        (RightNumber("", 587.504, "USD/month"), "$587.50/month"),
        (RightNumber("", 0.1, "USD/1M tokens"), "$0.10 per 1M tokens"),
        (RightNumber("", 0.0014687999999999997, "USD/1K tokens"), "$0.0014688 per 1K tokens"),
        (RightNumber("", 6e-06, "USD/request"), "$0.000006 per request"),
        (RightNumber("", 22031999999.999996, "tokens/month"), "22.03 B tokens/month"),
        (RightNumber("", 1.1574074, "requests/s"), "1.157 requests/s"),
        (RightNumber("", 0.1, "s"), "100 ms"),
    ],
)
def test_a_number_has_its_unit_and_enough_digits(number: RightNumber, text: str) -> None:
    """Sums to the cent, unit prices with every digit that counts, volumes with their scale."""
    assert claim_texts.number_text(number).replace("\xa0", " ") == text


def test_every_unit_of_the_shipped_claims_is_written_out() -> None:
    """No amount of dollars stands there without its sign."""
    for claim in check_note(load_catalog()):
        for number in claim.numbers:
            text = claim_texts.number_text(number)
            assert ("USD" in number.unit) == text.startswith("$")
            assert "USD" not in text
