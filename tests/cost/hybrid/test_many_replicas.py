"""Hybrids of any number of replicas, against plain enumeration of every count."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.cost.by_replica.autoscaling import hours_alike
from core.cost.by_replica.hosted_bill import HostedBill
from core.cost.by_use.usage_bill import TierRule, UsageBill
from core.cost.curve.breakdown import CostLine
from core.cost.curve.piecewise import Floats
from core.cost.hybrid.hybrid_bill import HybridBill
from core.cost.load.hourly_load import valleys_filled
from core.cost.under_factors.many_factors import SAME
from tests.cost.strategies import by_the_token
from tests.oracles.hybrid.split_by_trying import costs_by_count, most_replicas, promised

replicas_at_peak = st.floats(-1, 3.5).map(lambda exponent: 10.0**exponent)


@st.composite
def apis(draw: st.DrawFn) -> UsageBill:
    """One price, or a list of prices that never falls with the volume."""
    usd = 10.0 ** draw(st.floats(-3, 1))
    bill = UsageBill(
        tiers=((draw(st.floats(10.0, 1e6)), usd), (math.inf, usd * draw(st.floats(0.3, 3.0)))),
        tokens_per_unit=1e6,
        unit_name="M tokens",
        rule=TierRule.GRADUATED,
        minimum_usd=draw(st.sampled_from([0.0, 300.0])),
    )
    return draw(st.sampled_from([by_the_token(usd / 1e6), bill]))


@st.composite
def hybrids(draw: st.DrawFn) -> HybridBill:
    """Any day, some of it waiting; a base at all hours or one that follows; limits and quotas."""
    hour = st.one_of(st.just(0.0), st.floats(0.01, 5.0))
    hours = draw(st.lists(hour, min_size=1, max_size=24).filter(any))
    comes = np.array(hours) * len(hours) / sum(hours)
    waits = draw(st.sampled_from([0.0, 0.1, 0.5, 1.0]) | st.floats(0, 1))
    relative = tuple(valleys_filled(comes, waits).tolist())
    capacity = 10.0 ** draw(st.floats(8, 11))
    follows = draw(st.booleans())
    base = HostedBill(
        capacity_tokens_per_month=capacity / max(relative),
        spare_replicas=1,
        labour_usd_per_month=draw(st.sampled_from([0.0, 500.0])),
        acquisition=CostLine("Rent", draw(st.floats(1.0, 1_000.0)), "rent"),
        active_usd_per_token=draw(st.sampled_from([0.0, 1e-9])),
        hours=hours_alike(
            comes * (1 - waits), 0.2, draw(st.sampled_from([0.0, 2.0])), max(relative)
        )
        if follows
        else (),
        mean_load=1 / max(relative) if follows else 0.0,
        shortest_run=draw(st.sampled_from([0.0, 0.06])) if follows else 0.0,
    )
    api = draw(apis())
    limit = draw(st.sampled_from([math.inf, 0.7, 30.0]))
    return HybridBill(
        base,
        capacity,
        relative,
        api,
        api,
        api_limit_tokens=limit * capacity,
        quota=draw(st.one_of(st.none(), st.sampled_from([1, 30, 49, 140, 2_000]))),
        most_api_share=draw(st.sampled_from([1.0, 1.0, 0.4, 0.01, 0.0]) | st.floats(0, 1)),
    )


def volume(bill: HybridBill, replicas: float) -> float:
    """Volume whose peak so many replicas carry."""
    return replicas * bill.flat_capacity_tokens / max(bill.relative_load)


def apart_from_steps(bill: HybridBill, tokens: float) -> bool:
    """Whether no hour is just filled: there the last digit of a rounding decides on the next."""
    loads = np.append(bill.relative_load, bill.readiness[1])
    needed = tokens * loads[np.isfinite(loads)] / bill.flat_capacity_tokens
    return bool(np.all((needed == 0) | (np.abs(needed - np.round(needed)) > 1e-6)))


@settings(max_examples=60, deadline=None)
@given(hybrids(), replicas_at_peak)
def test_the_curve_is_the_least_over_all_counts(bill: HybridBill, replicas: float) -> None:
    """As near as is promised at any number of replicas; many scenarios and the split are exact."""
    tokens = volume(bill, replicas)
    assume(tokens < bill.ceiling_tokens * (1 - 1e-9))
    assume(apart_from_steps(bill, tokens))
    usd = costs_by_count(bill, tokens)
    least = float(usd.min())
    near = promised(bill, tokens)
    assert float(bill.curve().at(tokens)) == pytest.approx(least, rel=near, abs=1e-6)
    assert float(bill.under(SAME, tokens)) == pytest.approx(least, rel=1e-9, abs=1e-9)
    count = bill.split(tokens).replicas
    assert float(usd[count]) == pytest.approx(least, rel=1e-9, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(hybrids(), replicas_at_peak, replicas_at_peak)
def test_a_bill_never_falls_as_the_volume_rises(bill: HybridBill, one: float, other: float) -> None:
    """Where the API's does not: also where parts of replicas begin to be counted."""
    curve = bill.curve()
    volumes = np.array(sorted((volume(bill, one), volume(bill, other))))
    knots = curve.upper_tokens[:-1]
    # Edges nearer than 1e-8 are one, and so are small steps of a large base that follows.
    far = (knots > volume(bill, 48)) & bool(bill.base.hours)
    near = np.where(far, 2e-6, 1e-7)
    assert np.all(curve.at(knots) <= curve.just_above(knots) * (1 + near) + 1e-6)
    low, high = curve.at(volumes)
    assert low <= high * (1 + 1e-7) + 1e-6


