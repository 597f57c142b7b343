"""What would let a self-hosted option catch up."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog, PriceUnit
from core.cost.by_replica.hosted_bill import HostedBill, HoursAlike, rent_line
from core.cost.by_use.flat_bill import ApiBill
from core.cost.curve.break_even import meetings
from core.cost.curve.breakdown import CostLine
from core.cost.curve.piecewise import affine
from core.decide.answer.never import (
    STEPS_TRIED,
    highest_acquisition_usd,
    lowest_capacity_tokens,
    never_reason,
)
from core.decide.case import Case
from core.decide.compare import curves
from core.decide.result.curves import BreakEven
from core.decide.result.option import CapacityUsed, Option, OptionKind, PriceUsed
from core.grade import Grade
from core.scenario import Hosting, Scenario, Workload
from core.serving.batch.month_capacity import tokens_per_month, usable_tokens_per_s
from core.units import AVERAGE_MONTH, THIRTY_DAYS
from tests.cost.strategies import api_bills, hosted_bills

G6_USD_PER_HOUR = 0.8048


def with_rent(bill: HostedBill, usd_per_month: float) -> HostedBill:
    """The same bill at another rent."""
    return replace(bill, acquisition=replace(bill.acquisition, usd_per_month=usd_per_month))


def catches_up(bill: HostedBill, api: ApiBill) -> bool:
    """Whether the bill is somewhere below the API's, tried out at steps, bounds and far out."""
    cost, incumbent = bill.curve(), api.curve()
    if meetings(cost, incumbent).first_cheaper_tokens is not None:
        return True
    capacity = bill.capacity_tokens_per_month
    places = np.concatenate(
        (
            np.arange(1, 3_000) * capacity,
            np.floor(np.geomspace(1, 1e9, 3_000)) * capacity,
            incumbent.upper_tokens[:-1],
        )
    )
    return bool(np.any(cost.at(places) < incumbent.at(places) * (1 - 1e-9)))


def l4(calendar_hours_price: float = G6_USD_PER_HOUR) -> tuple[Option, HostedBill]:
    """One L4 at 62,200 tokens/s, a 60 % ceiling and a 3x peak, without labour or spare."""
    capacity = tokens_per_month(usable_tokens_per_s(62_200, 0.6), 3.0, AVERAGE_MONTH)
    bill = HostedBill(capacity, 0, 0.0, rent_line(calendar_hours_price, AVERAGE_MONTH))
    price = PriceUsed(calendar_hours_price, PriceUnit.PER_HOUR, calendar_hours_price, None, False)
    used = CapacityUsed(
        nominal_tokens_per_s=62_200,
        usable_tokens_per_s=0.6 * 62_200,
        tokens_per_month=capacity,
        basis=Grade.PUBLISHED,
        low_tokens_per_s=None,
        high_tokens_per_s=None,
        explanation="",
        source=None,
    )
    option = Option(
        id="aws/g6.xlarge",
        label="L4",
        kind=OptionKind.RENTED,
        model=None,
        price=price,
        capacity=used,
        max_tokens=None,
        ceiling_tokens_per_month=None,
        ceiling_reason="",
        notes=(),
        unpriced_reason="",
    )
    return option, bill


def test_an_l4_never_embeds_below_1_8_cents_a_million() -> None:
    """Against $0.012 it would take a rent below $0.54 an hour or a ceiling of 90 %."""
    option, bill = l4()
    reason = never_reason(option, bill, affine(0.0, 0.012e-6))
    assert reason.floor_usd_per_mtok == pytest.approx(0.01797, abs=5e-6)
    assert reason.price_that_would_change_it == pytest.approx(0.5374, abs=5e-5)
    assert reason.price_unit is PriceUnit.PER_HOUR
    assert reason.ceiling_that_would_change_it == pytest.approx(0.6 * 0.01797 / 0.012, rel=1e-3)


def test_the_calendar_cancels_in_the_floor() -> None:
    """A longer month rents longer and carries as much more."""
    floors = []
    for calendar in (THIRTY_DAYS, AVERAGE_MONTH):
        capacity = tokens_per_month(usable_tokens_per_s(62_200, 0.6), 3.0, calendar)
        bill = HostedBill(capacity, 1, 1_500.0, rent_line(G6_USD_PER_HOUR, calendar))
        floors.append(bill.curve().asymptotic_usd_per_token)
    assert floors[0] == pytest.approx(floors[1], rel=1e-12)


@settings(max_examples=150, deadline=None)
@given(hosted_bills(), api_bills())
def test_the_answer_flips_on_both_sides_of_the_price(bill: HostedBill, api: ApiBill) -> None:
    """A little below the price that would change it, it catches up; a little above, never."""
    usd = highest_acquisition_usd(bill, api.curve())
    # A supremum reached only after thousands of replicas is out of reach of a trial: so is a rent
    # that is next to nothing beside what else a replica costs, where a dear last tier must make
    # good what cheap ones left behind.
    assume(usd > max(0.01, 0.01 * bill.usd_per_replica_month))
    assert not catches_up(with_rent(bill, usd * 1.01), api)
    assert catches_up(with_rent(bill, usd * 0.99), api)


@settings(max_examples=150, deadline=None)
@given(hosted_bills(), api_bills())
def test_the_answer_flips_on_both_sides_of_the_capacity(bill: HostedBill, api: ApiBill) -> None:
    """A little more than that capacity catches up; a little less never does."""
    tokens = lowest_capacity_tokens(bill, api.curve())
    assume(math.isfinite(tokens))
    below = replace(bill, capacity_tokens_per_month=tokens * 0.99)
    above = replace(bill, capacity_tokens_per_month=tokens * 1.01)
    assert not catches_up(below, api)
    assert catches_up(above, api)


