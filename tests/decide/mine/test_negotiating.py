"""Discounts: named where they count, refused where they are none, asked for at a huge bill."""

import pytest
from pydantic import ValidationError

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.snapshot import OptionAtVolume
from core.errors import ScenarioError
from core.refusals import first_fault
from core.scenario import Scenario, Serverless, Workload

SMALL = "openai/text-embedding-3-small"


def row_of(catalog: Catalog, scenario: Scenario) -> OptionAtVolume:
    """The first option's row."""
    case = Case(scenario, catalog)
    return next(
        row for row in at_volume(curves(case), case).rows if row.option.id == scenario.options[0]
    )


def test_a_discount_is_named_in_the_line_and_beside_the_list_price(catalog: Catalog) -> None:
    """20 % off $0.02 for 1,500 M tokens: $24 for $30, and the list is still told."""
    row = row_of(catalog, Scenario(options=(SMALL,), discounts=(("openai", 0.2),)))
    assert row.usd_per_month == pytest.approx(24)
    assert row.lines[0].explanation.endswith("at $0.016, 20 % off list: your discount")
    price = row.option.price
    assert price.usd == pytest.approx(0.016)
    assert price.list_usd == pytest.approx(0.02)
    assert price.said == "20 % off list: your discount"
    assert not price.is_yours  # the list price is still what a source says


def test_a_price_of_ones_own_stands_before_a_discount(catalog: Catalog) -> None:
    """What is typed is what is paid: nothing comes off it."""
    own = Scenario(options=(SMALL,), prices=((SMALL, 0.01),), discounts=(("openai", 0.5),))
    row = row_of(catalog, own)
    assert row.usd_per_month == pytest.approx(15)
    assert row.option.terms == ""


def test_free_units_do_not_grow_by_a_discount(catalog: Catalog) -> None:
    """Cloudflare gives neurons, not money: half the price halves what is beyond them alone.

    10,000 neurons a day at $0.011 for 1,000 are $3.30 of the list a month; the plan's $5 stay.
    """
    listed = row_of(catalog, Scenario(options=("cloudflare/bge-m3",)))
    half = Scenario(options=("cloudflare/bge-m3",), discounts=(("cloudflare", 0.5),))
    assert row_of(catalog, half).usd_per_month == pytest.approx(
        ((listed.usd_per_month or 0) - 5) / 2 + 5
    )


@pytest.mark.parametrize("share", [-0.1, 0.96, 1.0])
def test_a_discount_that_is_none_is_refused_by_name(share: float) -> None:
    """Below 0 and above 95 %."""
    with pytest.raises(ValidationError) as refused:
        Scenario.model_validate({"discounts": [["openai", share]]})
    words = first_fault(refused.value, Scenario)
    assert words.startswith(f"discounts: openai cannot take {share:g} off: write a share")


def test_a_provider_that_there_is_not_is_refused_by_name(catalog: Catalog) -> None:
    """A misspelt id is no discount that silently counts for nothing."""
    scenario = Scenario(options=(SMALL,), discounts=(("opnai", 0.2),))
    with pytest.raises(ScenarioError, match="discounts: the catalogue has no provider 'opnai'"):
        curves(Case(scenario, catalog))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, True),
        ({"discounts": (("openai", 0.1),)}, False),
        ({"prices": ((SMALL, 0.019),)}, False),
        ({"serverless": Serverless(negotiable_usd_per_month=20_000)}, False),
    ],
)
def test_a_huge_bill_by_list_price_says_that_nobody_pays_it(
    catalog: Catalog, changed: dict[str, object], *, said: bool
) -> None:
    """750 B tokens at $0.02 are $15,000: said above $10,000 by list, not of one's own price."""
    asked = Scenario(workload=Workload(requests_per_day=5e7), options=(SMALL,))
    sentence = row_of(catalog, asked.model_copy(update=changed)).negotiable
    assert (sentence != "") is said
    if said:
        assert sentence == (
            "$15,000 a month is by list price: at this size a discount is negotiated; type yours."
        )