@settings(max_examples=12, deadline=None)
@given(hybrids(), replicas_at_peak, st.integers(1, 300), st.integers(1, 300))
def test_a_higher_quota_never_costs_more(
    bill: HybridBill, replicas: float, one: int, other: int
) -> None:
    """And never rules out what a lower one lets through."""
    tokens = volume(bill, replicas)
    low, high = (replace(bill, quota=quota) for quota in sorted((one, other)))
    assert low.ceiling_tokens <= high.ceiling_tokens
    assume(tokens <= low.ceiling_tokens)
    dear, free = float(low.curve().at(tokens)), float(high.curve().at(tokens))
    near = max(promised(limited, tokens) for limited in (low, high))
    assert free <= dear * (1 + near) + 1e-6
    assert high.split(tokens).replicas <= max(one, other)
    many = [float(limited.under(SAME, tokens)) for limited in (high, low)]
    assert many[0] <= many[1] * (1 + 1e-12)


@pytest.mark.parametrize("follows", [False, True])
@pytest.mark.parametrize("replicas", [1, 7, 47, 48, 49, 50, 141, 499, 500, 501, 1_234, 99_999])
def test_exactly_so_many_full_replicas_are_so_many(replicas: int, follows: bool) -> None:
    """Beside an API that nobody can pay: rounding adds none, at an odd capacity."""
    relative = (0.3, 1.0, 1.7)
    hours = hours_alike(np.array(relative), 0.0, 0.0) if follows else ()
    capacity = 1e9 / 3
    base = HostedBill(capacity / 1.7, 0, 0.0, CostLine("Rent", 100.0, "rent"), hours=hours)
    dear = by_the_token(1e3)
    bill = HybridBill(base, capacity, relative, dear, dear)
    tokens = volume(bill, replicas)
    running = bill.running(tokens)
    assert running.working == base.running(tokens).working == replicas
    assert running.mean == pytest.approx(base.running(tokens).mean)
    near = 1e-8 if replicas <= 500 else 1e-3
    assert float(bill.curve().at(tokens)) == pytest.approx(float(base.curve().at(tokens)), rel=near)


def test_a_quota_of_49_is_worth_more_than_one_of_48() -> None:
    """L4s and an API at $0.204: $463,065 at 48, $456,300 at 49; from 141 on $83,203."""
    day, capacity = NOTE_DAY, L4_TOKENS
    base = HostedBill(capacity / max(day), 1, 0.0, CostLine("Rent", 579.456, "rent"))
    api = by_the_token(0.204e-6)
    usd: Floats = np.array(
        [
            float(replace(HybridBill(base, capacity, day, api, api), quota=q).curve().at(4.5e12))
            for q in (48, 49, 100, 140, 141, None)
        ]
    )
    assert np.all(np.diff(usd) <= 0)
    assert most_replicas(HybridBill(base, capacity, day, api, api), 4.5e12) == 141
    assert usd[-1] == usd[-2]


NOTE_DAY = tuple(1.0 + math.cos(2 * math.pi * hour / 24) for hour in range(24))
L4_TOKENS = 4.5e12 * 2 / 140.4


@pytest.mark.parametrize("follows", [False, True])
@pytest.mark.parametrize("usd_per_mtok", [0.0, 1e-9, 1e-6])
def test_an_api_for_next_to_nothing_takes_everything(usd_per_mtok: float, follows: bool) -> None:
    """Its bill is never worth many replicas: no count of them is followed without end."""
    hours = hours_alike(np.array(NOTE_DAY), 0.1, 0.3) if follows else ()
    base = HostedBill(1e9, 0, 0.0, CostLine("Rent", 100.0, "rent"), hours=hours)
    api = by_the_token(usd_per_mtok / 1e6)
    bill = HybridBill(base, 2e9, NOTE_DAY, api, api)
    for tokens in (1e6, 1e12, 1e17):
        assert float(bill.curve().at(tokens)) == pytest.approx(usd_per_mtok * tokens / 1e6)
        assert bill.split(tokens).replicas == 0
    assert bill.curve().upper_tokens.size < 100


def test_beside_a_cheap_api_that_has_a_limit_one_replica_is_one() -> None:
    """The API alone stops at 5e9 tokens; beyond, one replica must stand, and not one and a half."""
    base = HostedBill(1e8, 0, 0.0, CostLine("Rent", 1.0, "rent"))
    api = by_the_token(2e-9)
    bill = HybridBill(base, 3e8, (1.0,) * 24, api, api, alone_limit_tokens=5e9)
    for tokens in (6e9, 3e10, 1e12):
        assert float(bill.curve().at(tokens)) == pytest.approx(1.0 + (tokens - 3e8) * 2e-9)


