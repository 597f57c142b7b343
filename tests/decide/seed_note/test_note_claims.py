"""The note's claims, each recomputed."""

import pytest

from core.catalog.load import load_catalog
from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.options.options import billed_options
from core.decide.seed_note.note_claims import Claim, Finding, check_note
from core.decide.seed_note.seed_note import note_scenario
from core.errors import CatalogError


@pytest.fixture(scope="module")
def claims(note_catalog: Catalog) -> tuple[Claim, ...]:
    """The claims at the prices of the note's check."""
    return check_note(note_catalog)


def numbers(claims: tuple[Claim, ...], beginning: str) -> list[float]:
    """The right numbers of the claim that begins so."""
    (claim,) = [claim for claim in claims if claim.claim.startswith(beginning)]
    return [number.value for number in claim.numbers]


def test_the_shipped_catalogue_answers_every_claim() -> None:
    """Thirteen claims, each with one sentence; only what nobody can know is without numbers."""
    claims = check_note(load_catalog())
    assert len(claims) == 13
    for claim in claims:
        assert claim.explanation.endswith(".")
        assert claim.numbers or claim.verdict is Finding.UNVERIFIED
        assert all(number.value > 0 and number.unit for number in claim.numbers)


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        ("100K embedding requests", [1.5e9, 50e6, 1.1574074, 578.7037]),
        ("AWS P3.2xlarge", [2_203.20, 2_233.80, 587.504]),
        ("RTX 4080", [1_199, 43.98688, 9.824541]),
        ("OpenAI: $0.0001", [0.02, 0.13, 0.10]),
        ("Hugging Face: $", [0.00012, 0.000006, 18.0]),
        ("Together AI / Replicate: $", [0.02, 0.000225, 200, 1_000, 0.4, 2]),
        ("Self-hosted", [0.0014688, 0.044064]),
        ("OpenAI API: 50M", [150, 30, 15, 195]),
        ("Break-even", [22.032e9, 500e6, 833.3333e6]),
    ],
)
def test_the_right_numbers(
    claims: tuple[Claim, ...], beginning: str, expected: list[float]
) -> None:
    """What is right instead, at the prices of the note's check."""
    assert numbers(claims, beginning) == pytest.approx(expected, rel=1e-4)


def test_the_numbers_follow_the_catalogue(note_catalog: Catalog) -> None:
    """Another price of ada-002 gives another break-even: nothing is typed in."""
    providers = []
    for provider in note_catalog.providers:
        offers = [
            offer.model_copy(
                update={"prices": (offer.price.model_copy(update={"usd": offer.price.usd * 2}),)}
            )
            for offer in provider.api_offers
        ]
        providers.append(provider.model_copy(update={"api_offers": tuple(offers)}))
    doubled = check_note(note_catalog.model_copy(update={"providers": tuple(providers)}))
    assert numbers(doubled, "Break-even") == pytest.approx([11.016e9, 250e6, 416.6667e6], rel=1e-4)


def test_a_missing_offer_is_named(frozen_catalog: Catalog) -> None:
    """A catalogue without the note's offers says which one to add."""
    with pytest.raises(CatalogError, match="the note is about"):
        check_note(frozen_catalog)


def test_the_note_asks_of_one_bare_machine(note_catalog: Catalog) -> None:
    """No spare one beside it and nobody's labour: the rent of thirty days is the bill."""
    scenario = note_scenario().model_copy(update={"options": ("aws/p3.2xlarge",)})
    (billed,) = billed_options(Case(scenario, note_catalog))
    assert billed.bill is not None
    assert float(billed.bill.curve().at(scenario.tokens_per_month)) == pytest.approx(3.06 * 720)
