"""The cheapest split of every volume as one curve."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.cost.by_replica.autoscaling import hours_alike
from core.cost.by_replica.hosted_bill import HostedBill, rent_line
from core.cost.by_use.usage_bill import TierRule, UsageBill
from core.cost.curve.break_even import meetings
from core.cost.curve.breakdown import CostLine
from core.cost.hybrid.hybrid_bill import HybridBill
from core.cost.hybrid.least_line import _turns
from core.cost.hybrid.vector_space import VectorSource
from core.cost.load.hourly_load import cosine_power_profile
from core.errors import ModelInputError
from core.units import AVERAGE_MONTH
from tests.cost.strategies import by_the_token
from tests.oracles.hybrid.hybrid_by_trying import BaseFleet, BurstApi, plan_hybrid
from tests.oracles.hybrid.load_duration import load_duration

FEW = 48
"""Replicas up to which every bill is exact to the cent, whatever else it is made of."""

NOTE_DAY = tuple(cosine_power_profile(2.6056).relative.tolist())
SAME = VectorSource("BAAI/bge-m3")
SECONDS = AVERAGE_MONTH.seconds_per_month


def hybrid(
    relative_load: tuple[float, ...],
    flat_capacity: float,
    unit_usd: float,
    fixed_usd: float,
    api: UsageBill,
    *,
    active: float = 0.0,
    limit: float = math.inf,
) -> HybridBill:
    """Replicas at a price beside an API."""
    base = HostedBill(
        capacity_tokens_per_month=flat_capacity / max(relative_load),
        spare_replicas=1,
        labour_usd_per_month=fixed_usd,
        acquisition=CostLine("Rent", unit_usd, "rent"),
        active_usd_per_token=active,
    )
    return HybridBill(base, flat_capacity, relative_load, api, api, limit)


@st.composite
def api_costs(draw: st.DrawFn) -> UsageBill:
    """Any bill: tiers of both rules, free quota, minimum, fixed fee."""
    first, second = draw(st.floats(0.001, 2.0)), draw(st.floats(0.001, 2.0))
    bill = UsageBill(
        tiers=((draw(st.floats(10.0, 1e6)), first), (math.inf, second)),
        tokens_per_unit=1e6,
        unit_name="M tokens",
        rule=draw(st.sampled_from(TierRule)),
        free_units=draw(st.sampled_from([0.0, 100.0])),
        fixed_usd=draw(st.sampled_from([0.0, 20.0])),
        minimum_usd=draw(st.sampled_from([0.0, 300.0])),
    )
    return draw(st.sampled_from([bill, by_the_token(first / 1e6)]))


@st.composite
def hybrids(draw: st.DrawFn) -> HybridBill:
    """Loads of a few hours, any replica, any API."""
    hour = st.one_of(st.just(0.0), st.floats(0.01, 5.0))
    hours = draw(st.lists(hour, min_size=1, max_size=8).filter(any))
    mean = sum(hours) / len(hours)
    return hybrid(
        tuple(hour / mean for hour in hours),
        10.0 ** draw(st.floats(8, 11)),
        draw(st.one_of(st.just(0.0), st.floats(0.01, 1_000.0))),
        draw(st.sampled_from([0.0, 500.0])),
        draw(api_costs()),
        active=draw(st.sampled_from([0.0, 1e-8])),
    )


def tried(bill: HybridBill, tokens: float) -> float:
    """The least cost with every count of replicas tried one by one, USD/month."""
    rates = np.array(bill.relative_load) * tokens / SECONDS
    fleet = BaseFleet(
        SAME,
        bill.flat_capacity_tokens / SECONDS,
        bill.base.usd_per_replica_month,
        bill.base.labour_usd_per_month,
        bill.base.active_usd_per_token,
    )
    load = load_duration(rates, AVERAGE_MONTH.hours_per_month)
    return plan_hybrid(load, fleet, BurstApi(SAME, bill.alone_curve)).best.usd_per_month


def followed(bill: HybridBill) -> float:
    """Volume whose peak a few replicas carry."""
    return FEW * bill.flat_capacity_tokens / max(bill.relative_load)


@settings(max_examples=150, deadline=None)
@given(hybrids(), st.floats(0.001, 0.999))
def test_the_curve_is_the_least_over_all_counts(bill: HybridBill, part: float) -> None:
    """At any volume it is what enumeration finds."""
    tokens = part * followed(bill)
    assert float(bill.curve().at(tokens)) == pytest.approx(tried(bill, tokens), rel=1e-8, abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(hybrids(), st.floats(3, 16).map(lambda exponent: 10.0**exponent))
def test_it_is_never_dearer_than_either_side_alone(bill: HybridBill, tokens: float) -> None:
    """No replica is the API alone; enough replicas are self-hosting without its spare."""
    usd = float(bill.curve().at(tokens))
    assert usd <= float(bill.alone_curve.at(tokens)) * (1 + 1e-9) + 1e-6
    assert usd <= float(bill.base.curve().at(tokens)) * (1 + 1e-9) + 1e-6


@settings(max_examples=150, deadline=None)
@given(hybrids(), st.one_of(st.just(0.0), st.floats(1e-9, 0.999)), st.floats(0.1, 2.0))
def test_the_lines_sum_to_the_curve(bill: HybridBill, part: float, dearer: float) -> None:
    """Base, bursts and storage are the bill, and the API's line is its bill of what spills.

    By the prices of bursts where there are replicas, and by those of the whole load without.
    """
    one = bill.alone_curve
    tiers = tuple((bound, dearer * usd) for bound, usd in bill.api_burst.tiers)
    bursts = replace(bill.api_burst, tiers=tiers)
    storage = (CostLine("Vector storage", 9.0, "GB"),)
    stored = replace(bill, api_burst=bursts, by_month=storage)
    tokens = part * followed(bill)
    lines = stored.lines(tokens)
    total = math.fsum(line.usd_per_month for line in lines)
    assert total == pytest.approx(float(stored.curve().at(tokens)), rel=1e-9)
    split = stored.split(tokens)
    if split.replicas > 0:
        base = next(line.usd_per_month for line in lines if line.label.startswith("Base"))
        hosted = tokens * (1 - split.api_share) * stored.base.active_usd_per_token
        hosted += split.replicas * stored.base.usd_per_replica_month
        hosted += stored.base.labour_usd_per_month
        assert base == pytest.approx(hosted, rel=1e-6, abs=1e-5)
    api = next(line.usd_per_month for line in lines if line.label.startswith("Bursts"))
    spilled = split.api_share * tokens
    if split.replicas == 0:
        assert api == pytest.approx(float(one.at(tokens)), rel=1e-9)
    elif spilled > 0:
        assert api == pytest.approx(float(bursts.curve().at(spilled)), rel=1e-9)


@pytest.mark.parametrize(
    ("usd_per_mtok", "labour", "tokens", "usd", "replicas"),
    [
        (0.012, 0.0, 150e9, 1_725, 1),
        (0.012, 0.0, 1.5e12, 17_150, 8),
        (0.02, 0.0, 150e9, 2_261, 3),
        (0.02, 0.0, 1.5e12, 22_491, 22),
        (0.012, 1_500.0, 150e9, 1_800, 0),
    ],
)
def test_the_hybrids_of_the_notes_check(
    usd_per_mtok: float, labour: float, tokens: float, usd: float, replicas: int
) -> None:
    """L4s of 37,320 usable tokens/s at $0.8048/h over the daily profile; with labour none pays."""
    rent = rent_line(0.8048, AVERAGE_MONTH)
    bill = hybrid(
        NOTE_DAY,
        62_200 * 0.6 * SECONDS,
        rent.usd_per_month,
        labour,
        by_the_token(usd_per_mtok / 1e6),
    )
    assert float(bill.curve().at(tokens)) == pytest.approx(usd, abs=0.6)
    assert bill.split(tokens).replicas == replicas


def test_one_l4_leaves_63_per_cent_to_the_api() -> None:
    """At 150 B tokens and $0.012 one of the five that the peak needs is worth its rent."""
    rent = rent_line(0.8048, AVERAGE_MONTH).usd_per_month
    bill = hybrid(NOTE_DAY, 62_200 * 0.6 * SECONDS, rent, 0.0, by_the_token(0.012e-6))
    assert bill.split(150e9).api_share == pytest.approx(0.63, abs=0.005)


@settings(max_examples=100, deadline=None)
@given(hybrids(), st.floats(1e6, 1e11), st.floats(0.01, 0.999))
def test_the_apis_rate_limit_is_never_passed(bill: HybridBill, limit: float, part: float) -> None:
    """What exceeds the replicas in the busiest hour stays within what the API lets through."""
    limited = replace(bill, api_limit_tokens=limit)
    tokens = part * followed(bill)
    replicas = limited.split(tokens).replicas
    exceeding = tokens * max(bill.relative_load) - replicas * bill.flat_capacity_tokens
    assert exceeding <= limit * (1 + 1e-6)
    assert float(limited.curve().at(tokens)) >= float(bill.curve().at(tokens)) * (1 - 1e-9)


@settings(max_examples=150, deadline=None)
@given(hybrids(), st.floats(0.001, 0.999), st.floats(0, 3), st.floats(0, 3))
def test_replicas_that_follow_the_load_are_paid_while_they_run(
    bill: HybridBill, part: float, startup: float, cooldown: float
) -> None:
    """The least over the counts, each up in the hours that it is needed in, and around them."""
    hours = hours_alike(np.array(bill.relative_load), startup, cooldown)
    following, tokens = replace(bill, base=replace(bill.base, hours=hours)), part * followed(bill)
    counts = np.arange(FEW + 1, dtype=np.float64)
    spilled = bill.spilled_tokens(tokens, counts)
    peak = tokens * max(bill.relative_load) / bill.flat_capacity_tokens
    needed = peak * np.array([stretch.load for stretch in hours])
    # Where a replica is just filled the last digit of a rounding decides on the next one.
    assume(np.all((needed == 0) | (np.abs(needed - np.round(needed)) > 1e-9)))
    shares = [stretch.share for stretch in hours]
    up = np.minimum(counts[:, np.newaxis], np.ceil(needed)) @ shares
    usd = up * bill.base.usd_per_replica_month + bill.base.fixed_usd_per_month
    usd = usd + bill.base.usd_per_token * (tokens - spilled)
    usd = usd + np.where(spilled > 0, bill.burst_curve.at(spilled), 0.0)
    usd[0] = float(bill.alone_curve.at(tokens))
    assert float(following.curve().at(tokens)) == pytest.approx(usd.min(), rel=1e-8, abs=1e-6)
    split = following.split(tokens)
    assert split.mean_replicas <= split.replicas
    if split.replicas:
        assert split.mean_replicas == pytest.approx(float(up[split.replicas]), rel=1e-12)
    assert float(following.curve().at(tokens)) <= float(bill.curve().at(tokens)) * (1 + 1e-9) + 1e-6


@given(hybrids(), st.floats(0.001, 0.999), st.booleans())
def test_what_runs_is_what_the_split_says(bill: HybridBill, part: float, follows: bool) -> None:
    """Its replicas with no spare one, up at all hours unless they follow the load; the rest."""
    hours = hours_alike(np.array(bill.relative_load), 0.0, 0.0) if follows else ()
    asked = replace(bill, base=replace(bill.base, hours=hours))
    tokens = part * followed(asked)
    split, running = asked.split(tokens), asked.running(tokens)
    assert (running.working, running.spare) == (split.replicas, 0)
    assert running.api_share == split.api_share
    assert running.mean == split.mean_replicas
    assert running.mean == split.replicas or follows
    assert running.delayed_share is None


@settings(max_examples=150, deadline=None)
@given(hybrids(), st.integers(1, 60), st.floats(0.001, 0.999))
def test_a_quota_of_replicas_is_never_passed(bill: HybridBill, quota: int, part: float) -> None:
    """The least over the counts that can be had: the API takes what they do not carry."""
    limited, tokens = replace(bill, quota=quota), part * followed(bill)
    counts = np.arange(quota + 1, dtype=np.float64)
    spilled = bill.spilled_tokens(tokens, counts)
    usd = counts * bill.base.usd_per_replica_month + bill.base.fixed_usd_per_month
    usd = usd + bill.base.usd_per_token * (tokens - spilled)
    usd = usd + np.where(spilled > 0, bill.burst_curve.at(spilled), 0.0)
    usd[0] = float(bill.alone_curve.at(tokens))
    assert math.isinf(limited.ceiling_tokens)
    assert limited.split(tokens).replicas <= quota
    assert float(limited.curve().at(tokens)) == pytest.approx(usd.min(), rel=1e-8, abs=1e-6)


def test_a_quota_and_a_rate_limit_end_together() -> None:
    """Two replicas of 100 and an API of 50 carry a flat load of 250."""
    bill = hybrid((1.0,), 100.0, 10.0, 0.0, by_the_token(1.0), limit=50.0)
    assert replace(bill, quota=2).ceiling_tokens == pytest.approx(250.0)
    far = replace(bill, quota=200)
    assert far.ceiling_tokens == pytest.approx(20_050.0)
    assert far.split(20_050.0).replicas == 200


@pytest.mark.parametrize("peak_in_replicas", [70.3, 100.0, 1_000.2])
def test_an_api_that_nobody_can_pay_gets_no_token(peak_in_replicas: float) -> None:
    """Beyond the counts that are followed, too: replicas carry it all, and the base costs that."""
    bill = hybrid(NOTE_DAY, 62_200 * 0.6 * SECONDS, 100.0, 0.0, by_the_token(1e9))
    tokens = peak_in_replicas * bill.flat_capacity_tokens / max(NOTE_DAY)
    split = bill.split(tokens)
    assert split.replicas == math.ceil(peak_in_replicas)
    assert split.api_share == pytest.approx(0.0, abs=1e-12)
    assert all(line.usd_per_month >= 0 for line in bill.lines(tokens))


def test_hours_of_next_to_nothing_cost_no_digits() -> None:
    """An hour of 1e-11 of the load puts a bend far out; at a thousandth of it the bill is exact."""
    bill = hybrid((2.0 - 1e-11, 1e-11), 1e9, 100.0, 0.0, by_the_token(0.2e-7))
    for tokens in (1e8, 7e8, 3e10, 1e13):
        usd = float(bill.curve().at(tokens))
        assert usd == pytest.approx(0.2e-7 * tokens, rel=1e-9)


@pytest.mark.parametrize("times", [1.5, 20.0, 1e4])
def test_an_api_that_is_cheapest_in_the_end_takes_all_of_a_large_load(times: float) -> None:
    """A full replica costs a token more than the API does: no count of them ever pays."""
    bill = hybrid(NOTE_DAY, 1e9, 100.0, 0.0, by_the_token(0.6e-7))
    tokens = times * followed(bill)
    assert bill.split(tokens).replicas == 0
    assert float(bill.curve().at(tokens)) == pytest.approx(0.6e-7 * tokens)


def test_a_high_rate_limit_holds_however_large_the_load() -> None:
    """The API alone is cheapest up to its limit; beyond, as few replicas as let the rest pass."""
    limit = 100 * FEW * 1e9
    bill = hybrid((1.0,), 1e9, 1_000.0, 0.0, by_the_token(1e-8), limit=limit)
    assert bill.split(limit * 0.999).replicas == 0
    assert bill.split(limit * 1.001).replicas == math.ceil(0.001 * 100 * FEW)


def test_many_replicas_are_counted_and_very_many_within_a_thousandth() -> None:
    """L4s and an API of two cents: 155 and 310 of them to the cent, 930 within 0.1 %."""
    rent = rent_line(0.8048, AVERAGE_MONTH).usd_per_month
    bill = hybrid(NOTE_DAY, 62_200 * 0.6 * SECONDS, rent, 0.0, by_the_token(0.02e-6))
    for tokens, near in ((5e12, 1e-9), (1e13, 1e-9), (3e13, 1e-3)):
        usd, exact = float(bill.curve().at(tokens)), tried(bill, tokens)
        assert usd == pytest.approx(exact, rel=near)
        split = bill.split(tokens)
        assert split.replicas > FEW
        assert 0 < split.api_share < 1


def test_where_it_parts_from_its_api_is_an_event() -> None:
    """Up to there the two cost the same: a tie, whose end is where the first replica pays."""
    rent = rent_line(0.8048, AVERAGE_MONTH).usd_per_month
    api = by_the_token(0.02e-6)
    bill = hybrid(NOTE_DAY, 62_200 * 0.6 * SECONDS, rent, 0.0, api)
    found = meetings(bill.curve(), api.curve())
    (tie,) = found.events
    assert tie.kind.value == "tie"
    first = tie.until_tokens_per_month
    assert first is not None
    assert bill.split(first * 0.999).replicas == 0
    assert bill.split(first * 1.001).replicas == 1
    assert found.first_cheaper_tokens == first


@pytest.mark.parametrize("capacity", [0.0, -1.0, math.inf, math.nan])
def test_a_replica_carries_something_and_not_everything(capacity: float) -> None:
    """No replicas of boundless capacity carry nothing that is a number."""
    bill = hybrid((1.0, 3.0), 1e9, 500.0, 100.0, by_the_token(1e-7))
    with pytest.raises(ModelInputError, match="capacity of a replica"):
        replace(bill, flat_capacity_tokens=capacity)


@pytest.mark.parametrize("replicas", [0, 1, 2, 5, 46, 47])
def test_each_replica_lets_so_much_more_past_the_apis_limit(replicas: int) -> None:
    """Dear replicas of 100 beside an API of 50 at once: the next is bought at 50, 150, 250 ..."""
    bill = hybrid((1.0,), 100.0, 1_000.0, 0.0, by_the_token(0.1), limit=50.0)
    bound = 100.0 * replicas + 50.0
    for tokens, count in ((bound - 0.5, replicas), (bound + 0.5, replicas + 1)):
        assert bill.split(tokens).replicas == count
        usd = 1_000.0 * count + 0.1 * (tokens - 100.0 * count)
        if count == 0:
            usd = 0.1 * tokens
        assert float(bill.curve().at(tokens)) == pytest.approx(max(usd, 1_000.0 * count))


@pytest.mark.parametrize("times", [3.0, 100.0])
def test_energy_dearer_than_the_api_leaves_all_to_it_in_the_end(times: float) -> None:
    """Replicas for nothing, whose tokens cost twice the API's in electricity."""
    bill = hybrid(NOTE_DAY, 1e9, 0.0, 0.0, by_the_token(1e-8), active=2e-8)
    tokens = times * followed(bill)
    assert bill.split(tokens).replicas == 0
    assert float(bill.curve().at(tokens)) == pytest.approx(1e-8 * tokens)


def test_beside_a_large_load_a_rate_limit_is_nothing() -> None:
    """In the end the replicas carry the peak: USD a token at their price, not the API's."""
    bill = hybrid(NOTE_DAY, 1e9, 100.0, 0.0, by_the_token(1e-6), limit=1e9)
    tokens = 1_000 * followed(bill)
    assert float(bill.curve().at(tokens)) / tokens == pytest.approx(100 / 1e9 * max(NOTE_DAY), 1e-2)


@given(
    st.lists(
        st.tuples(st.integers(0, 1_000), st.integers(0, 50)), min_size=1, max_size=6, unique=True
    ),
    st.floats(0.0, 1.0),
)
def test_the_least_of_many_lines_turns_where_they_meet(
    lines: list[tuple[int, int]], part: float
) -> None:
    """At any place of a stretch the line in force is as low as the lowest."""
    fixed, slope = np.array(lines, dtype=np.float64).T
    rows = _turns(fixed, slope, 1.0, 200.0, 500.0)
    assert rows[-1][0] == 500.0
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    place = 1.0 + 199.0 * part
    usd = next(a + b * place for upper, a, b, _ in rows if place <= upper)
    assert usd == pytest.approx(float((fixed + slope * place).min()), rel=1e-9, abs=1e-6)