@pytest.mark.parametrize("follows", [False, True])
@pytest.mark.parametrize("replicas", [10.0, 60.0, 100.0, 1e4, 1e6])
def test_the_one_replica_that_an_api_asks_for_is_a_whole_one(
    replicas: float, follows: bool
) -> None:
    """Beside a cheap API that takes no more alone: its rent in full, and half of none."""
    relative = (0.002, 1.998)
    hours = hours_alike(np.array(relative), 0.0, 0.0) if follows else ()
    base = HostedBill(1e9, 0, 0.0, CostLine("Rent", 1_000.0, "rent"), hours=hours)
    api = by_the_token(1e-7)
    bill = HybridBill(base, 1.998e9, relative, api, api, alone_limit_tokens=5e9)
    tokens = replicas * 1e9
    assert bill.split(tokens).replicas == 1
    spilled = float(bill.spilled_tokens(tokens, 1))
    assert float(bill.curve().at(tokens)) == pytest.approx(1_000 + 1e-7 * spilled)


@pytest.mark.parametrize("times", [0.6, 0.9995, 1.0005, 1.000999])
def test_up_to_its_limit_and_one_replica_an_api_asks_for_no_second(times: float) -> None:
    """A limit of a thousand replicas, where parts are counted long since: exact up to there."""
    base = HostedBill(1e9, 0, 0.0, CostLine("Rent", 100.0, "rent"))
    api = by_the_token(0.9e-7)
    bill = HybridBill(base, 1e9, (1.0,), api, api, 1e12, alone_limit_tokens=0.0)
    tokens = times * 1e12
    assert float(bill.curve().at(tokens)) == pytest.approx(100 + 0.9e-7 * (tokens - 1e9), rel=1e-9)


@pytest.mark.parametrize("replicas", [530.7, 545.3, 700.1, 1_200.5])
def test_what_a_replica_more_costs_has_its_tokens_in_it(replicas: float) -> None:
    """Where a limit asks for replicas whose tokens are dearer than the API's: within 0.1 %."""
    base = HostedBill(1e9, 0, 0.0, CostLine("Rent", 1.0, "rent"), active_usd_per_token=1e-8)
    api = by_the_token(1e-9)
    bill = HybridBill(base, 1e9, (1.0,), api, api, api_limit_tokens=1e9)
    tokens = replicas * 1e9 / 11
    many = float(bill.under(SAME, tokens))
    assert float(bill.curve().at(tokens)) == pytest.approx(many, rel=1e-3)


@pytest.mark.parametrize("follows", [False, True])
def test_no_more_replicas_are_counted_than_can_be_had(follows: bool) -> None:
    """Thirty of them beside an API for next to nothing: not the billion that its bill is worth."""
    hours = hours_alike(np.array(NOTE_DAY), 0.1, 0.3) if follows else ()
    base = HostedBill(1e8, 0, 0.0, CostLine("Rent", 500.0, "rent"), hours=hours)
    api = by_the_token(1e-11)
    bill = HybridBill(base, 2e8, NOTE_DAY, api, api, api_limit_tokens=1e9, quota=30)
    assert bill.curve().upper_tokens.size < 10_000
    tokens = 0.99 * bill.ceiling_tokens
    usd = costs_by_count(bill, tokens)
    assert float(bill.curve().at(tokens)) == pytest.approx(float(usd.min()), rel=1e-8)


@pytest.mark.parametrize("times", [0.6, 0.9995, 1.0005, 1.000499])
def test_of_a_load_with_a_peak_the_limit_holds_in_the_busiest_hour(times: float) -> None:
    """All in one of two hours: half the volume is at the limit, and one replica beside it."""
    base = HostedBill(5e8, 0, 0.0, CostLine("Rent", 100.0, "rent"))
    api = by_the_token(0.9e-7)
    bill = HybridBill(base, 1e9, (0.0, 2.0), api, api, 2e12, alone_limit_tokens=0.0)
    tokens = times * 1e12
    spilled = (2 * tokens - 1e9) / 2
    assert float(bill.curve().at(tokens)) == pytest.approx(100 + 0.9e-7 * spilled, rel=1e-9)


@pytest.mark.parametrize("usd_per_token", [(1e-9, 9e-8), (9e-8, 1e-9)])
def test_beside_a_limit_ever_less_spills_and_a_tier_of_it_ends(
    usd_per_token: tuple[float, float],
) -> None:
    """A tier that ends where 0.4e12 tokens spill, past a thousand replicas: within 0.1 %."""
    first, second = usd_per_token
    api = UsageBill(((4e11, first), (math.inf, second)), 1.0, "tokens")
    base = HostedBill(1e9 / 1.8, 0, 0.0, CostLine("Rent", 100.0, "rent"))
    bill = HybridBill(base, 1e9, (0.2, 1.0, 1.8), api, api, 1e12, alone_limit_tokens=0.0)
    tokens = np.linspace(0.9e12, 1.2e12, 13)
    assert bill.curve().at(tokens) == pytest.approx(bill.under(SAME, tokens), rel=1e-3)