def test_no_price_helps_against_an_api_below_the_energy() -> None:
    """Where the energy of a token alone costs more than the API asks, nothing would change it."""
    option, bill = l4()
    hungry = replace(bill, active_usd_per_token=0.02e-6)
    reason = never_reason(option, hungry, affine(0.0, 0.012e-6))
    assert reason.price_that_would_change_it is None
    assert reason.ceiling_that_would_change_it is None


DEAR_AT_FIRST = ApiBill(((1e3, 0.10), (math.inf, 0.04)), 1e6, "M tokens")
"""A billion tokens cost $100, each further one $40."""


@settings(max_examples=50, deadline=None)
@example(HostedBill(1e9, 0, 0.0, CostLine("Rent", 90.0, "rent")), 3, DEAR_AT_FIRST)
@given(hosted_bills(), st.integers(2, 4), api_bills())
def test_the_answers_flip_for_a_least_number_of_replicas_too(
    bill: HostedBill, least: int, api: ApiBill
) -> None:
    """A fleet that never shrinks below two to four catches up at its own price and capacity."""
    fleet = replace(bill, minimum_replicas=least)
    usd = highest_acquisition_usd(fleet, api.curve())
    if usd > 0.01:
        assert not catches_up(with_rent(fleet, usd * 1.01), api)
        assert catches_up(with_rent(fleet, usd * 0.99), api)
    tokens = lowest_capacity_tokens(fleet, api.curve())
    if math.isfinite(tokens):
        assert not catches_up(replace(fleet, capacity_tokens_per_month=tokens * 0.99), api)
        assert catches_up(replace(fleet, capacity_tokens_per_month=tokens * 1.01), api)


HOSTINGS = st.builds(
    Hosting,
    model=st.just("open/large"),
    spare_replicas=st.integers(0, 3),
    minimum_replicas=st.integers(1, 3),
    labour_usd_per_month=st.sampled_from([0.0, 30.0]),
    host_usd=st.sampled_from([0.0, 250.0, 800.0]),
    residual_fraction=st.sampled_from([0.0, 0.3]),
    idle_w=st.sampled_from([0.0, 70.0]),
    spot_share=st.sampled_from([0.0, 0.5]),
    autoscale=st.booleans(),
)


def compared(
    catalog: Catalog,
    hosting: Hosting,
    option_id: str,
    api_usd: float,
    own: float | None,
    waits: float = 0.0,
) -> BreakEven:
    """A GPU, at the list price or at one's own, against an API at a price for 1M tokens."""
    prices = (("alpha/flat", api_usd), *(() if own is None else ((option_id, own),)))
    asked = Scenario(
        workload=Workload(deferrable_share=waits),
        hosting=hosting,
        options=("alpha/flat", option_id),
        prices=prices,
    )
    (pair,) = curves(Case(asked, catalog)).break_evens
    return pair


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    hosting=HOSTINGS,
    option_id=st.sampled_from(["owned/gpu-home", "rent/l-1", "rent/v-2"]),
    api_usd=st.floats(-4, -1).map(lambda exponent: 10.0**exponent),
    waits=st.sampled_from([0.0, 0.1, 0.4, 1.0]),
)
def test_under_the_named_price_it_is_cheaper_somewhere_and_above_it_nowhere(
    frozen_catalog: Catalog, hosting: Hosting, option_id: str, api_usd: float, waits: float
) -> None:
    """Host, spare and all that is bought beside it counted; without a price not even for $0."""
    never = compared(frozen_catalog, hosting, option_id, api_usd, None, waits).never
    assume(never is not None)
    assert never is not None
    usd = never.price_that_would_change_it
    if usd is None:
        assert compared(frozen_catalog, hosting, option_id, api_usd, 0.0, waits).never is not None
        return
    below = compared(frozen_catalog, hosting, option_id, api_usd, 0.999 * usd, waits)
    assert below.never is None
    # Of a fleet that follows the load the best of the first steps stands for the best of all.
    above = 1.001 if not hosting.autoscale else 1 + 1 / STEPS_TRIED
    dear = compared(frozen_catalog, hosting, option_id, api_usd, above * usd, waits)
    assert dear.never is not None


def test_a_host_that_costs_more_than_the_api_is_not_made_good_by_a_free_card(
    note_catalog: Catalog,
) -> None:
    """$2,000 of host against $0.0015 for 1M tokens: no price of the card would do."""
    asked = Scenario(
        hosting=Hosting(host_usd=2_000),
        options=("owned/rtx-4080", "openai/text-embedding-3-small"),
        prices=(("openai/text-embedding-3-small", 0.0015),),
    )
    (pair,) = curves(Case(asked, note_catalog)).break_evens
    assert pair.never is not None
    assert pair.never.price_that_would_change_it is None


def test_in_which_order_the_hours_stand_changes_nothing() -> None:
    """Hours without load first or last: the same rent and the same capacity would catch up."""
    api = ApiBill(((5e9, 1e-7), (math.inf, 4e-8)), 1.0, "tokens").curve()
    empty, full = HoursAlike(0.5, 0.0), HoursAlike(0.5, 1.0)
    rent = CostLine("Rent", 400.0, "rent")
    bills = [
        HostedBill(1e9, 0, 50.0, rent, minimum_replicas=1, hours=hours)
        for hours in ((empty, full), (full, empty))
    ]
    rents = [highest_acquisition_usd(bill, api) for bill in bills]
    assert rents[0] == pytest.approx(rents[1])
    assert rents[0] > 0
    carried = [lowest_capacity_tokens(bill, api) for bill in bills]
    assert carried[0] == pytest.approx(carried[1])
    assert math.isfinite(carried[0])
