"""Whole bills: the order of their parts, exactness, and the break-evens that falling tiers make."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.by_use.flat_bill import ApiBill, tokens_per_mchar
from core.cost.by_use.retries import Retries
from core.cost.by_use.usage_bill import CallFees, TierRule, UsageBill, batch_discount
from core.cost.curve.break_even import meetings
from core.cost.curve.breakdown import CostLine
from core.cost.curve.piecewise import affine
from core.cost.under_factors.many_factors import SAME, Factors
from core.errors import ModelInputError
from tests.cost.strategies import volumes

money = st.floats(0.0, 1_000.0)
shares = st.floats(0.0, 1.0)


@st.composite
def usage_bills(draw: st.DrawFn) -> UsageBill:
    """Bills with any of the parts, in one to three tiers by either rule."""
    prices = draw(st.lists(st.floats(0.001, 1.0), min_size=1, max_size=3))
    n = len(prices) - 1
    bounds = draw(st.lists(st.floats(1.0, 1e6), min_size=n, max_size=n, unique=True))
    calls = st.builds(CallFees, st.floats(10, 1e5), money.map(lambda usd: usd / 1e6))
    return UsageBill(
        tiers=tuple(zip([*sorted(bounds), math.inf], prices, strict=True)),
        tokens_per_unit=1e6,
        unit_name="M tokens",
        rule=draw(st.sampled_from(TierRule)),
        free_units=draw(st.sampled_from([0.0, 10.0, 12_345.6])),
        fixed_usd=draw(money),
        minimum_usd=draw(money),
        plan_usd=draw(money),
        planless_units=draw(st.sampled_from([0.0, 0.0, 5.0, 20_000.0])),
        batch_share=draw(shares),
        batch_discount=draw(shares),
        retries=Retries(draw(st.floats(0, 0.99)), draw(st.integers(1, 4)), draw(st.booleans())),
        calls=draw(st.one_of(st.none(), calls)),
    )


def by_hand(bill: UsageBill, tokens: float) -> float:
    """The bill step by step: retries, free quota, tiers, discount, minimum, then calls."""
    attempts = bill.retries.billed_attempts
    used = tokens / bill.tokens_per_unit * attempts
    units = max(0.0, used - bill.free_units)
    if bill.rule is TierRule.ALL_UNITS:
        usage = units * next(usd for upper, usd in bill.tiers if units <= upper)
    else:
        usage, lower = 0.0, 0.0
        for upper, usd in bill.tiers:
            usage += usd * max(0.0, min(units, upper) - lower)
            lower = upper
    usage *= 1 - bill.batch_share * bill.batch_discount
    total = max(bill.minimum_usd, bill.fixed_usd + bill.plan_usd + usage)
    if 0 < used <= bill.planless_units or (used == 0 and bill.planless_units > 0):
        total = 0.0
    if bill.calls is not None:
        fee = bill.calls.usd_per_call + bill.calls.seconds_per_call * bill.calls.usd_per_second
        total += tokens / bill.calls.tokens_per_call * attempts * fee
    return total


def at_a_bound(bill: UsageBill, tokens: float) -> bool:
    """Whether rounding alone decides in which tier a volume falls."""
    units = tokens / bill.tokens_per_unit * bill.retries.billed_attempts - bill.free_units
    return any(math.isclose(units, upper, rel_tol=1e-9) for upper, _ in bill.tiers)


@given(usage_bills(), volumes)
def test_the_curve_is_the_bill_step_by_step(bill: UsageBill, tokens: float) -> None:
    """Exact to nine digits, whatever parts the bill has."""
    if not at_a_bound(bill, tokens):
        expected = by_hand(bill, tokens)
        assert float(bill.curve().at(tokens)) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(usage_bills(), volumes)
def test_the_lines_sum_to_the_curve(bill: UsageBill, tokens: float) -> None:
    """The itemised bill and the curve are the same money."""
    total = math.fsum(line.usd_per_month for line in bill.lines(tokens))
    assert total == pytest.approx(float(bill.curve().at(tokens)), rel=1e-9, abs=1e-8)


@given(usage_bills())
def test_many_volumes_at_once(bill: UsageBill) -> None:
    """A row of volumes costs what each costs alone."""
    row = np.geomspace(1e3, 1e13, 11)
    assert bill.curve().at(row).tolist() == [float(bill.curve().at(v)) for v in row]


@given(usage_bills(), st.floats(0.1, 10.0))
def test_where_the_curve_bends_is_known_at_any_price(bill: UsageBill, times: float) -> None:
    """Each end of a piece of the bill at that price is among the volumes that are named."""
    tiers = tuple((bound, times * usd) for bound, usd in bill.tiers)
    priced = replace(
        bill,
        tiers=tiers,
        free_money_units=bill.free_money_units / times,
        planless_money_units=bill.planless_money_units / times,
    ).curve()
    named = np.array([float(place) for place in bill.bends(times)])
    for end in priced.upper_tokens[:-1]:
        assert np.isclose(named, end, rtol=1e-9).any()


@given(usage_bills(), st.lists(volumes, min_size=2, max_size=10))
def test_graduated_bills_never_fall(bill: UsageBill, tokens: list[float]) -> None:
    """More volume never costs less, however the parts combine."""
    usd = replace(bill, rule=TierRule.GRADUATED).curve().at(np.sort(tokens))
    assert np.all(np.diff(usd) >= -1e-9 * usd[1:])


def test_a_plain_bill_is_the_plain_bill() -> None:
    """Without the other parts it is the graduated bill that the rest of the model uses."""
    tiers = ((100.0, 0.10), (math.inf, 0.05))
    row = np.geomspace(1, 1e12, 50)
    plain = ApiBill(tiers, 1e6, "M tokens").curve().at(row)
    assert UsageBill(tiers, 1e6, "M tokens").curve().at(row) == pytest.approx(plain, rel=1e-12)


def test_the_order_of_the_parts() -> None:
    """120 units at 1.05 attempts for an answer, 20 free, tiers 50/rest, half of it at half off.

    U rho = 126, less 20 is 106; 50 at 1 and 56 at 0.5 are 78; three quarters of it is 58.5.
    """
    bill = UsageBill(
        tiers=((50.0, 1.0), (math.inf, 0.5)),
        tokens_per_unit=1.0,
        unit_name="units",
        free_units=20,
        batch_share=0.5,
        batch_discount=0.5,
        retries=Retries(1 - 1 / 1.05, 2, failed_billed=True),
    )
    assert float(bill.curve().at(120)) == pytest.approx(58.5, rel=1e-12)
    assert float(replace(bill, minimum_usd=60).curve().at(120)) == pytest.approx(60)
    with_fees = replace(bill, minimum_usd=60, fixed_usd=1.0, calls=CallFees(6, 0.1, 2.0, 0.05))
    # 120/6 calls x 1.05 attempts x (0.1 + 2 s x 0.05) = 4.2, beyond the minimum.
    assert float(with_fees.curve().at(120)) == pytest.approx(60 + 4.2)


def test_all_units_tiers_make_more_break_evens() -> None:
    """A price that falls for every unit meets a fixed cost three times.

    1 a unit up to 100 units, 0.5 for all beyond, against 60 a month: equal at 60, jumps below it at
    100, equal again at 120.
    """
    api = UsageBill(((100.0, 1.0), (math.inf, 0.5)), 1.0, "units", TierRule.ALL_UNITS).curve()
    found = meetings(affine(60.0, 0.0), api)
    events = [(event.kind.value, event.tokens_per_month) for event in found.events]
    assert events == [("cross", 60.0), ("jump", 100.0), ("cross", 120.0)]
    assert [event.sign_above for event in found.events] == [-1, 1, -1]
    assert float(api.at(100.0)) == 100
    assert float(api.just_above(100.0)) == 50


def test_a_minimum_ties_with_a_fixed_cost_of_its_size() -> None:
    """Up to the volume that uses it up, the minimum is a flat rate."""
    api = UsageBill(((math.inf, 0.5),), 1.0, "units", minimum_usd=50).curve()
    (event,) = meetings(affine(50.0, 0.0), api).events
    assert (event.kind.value, event.tokens_per_month) == ("tie", 0.0)
    assert event.until_tokens_per_month == pytest.approx(100.0)
    assert event.sign_above == -1


def test_a_minimum_covers_the_drop_of_a_tier() -> None:
    """Where all-units prices fall below the minimum again, the minimum holds again."""
    tiers = ((100.0, 1.0), (math.inf, 0.2))
    bill = UsageBill(tiers, 1.0, "units", TierRule.ALL_UNITS, minimum_usd=50)
    usd = bill.curve().at(np.array([0.0, 50.0, 100.0, 101.0, 250.0, 300.0]))
    assert usd == pytest.approx([50, 50, 100, 50, 50, 60])


def test_characters_are_billed_as_tokens_of_their_length() -> None:
    """A million characters at 4 a token are a quarter of a million tokens."""
    bill = UsageBill(((math.inf, 0.2),), tokens_per_mchar(4.0), "M characters")
    assert float(bill.curve().at(1e6)) == pytest.approx(0.8)


@given(usage_bills(), st.floats(0, 0.99), st.floats(0, 0.99), st.floats(0, 1e12))
def test_a_month_never_gets_cheaper_as_more_fails(
    bill: UsageBill, one: float, other: float, tokens: float
) -> None:
    """The same texts answered: tiers, free units, minimum, discount and fees take nothing off.

    But for a price that falls for all units where a tier begins: more units may cost less there.
    """
    graduated = replace(bill, rule=TierRule.GRADUATED)
    rare, often = (
        replace(graduated, retries=replace(bill.retries, failure_rate=f))
        for f in sorted((one, other))
    )
    assert float(rare.curve().at(tokens)) <= float(often.curve().at(tokens)) * (1 + 1e-9) + 1e-9


def test_half_of_the_answers_are_not_half_price() -> None:
    """1.5 B tokens at $0.02 with one attempt: $30 whether 0, 50 or 90 % of the texts fail."""
    for failure_rate in (0.0, 0.5, 0.9):
        bill = UsageBill(((math.inf, 0.02),), 1e6, "M tokens", retries=Retries(failure_rate, 1))
        assert float(bill.curve().at(1.5e9)) == pytest.approx(30)


def test_a_batch_price_makes_a_discount() -> None:
    """0.01 instead of 0.02 is half off."""
    assert batch_discount(0.02, 0.01) == pytest.approx(0.5)
    assert batch_discount(0.02, 0.02) == 0
    assert batch_discount(0.02, 0.0) == 1
    with pytest.raises(ModelInputError, match="batch price must lie from 0 to the list price"):
        batch_discount(0.02, 0.03)
    with pytest.raises(ModelInputError, match="list price must be above 0"):
        batch_discount(0.0, 0.0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tiers": ((math.inf, -0.1),)}, "price of a unit"),
        ({"tiers": ((math.inf, math.nan),)}, "price of a unit"),
        ({"tiers": ((5.0, 1.0),)}, "rising upper bounds"),
        ({"tokens_per_unit": 0.0}, "tokens per unit"),
        ({"tokens_per_unit": math.inf}, "tokens per unit"),
        ({"free_units": -1.0}, "free units a month"),
        ({"fixed_usd": math.nan}, "fixed fee a month"),
        ({"minimum_usd": math.inf}, "minimum a month"),
        ({"batch_share": 1.5}, "share of the volume in batches"),
        ({"batch_discount": -0.5}, "batch discount"),
    ],
)
def test_impossible_bills_are_refused(change: dict[str, Any], field: str) -> None:
    """Each error names its field."""
    good = UsageBill(((math.inf, 1.0),), 1.0, "units")
    with pytest.raises(ModelInputError, match=field):
        replace(good, **change)


def test_impossible_calls_are_refused() -> None:
    """A call without tokens, a negative fee, unknown seconds, an endless price."""
    for arguments, field in (
        ((0.0,), "tokens in a call"),
        ((1.0, -1.0), "fee for a call"),
        ((1.0, 0.0, math.nan), "billed seconds of a call"),
        ((1.0, 0.0, 1.0, math.inf), "price of a second"),
    ):
        with pytest.raises(ModelInputError, match=field):
            CallFees(*arguments)
    bill = UsageBill(((math.inf, 1.0),), 1.0, "units")
    with pytest.raises(ModelInputError, match="volume in tokens a month"):
        bill.lines(-1.0)


def test_a_line_of_usage_names_units_and_the_price_that_holds_for_all() -> None:
    """Where a tier's price is that of every unit: half of a unit as well as 2,000."""
    bill = UsageBill(((1_000.0, 0.10), (math.inf, 0.05)), 1e6, "M tokens", rule=TierRule.ALL_UNITS)
    for tokens, said in (
        (5e5, "0.5 M tokens at $0.1"),
        (2e9, "2,000 M tokens at $0.05"),
        (0.0, "0 M tokens at $0.1"),
    ):
        assert bill.lines(tokens)[0].explanation == said
    cheap_first = replace(bill, tiers=((0.1, 0.05), (math.inf, 0.10)))
    assert cheap_first.lines(5e5)[0].explanation == "0.5 M tokens at $0.1"


