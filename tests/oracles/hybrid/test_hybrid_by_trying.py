"""Base load on replicas, the rest to an API."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cost.by_use.usage_bill import TierRule, UsageBill
from core.cost.curve.piecewise import affine
from core.cost.hybrid.vector_space import VectorSource
from core.cost.load.hourly_load import cosine_power_profile
from core.errors import ModelInputError
from core.units import AVERAGE_MONTH
from tests.oracles.hybrid.hybrid_by_trying import (
    BaseFleet,
    BurstApi,
    Split,
    paying_replicas,
    plan_hybrid,
)
from tests.oracles.hybrid.load_duration import (
    LoadDurationCurve,
    load_duration,
    monthly_load_duration,
)
from tests.oracles.unit_cost import break_even_utilisation

SAME = VectorSource("BAAI/bge-m3")
L4_USD_PER_HOUR = 0.8048
L4_TOKENS_PER_S = 62_200 * 0.6
L4 = BaseFleet(SAME, L4_TOKENS_PER_S, L4_USD_PER_HOUR * AVERAGE_MONTH.hours_per_month)


def flat_api(usd_per_mtok: float) -> BurstApi:
    """One price, same vectors."""
    return BurstApi(SAME, affine(0.0, usd_per_mtok / 1e6))


def a_month(tokens: float) -> LoadDurationCurve:
    """A day that peaks at three times its mean at two in the afternoon."""
    return monthly_load_duration(cosine_power_profile(2.6056), tokens, AVERAGE_MONTH)


loads = st.lists(st.floats(0.0, 1_000.0), min_size=1, max_size=30).map(
    lambda rates: load_duration(np.array(rates), 730.0)
)
fleets = st.builds(
    BaseFleet,
    st.just(SAME),
    capacity_tokens_per_s=st.floats(20.0, 2_000.0),
    usd_per_replica_month=st.floats(0.0, 1_000.0),
    fixed_usd_per_month=st.sampled_from([0.0, 500.0]),
    active_usd_per_token=st.sampled_from([0.0, 1e-8]),
    spare_replicas=st.integers(0, 2),
)


@st.composite
def apis(draw: st.DrawFn) -> BurstApi:
    """Any bill: tiers of both rules, free quota, minimum, fixed fee."""
    first, second = draw(st.floats(0.001, 2.0)), draw(st.floats(0.001, 2.0))
    bill = UsageBill(
        tiers=((draw(st.floats(1.0, 2_000.0)), first), (math.inf, second)),
        tokens_per_unit=1e6,
        unit_name="M tokens",
        rule=draw(st.sampled_from(TierRule)),
        free_units=draw(st.sampled_from([0.0, 50.0])),
        fixed_usd=draw(st.sampled_from([0.0, 20.0])),
        minimum_usd=draw(st.sampled_from([0.0, 100.0])),
    )
    return BurstApi(SAME, bill.curve())


@pytest.mark.parametrize(
    ("tokens", "usd_per_mtok", "replicas", "usd", "all_api", "all_hosted"),
    [
        (150e9, 0.012, 1, 1_725, 1_800, 3_525),
        (1.5e12, 0.012, 8, 17_150, 18_000, 27_613),
        (150e9, 0.02, 3, 2_261, 3_000, 3_525),
        (1.5e12, 0.02, 22, 22_491, 30_000, 27_613),
    ],
)
def test_an_l4_for_the_base_load(
    tokens: float, usd_per_mtok: float, replicas: int, usd: int, all_api: int, all_hosted: int
) -> None:
    """The worked example: bge-m3 on L4s of 62,200 tokens/s at 60 %, the same weights hosted."""
    plan = plan_hybrid(a_month(tokens), L4, flat_api(usd_per_mtok))
    assert plan.best.replicas == replicas
    assert plan.best.usd_per_month == pytest.approx(usd, abs=1.0)
    assert round(plan.pure_api.usd_per_month) == all_api
    assert round(plan.pure_hosted.usd_per_month) == all_hosted
    assert paying_replicas(a_month(tokens), L4, usd_per_mtok / 1e6) == replicas


def test_one_l4_leaves_63_per_cent_to_the_api() -> None:
    """At 150 B tokens a month and $0.012."""
    best = plan_hybrid(a_month(150e9), L4, flat_api(0.012)).best
    assert round(best.api_share, 2) == 0.63
    assert round(best.hosted_usd, 2) == 587.50


def test_labour_turns_the_small_hybrids_into_the_api() -> None:
    """With $1,500 a month for the people, 150 B tokens are not worth a machine."""
    staffed = replace(L4, fixed_usd_per_month=1_500.0)
    for usd_per_mtok in (0.012, 0.02):
        plan = plan_hybrid(a_month(150e9), staffed, flat_api(usd_per_mtok))
        assert plan.best == plan.pure_api
        assert plan.saving_on_best_pure_usd == 0


def by_hand(load: LoadDurationCurve, fleet: BaseFleet, api: BurstApi, k: int) -> float:
    """Cost of k replicas, hour by hour."""
    spilled = hosted = 0.0
    for rate in load.rates:
        over = max(0.0, float(rate) - k * fleet.capacity_tokens_per_s)
        spilled += over * load.hours_each * 3_600
        hosted += (float(rate) - over) * load.hours_each * 3_600
    usd = 0.0
    if k > 0:
        usd += fleet.fixed_usd_per_month + k * fleet.usd_per_replica_month
        usd += hosted * fleet.active_usd_per_token
    if k == 0 or spilled > 1e-9 * load.total:
        usd += float(api.cost.at(spilled))
    return usd


def decided_by_rounding(load: LoadDurationCurve, api: BurstApi, split: Split) -> bool:
    """Whether a step of the bill, or its beginning, lies within rounding of what is spilled."""
    spilled = split.api_share * load.total
    around = api.cost.at(np.array([spilled * (1 - 1e-9), spilled, spilled * (1 + 1e-9)]))
    steps = np.ptp(around) > 1e-6 * around[1] + 1e-9
    return bool(steps) or 0 < split.api_share < 1e-6


@settings(deadline=None)
@given(loads, fleets, apis())
def test_every_count_costs_what_it_costs_hour_by_hour(
    load: LoadDurationCurve, fleet: BaseFleet, api: BurstApi
) -> None:
    """Replicas, fixed cost and the API's bill of the rest, from the API alone to none of it."""
    plan = plan_hybrid(load, fleet, api)
    assert [split.replicas for split in plan.splits] == list(range(len(plan.splits)))
    for split in plan.splits:
        if not decided_by_rounding(load, api, split):
            expected = by_hand(load, fleet, api, split.replicas)
            assert split.usd_per_month == pytest.approx(expected, rel=1e-9, abs=1e-9)
    if load.total > 0:
        assert plan.splits[0].api_share == 1
        assert plan.splits[-1].api_share == 0


@settings(deadline=None)
@given(loads, fleets, apis(), st.sampled_from([0.0, 0.3, 1.0]), st.floats(1.0, 3.0))
def test_a_hybrid_is_never_dearer_than_either_pure_option(
    load: LoadDurationCurve, fleet: BaseFleet, api: BurstApi, cv: float, factor: float
) -> None:
    """Whatever the tiers, minimums, bursts and fixed cost."""
    plan = plan_hybrid(load, fleet, api, burst_cv=cv, burst_factor=factor)
    assert plan.best.usd_per_month <= plan.pure_api.usd_per_month
    assert plan.best.usd_per_month <= plan.pure_hosted.usd_per_month
    assert plan.best.usd_per_month <= min(split.usd_per_month for split in plan.splits)
    assert 0 <= plan.saving_on_best_pure_usd <= plan.saving_on_hosted_usd + 1e-6
    assert plan.pure_api.usd_per_month == pytest.approx(float(api.cost.at(load.total)), rel=1e-12)


@settings(deadline=None)
@given(loads, fleets, st.floats(0.001, 2.0))
def test_without_fixed_cost_the_marginal_test_finds_the_best_count(
    load: LoadDurationCurve, fleet: BaseFleet, usd_per_mtok: float
) -> None:
    """Replicas that each earn their own cost are as many as enumeration finds, ties apart."""
    lean = replace(fleet, fixed_usd_per_month=0.0)
    plan = plan_hybrid(load, lean, flat_api(usd_per_mtok))
    k = paying_replicas(load, lean, usd_per_mtok / 1e6)
    least = min(split.usd_per_month for split in plan.splits)
    assert plan.splits[k].usd_per_month == pytest.approx(least, rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(loads, fleets, st.floats(0.001, 2.0))
def test_each_paying_replica_is_used_more_than_the_break_even(
    load: LoadDurationCurve, fleet: BaseFleet, usd_per_mtok: float
) -> None:
    """The last that pays is used above u* = c/(3600 C p); the next one would not be."""
    lean = replace(fleet, active_usd_per_token=0.0)
    capacity, price = lean.capacity_tokens_per_s, usd_per_mtok / 1e6
    k = paying_replicas(load, lean, price)
    u_star = break_even_utilisation(lean.usd_per_replica_month / load.hours, capacity, price)

    def used(count: int) -> float:
        carried = load.below(count * capacity) - load.below((count - 1) * capacity)
        return float(carried) / (capacity * load.hours * 3_600)

    if k > 0:
        assert used(k) > u_star - 1e-9
    assert used(k + 1) <= u_star + 1e-9


def test_small_replicas_follow_the_load_duration_curve() -> None:
    """With a finely divided fleet the base load is the rate exceeded for u* of the time."""
    load = a_month(150e9)
    tiny = replace(L4, capacity_tokens_per_s=10.0, usd_per_replica_month=0.1)
    u_star = break_even_utilisation(0.1 / load.hours, 10.0, 0.012e-6)
    k = paying_replicas(load, tiny, 0.012e-6)
    assert k * 10.0 == pytest.approx(load.rate_exceeded_for(u_star), abs=10.0)


def test_bursts_spill_and_make_the_api_dearer() -> None:
    """Means by the hour hide what exceeds the capacity inside it."""
    calm = plan_hybrid(a_month(150e9), L4, flat_api(0.012))
    wild = plan_hybrid(a_month(150e9), L4, flat_api(0.012), burst_cv=0.5)
    for still, bursty in zip(calm.splits[1:], wild.splits[1:], strict=False):
        assert bursty.api_share > still.api_share
        assert bursty.usd_per_month > still.usd_per_month
    assert wild.splits[0] == calm.splits[0]
    assert len(wild.splits) > len(calm.splits)
    assert wild.splits[-1].api_share < 1e-9


def test_an_even_load_is_hosted_to_the_last_full_replica() -> None:
    """2.5 replicas of load: two are full and pay, the half one does not at this price."""
    load = load_duration(np.array([250.0]), 730.0)
    fleet = BaseFleet(SAME, 100.0, 200.0)
    full = 100 * 730 * 3_600
    assert plan_hybrid(load, fleet, BurstApi(SAME, affine(0, 201 / full))).best.replicas == 2
    assert plan_hybrid(load, fleet, BurstApi(SAME, affine(0, 199 / full))).best.replicas == 0
    assert plan_hybrid(load, fleet, BurstApi(SAME, affine(0, 401 / full))).best.replicas == 3


def test_exactly_k_capacities_need_k_replicas() -> None:
    """Nothing spills by rounding at 3 x 0.1 tokens/s."""
    load = load_duration(np.array([0.1 + 0.2]), 730.0)
    plan = plan_hybrid(load, BaseFleet(SAME, 0.1, 1.0), flat_api(1e9))
    assert [split.replicas for split in plan.splits] == [0, 1, 2, 3]
    assert plan.best.replicas == 3
    assert plan.best.api_usd == 0


def test_no_load_costs_what_an_unused_api_costs() -> None:
    """Nothing to split."""
    plan = plan_hybrid(load_duration(np.zeros(24), 730.0), L4, flat_api(0.02))
    assert plan.best.replicas == 0
    assert plan.best.usd_per_month == 0
    assert plan.pure_hosted.replicas == 2


def test_an_idle_api_asks_no_minimum() -> None:
    """Where all is hosted the API's subscription is not kept for nothing."""
    load = load_duration(np.full(24, 50.0), 730.0)
    dear = BurstApi(SAME, affine(1_000.0, 1e-3))
    plan = plan_hybrid(load, BaseFleet(SAME, 100.0, 200.0), dear)
    assert (plan.best.replicas, plan.best.usd_per_month) == (1, 200.0)
    assert plan.saving_on_hosted_usd == 200.0


def test_pure_hosting_is_bought_for_its_bursts() -> None:
    """The peak inside the busy hour, and the spare."""
    plan = plan_hybrid(a_month(150e9), L4, flat_api(0.012), burst_factor=2.0)
    assert plan.pure_hosted.replicas == 10 + 1


def test_other_vectors_are_refused() -> None:
    """Bursting to a different model is no hybrid."""
    other = BurstApi(VectorSource("text-embedding-3-small"), affine(0, 0.02e-6))
    with pytest.raises(ModelInputError, match="No hybrid: vectors of BAAI/bge-m3 and text-emb"):
        plan_hybrid(a_month(150e9), L4, other)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"capacity_tokens_per_s": 0.0}, "capacity of a replica in tokens/s must be above 0"),
        ({"capacity_tokens_per_s": math.nan}, "capacity of a replica in tokens/s"),
        ({"usd_per_replica_month": -1.0}, "price of a replica month"),
        ({"fixed_usd_per_month": math.inf}, "fixed cost a month"),
        ({"active_usd_per_token": math.nan}, "energy of a token"),
    ],
)
def test_impossible_fleets_are_refused(change: dict[str, Any], field: str) -> None:
    """Each error names its field."""
    with pytest.raises(ModelInputError, match=field):
        replace(L4, **change)