def test_what_falls_short_of_a_minimum_is_a_line() -> None:
    """100 units at 1 with all of it at half off are 50: ten more are due up to a minimum of 60."""
    bill = UsageBill(
        ((math.inf, 1.0),), 1.0, "units", minimum_usd=60, batch_share=1, batch_discount=0.5
    )
    lines = {line.label: line.usd_per_month for line in bill.lines(100)}
    assert lines == pytest.approx({"Usage": 100, "Batch discount": -50, "Minimum": 10})
    assert "Minimum" not in {line.label for line in bill.lines(120)}
    at_half = replace(bill, batch_share=0.5)
    assert [line.usd_per_month for line in at_half.lines(60)] == pytest.approx([60, -15, 15])


@pytest.mark.parametrize("by_money", [False, True])
def test_up_to_what_an_account_without_a_plan_may_use_nothing_is_due(by_money: bool) -> None:
    """Five units, the fifth included, whether it counts them or gives the money for them."""
    units: dict[str, Any] = {"planless_money_units" if by_money else "planless_units": 5.0}
    bill = UsageBill(((math.inf, 1.0),), 1.0, "units", plan_usd=20.0, **units)
    for tokens, usd in ((0.0, 0.0), (4.0, 0.0), (5.0, 0.0), (6.0, 26.0)):
        assert float(bill.curve().at(tokens)) == pytest.approx(usd)
        assert float(np.asarray(bill.under(SAME, tokens))) == pytest.approx(usd)
        lines = bill.lines(tokens)
        assert math.fsum(line.usd_per_month for line in lines) == pytest.approx(usd)


def test_what_money_gives_is_less_at_a_higher_price() -> None:
    """Five units for a plan's money at the price it has: two and a half at twice the price."""
    bill = UsageBill(((math.inf, 1.0),), 1.0, "units", free_money_units=5.0)
    for price, usd in ((0.5, 0.0), (1.0, 5.0), (2.0, 15.0)):
        assert float(np.asarray(bill.under(Factors(price=price), 10.0))) == pytest.approx(usd)
    counted = replace(bill, free_money_units=0.0, free_units=5.0)
    assert float(np.asarray(counted.under(Factors(price=2.0), 10.0))) == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("part", "usd"),
    [
        ({"fixed_usd": 0.5}, 10.5),
        ({"plan_usd": 0.5}, 10.5),
        ({"minimum_usd": 0.5}, 10.0),
        ({"minimum_usd": 10.5}, 10.5),
        ({"free_units": 0.5}, 9.5),
        ({"free_money_units": 0.5}, 9.5),
        ({"planless_units": 0.5}, 10.0),
        ({"batch_share": 1.0, "batch_discount": 0.5}, 5.0),
        ({"batch_share": 0.5, "batch_discount": 1.0}, 5.0),
    ],
)
def test_a_small_part_of_a_bill_is_a_part_of_it(part: dict[str, Any], usd: float) -> None:
    """Half a dollar, half a unit, a half: of one volume and of many scenarios."""
    bill = UsageBill(((math.inf, 1.0),), 1.0, "units", **part)
    assert float(bill.curve().at(10.0)) == pytest.approx(usd)
    assert float(np.asarray(bill.under(SAME, 10.0))) == pytest.approx(usd)
    assert np.asarray(bill.under(SAME, np.array([10.0]))) == pytest.approx(np.array([usd]))


def test_what_is_added_waits_where_it_goes_by_batch() -> None:
    """Half of 100 waits at half off: $75. Of 100 more by batch $50 are due, else $100."""
    bill = UsageBill(((math.inf, 1.0),), 1.0, "units", batch_share=0.5, batch_discount=0.5)
    month, more = np.array([100.0, 0.0]), np.array([100.0, 40.0])
    assert bill.added_usd(month, more, batched=True) == pytest.approx([50.0, 20.0])
    assert bill.added_usd(month, more, batched=False) == pytest.approx([100.0, 40.0])
    assert bill.added_usd(month, np.zeros(2), batched=True) == pytest.approx([0.0, 0.0])


def test_what_others_are_paid_is_no_part_of_what_the_provider_bills() -> None:
    """Storage of $7 stands in the month's cost alone."""
    storage = (CostLine("Storage", 7.0, "GB"),)
    bill = UsageBill(((math.inf, 1.0),), 1.0, "units", by_month=storage)
    assert float(bill.curve().at(10.0)) == pytest.approx(17.0)
    assert float(bill.provider_curve().at(10.0)) == pytest.approx(10.0)