def test_other_impossible_arguments_are_refused() -> None:
    """Crowds of tiny replicas, negative spread, bursts below the mean, spare parts."""
    load = a_month(150e9)
    with pytest.raises(ModelInputError, match="at most 100,000 are tried"):
        plan_hybrid(load, replace(L4, capacity_tokens_per_s=1e-3), flat_api(0.02))
    with pytest.raises(ModelInputError, match="variation inside the hour"):
        plan_hybrid(load, L4, flat_api(0.02), burst_cv=-0.1)
    with pytest.raises(ModelInputError, match="burst factor must be at least 1"):
        plan_hybrid(load, L4, flat_api(0.02), burst_factor=0.5)
    with pytest.raises(ModelInputError, match="spare replicas"):
        replace(L4, spare_replicas=-1)
    with pytest.raises(ModelInputError, match="the API's price of a token"):
        paying_replicas(load, L4, math.nan)


def test_half_a_token_that_spills_owes_the_apis_minimum() -> None:
    """Whoever sends anything is a customer: the fleet must carry all of it to owe nothing."""
    load = load_duration(np.array([1.0]), AVERAGE_MONTH.hours_per_month)
    minimum = UsageBill(((math.inf, 0.01),), 1e6, "M tokens", minimum_usd=100.0)
    for spilled, usd in ((0.5, 100.0), (0.0, 0.0)):
        fleet = BaseFleet(SAME, 1.0 - spilled / AVERAGE_MONTH.seconds_per_month, 1.0)
        split = plan_hybrid(load, fleet, BurstApi(SAME, minimum.curve())).splits[1]
        assert split.api_usd == pytest.approx(usd)
        assert split.api_share * AVERAGE_MONTH.seconds_per_month == pytest.approx(spilled, rel=0.1)


def test_pure_self_hosting_sends_nothing_to_the_api() -> None:
    """All replicas, no API and no bill of it."""
    hosted = plan_hybrid(a_month(150e9), L4, flat_api(0.012)).pure_hosted
    assert (hosted.api_share, hosted.api_usd) == (0, 0)
    assert plan_hybrid(a_month(150e9), L4, flat_api(0.012)).pure_api.api_share == 1
