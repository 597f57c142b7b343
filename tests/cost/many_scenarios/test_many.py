"""Costs in very many scenarios: sample by sample what the bills themselves say."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.cost.by_replica.autoscaling import hours_alike
from core.cost.by_replica.hosted_bill import HostedBill, HoursAlike, whole_replicas
from core.cost.by_replica.per_second import PerSecondBill
from core.cost.by_replica.scale_to_zero import ScaleToZero
from core.cost.by_replica.waiting_work import WaitingWork
from core.cost.by_use.retries import Retries
from core.cost.by_use.usage_bill import CallFees, TierRule, UsageBill
from core.cost.curve.breakdown import CostLine, TokenLine
from core.cost.curve.piecewise import Floats
from core.cost.hybrid.hybrid_bill import HybridBill
from core.cost.many_scenarios.many import CHUNK, SAME, Factors, chunks, costs_of_many
from core.cost.monthly_bill import MonthlyBill
from core.errors import ModelInputError
from tests.cost.strategies import api_bills, by_the_token, hosted_bills
from tests.oracles.hybrid.split_by_trying import promised

seeds = st.integers(0, 2**32 - 1)


@st.composite
def usage_bills(draw: st.DrawFn) -> UsageBill:
    """Everything that a price list knows, in any combination."""
    tiers = draw(api_bills()).tiers
    fees = CallFees(500.0, draw(st.floats(0, 1e-4)))
    return UsageBill(
        tiers,
        1e6,
        "M tokens",
        rule=draw(st.sampled_from(TierRule)),
        free_units=draw(st.sampled_from([0.0, 10.0, 1e4])),
        fixed_usd=draw(st.sampled_from([0.0, 20.0])),
        free_money_units=draw(st.sampled_from([0.0, 0.0, 30.0])),
        minimum_usd=draw(st.sampled_from([0.0, 250.0])),
        plan_usd=draw(st.sampled_from([0.0, 9.0])),
        planless_units=draw(st.sampled_from([0.0, 0.0, 20.0])),
        planless_money_units=draw(st.sampled_from([0.0, 0.0, 7.0])),
        batch_share=draw(st.floats(0, 1)),
        batch_discount=draw(st.floats(0, 1)),
        retries=Retries(draw(st.floats(0, 0.5)), 3, failed_billed=draw(st.booleans())),
        calls=draw(st.sampled_from([None, fees])),
        by_month=draw(st.sampled_from([(), (CostLine("Storage", 33.0, "storage"),)])),
    )


def at_price(bill: UsageBill, times: float) -> UsageBill:
    """The bill of a list whose prices of a unit are so many times as high."""
    return replace(
        bill,
        tiers=tuple((bound, usd * times) for bound, usd in bill.tiers),
        free_money_units=bill.free_money_units / times,
        planless_money_units=bill.planless_money_units / times,
    )


def columns(seed: int, size: int = 40) -> tuple[Floats, Factors]:
    """Random volumes over ten decades and random factors."""
    random = np.random.default_rng(seed)
    around_one = np.exp(random.normal(size=(6, size)))
    return 10.0 ** random.uniform(3, 13, size), Factors(*around_one)


@st.composite
def fleets(draw: st.DrawFn) -> HostedBill:
    """Replicas at all hours, or with the hours of the day; with lines beside them."""
    hours = draw(st.sampled_from([(), (HoursAlike(0.5, 0.2), HoursAlike(0.3, 0.0))]))
    return replace(
        draw(hosted_bills()),
        minimum_replicas=draw(st.integers(1, 4)),
        hours=(*hours, HoursAlike(0.2, 1.0)) if hours else (),
        by_token=draw(st.sampled_from([(), (TokenLine("Egress", 2e-9, "egress"),)])),
        by_month=draw(st.sampled_from([(), (CostLine("Storage", 33.0, "storage"),)])),
    )


@given(fleets(), seeds)
def test_a_hosted_bill_is_what_its_own_curve_says_sample_by_sample(
    bill: HostedBill, seed: int
) -> None:
    """Replicas, spares, energy and labour with every parameter multiplied."""
    volumes, factors = columns(seed)
    found = costs_of_many([bill], [factors], volumes, volumes.size)[0]
    for i, volume in enumerate(volumes):
        price, capacity, labour, idle, active = (
            float(column[i])
            for column in (
                np.asarray(factors.price),
                np.asarray(factors.capacity),
                np.asarray(factors.labour),
                np.asarray(factors.idle_energy),
                np.asarray(factors.active_energy),
            )
        )
        line = bill.acquisition
        alone = replace(
            bill,
            capacity_tokens_per_month=bill.capacity_tokens_per_month * capacity,
            labour_usd_per_month=bill.labour_usd_per_month * labour,
            acquisition=replace(line, usd_per_month=line.usd_per_month * price),
            idle_energy=bill.idle_energy
            and replace(bill.idle_energy, usd_per_month=bill.idle_energy.usd_per_month * idle),
            active_usd_per_token=bill.active_usd_per_token * active,
        )
        assert found[i] == pytest.approx(float(alone.curve().at(volume)), rel=1e-12)


@given(usage_bills(), seeds)
def test_a_bill_by_use_is_what_its_own_curve_says_sample_by_sample(
    bill: UsageBill, seed: int
) -> None:
    """Tiers of both rules, free quota, minimum, discount, retries and calls."""
    volumes, factors = columns(seed)
    found = costs_of_many([bill], [factors], volumes, volumes.size)[0]
    for i, volume in enumerate(volumes):
        by = float(np.asarray(factors.price)[i])
        alone = at_price(bill, by)
        assert found[i] == pytest.approx(float(alone.curve().at(volume)), rel=1e-9, abs=1e-9)


PROFILES = (
    (1.0,) * 24,
    tuple(1 + math.cos(2 * math.pi * hour / 24) for hour in range(24)),
    (0.0,) * 12 + (2 / 3, 10 / 3) * 6,
)


@st.composite
def hybrid_bills(draw: st.DrawFn) -> HybridBill:
    """Replicas with and without labour, an API with all of a price list or at one price."""
    storage = draw(st.sampled_from([(), (CostLine("Storage", 33.0, "storage"),)]))
    egress = draw(st.sampled_from([(), (TokenLine("Egress", 2e-9, "egress"),)]))
    base = replace(draw(hosted_bills()), by_month=storage, by_token=egress)
    usd_per_token = draw(st.floats(0.001, 1.0)) / 1e6
    api = draw(st.one_of(st.just(by_the_token(usd_per_token)), usage_bills()))
    limit = draw(st.sampled_from([math.inf, 0.3, 3.0]))
    return HybridBill(
        base,
        base.capacity_tokens_per_month * 3,
        draw(st.sampled_from(PROFILES)),
        api,
        api,
        api_limit_tokens=limit * base.capacity_tokens_per_month,
    )


@settings(max_examples=40, deadline=None)
@given(hybrid_bills(), seeds)
def test_a_hybrid_is_what_its_own_curve_says_sample_by_sample(bill: HybridBill, seed: int) -> None:
    """The count of replicas that is best for each sample, up to those that the curve follows."""
    random = np.random.default_rng(seed)
    volumes = bill.flat_capacity_tokens * 10.0 ** random.uniform(-3, 0.7, 4)
    price, capacity, labour, burst = np.exp(random.normal(size=(4, 4)) / 2)
    factors = Factors(price, capacity, labour, burst=burst)
    found = costs_of_many([bill], [factors], volumes, 4)[0]
    for i, volume in enumerate(volumes):
        base, line = bill.base, bill.base.acquisition
        api = at_price(bill.api_burst, burst[i])
        alone = replace(
            bill,
            base=replace(
                base,
                acquisition=replace(line, usd_per_month=line.usd_per_month * price[i]),
                labour_usd_per_month=base.labour_usd_per_month * labour[i],
            ),
            flat_capacity_tokens=bill.flat_capacity_tokens * capacity[i],
            api_alone=api,
            api_burst=api,
        )
        assert found[i] == pytest.approx(float(alone.curve().at(volume)), rel=1e-8)


def test_a_gpu_by_the_second_follows_volume_and_price() -> None:
    """Compute by its price, labour by its own; capacity as if there were so much less to do."""
    bill = PerSecondBill(
        ScaleToZero(60.0, 20.0, 0.05, 0.0025),
        PROFILES[1],
        1e9,
        500.0,
        720 * 3600.0,
        CostLine("Compute", 500.0, "replica"),
        labour_usd_per_month=100.0,
    )
    volumes = np.geomspace(1e4, 1e11, 30)
    plain = costs_of_many([bill], [SAME], volumes, 30)[0]
    assert plain == pytest.approx(bill.curve().at(volumes), rel=1e-12)
    dear = costs_of_many([bill], [Factors(price=2.0, labour=3.0)], volumes, 30)[0]
    assert dear == pytest.approx(2 * (plain - 100) + 300, rel=1e-12)
    fast = costs_of_many([bill], [Factors(capacity=2.0)], volumes, 30)[0]
    assert fast == pytest.approx(bill.curve().at(volumes / 2), rel=1e-12)


@given(hosted_bills(), usage_bills())
def test_one_value_for_all_is_a_column_of_it(hosted: HostedBill, api: UsageBill) -> None:
    """A number stands for a column, across the bounds of the pieces worked on."""
    n = CHUNK + 7
    volumes = np.geomspace(1e5, 1e12, n)
    numbers = Factors(1.1, 0.9, 1.2, 0.8, 0.7)
    spread = Factors(*(np.full(n, value) for value in (1.1, 0.9, 1.2, 0.8, 0.7)))
    one = costs_of_many([hosted, api], [numbers, numbers], volumes, n)
    other = costs_of_many([hosted, api], [spread, spread], volumes, n)
    assert np.allclose(one, other, rtol=1e-15, atol=0)


def test_exactly_k_capacities_need_k_replicas() -> None:
    """The guard against rounding is the curve's own."""
    bill = hosted_bill()
    volumes = np.array([1e9, 1e9 + 10, 3e9, 0.0])
    found = costs_of_many([bill], [SAME], volumes, 4)[0]
    assert found.tolist() == [100.0, 200.0, 300.0, 100.0]


@pytest.mark.parametrize("cooldown_hours", [0.0, 2.0, 5.0])
@pytest.mark.parametrize("usd_per_mtok", [0.2, 0.35, 0.6])
def test_a_base_that_lags_behind_its_load_is_split_as_its_curve_says(
    cooldown_hours: float, usd_per_mtok: float
) -> None:
    """Replicas that cool down are paid for loads that no hour has: the best count may lie there."""
    hours = hours_alike(np.array(PROFILES[1]), 0.5, cooldown_hours)
    base = replace(hosted_bill(), hours=hours)
    api = by_the_token(usd_per_mtok / 1e6)
    bill = HybridBill(base, 2e9, PROFILES[1], api, api)
    volumes = np.geomspace(1.1e8, 3.9e10, 400)
    found = costs_of_many([bill], [SAME], volumes, volumes.size)[0]
    assert found == pytest.approx(bill.curve().at(volumes), rel=1e-9)


def test_exactly_at_its_limit_the_api_takes_the_rest() -> None:
    """Beside no, one and two replicas; a billionth beyond it one more is needed."""
    api = by_the_token(1e-9)
    bill = HybridBill(hosted_bill(), 1e9, PROFILES[0], api, api, api_limit_tokens=3e8)
    volumes = np.array([0.3e9, 1.3e9, 2.3e9])
    at_limit = costs_of_many([bill], [SAME], volumes, 3)[0]
    assert at_limit == pytest.approx([0.3, 100.3, 200.3])
    beyond = costs_of_many([bill], [SAME], volumes * (1 + 1e-6), 3)[0]
    assert beyond == pytest.approx([100.0, 200.3, 300.3], abs=0.31)
    assert np.all(beyond > at_limit + 99)


SECONDS_PER_MONTH = 720 * 3600.0


@st.composite
def per_second_bills(draw: st.DrawFn) -> PerSecondBill:
    """GPUs that stop when idle, over any day."""
    service_s = draw(st.floats(0.005, 2.0))
    capacity = 10.0 ** draw(st.floats(7, 10))
    share = draw(st.sampled_from([None, 0.05, 0.5, 1.0]))
    timeout_s = draw(st.sampled_from([0.0, 60.0, math.inf]))
    return PerSecondBill(
        ScaleToZero(timeout_s, draw(st.floats(0, 60)), service_s, 1.5 * service_s**2),
        draw(st.sampled_from(PROFILES)),
        capacity,
        500.0,
        SECONDS_PER_MONTH,
        CostLine("Compute", draw(st.floats(1, 5_000)), "replica"),
        labour_usd_per_month=draw(st.sampled_from([0.0, 300.0])),
        by_token=draw(st.sampled_from([(), (TokenLine("Egress", 2e-9, "egress"),)])),
        by_month=draw(st.sampled_from([(), (CostLine("Storage", 33.0, "storage"),)])),
        waiting_work=None if share is None else WaitingWork(share, 1.6 * capacity, 1.5),
    )


@st.composite
def any_hybrids(draw: st.DrawFn) -> HybridBill:
    """Any base, quota and limits, tiers, a batch price where it is alone, storage."""
    bill = draw(hybrid_bills())
    base = replace(bill.base, by_month=())
    if draw(st.booleans()):
        lag = draw(st.sampled_from([0.0, 0.5, 3.0]))
        base = replace(base, hours=hours_alike(np.array(bill.relative_load), 0.5, lag))
    api = draw(st.sampled_from([bill.api_burst, draw(usage_bills())]))
    off = draw(st.sampled_from([1.0, 0.5]))
    alone = replace(api, batch_share=0.7, batch_discount=1 - off)
    return replace(
        bill,
        base=base,
        quota=draw(st.sampled_from([None, 1, 3, 20, 49, 300])),
        api_alone=alone,
        api_burst=api,
        alone_limit_tokens=draw(st.sampled_from([None, math.inf, 5e9])),
        most_api_share=draw(st.sampled_from([1.0, 1.0, 0.3, 0.01, 0.0])),
        by_month=draw(st.sampled_from([(), (CostLine("Storage", 33.0, "storage"),)])),
    )


KINDS = {
    UsageBill: usage_bills(),
    HostedBill: fleets(),
    PerSecondBill: per_second_bills(),
    HybridBill: any_hybrids(),
}


def test_every_kind_of_bill_is_tried() -> None:
    """A new kind needs an entry here, and then keeps the law below."""
    kinds = {kind.__name__ for kind in MonthlyBill.__subclasses__()}
    assert kinds == {kind.__name__ for kind in KINDS}


@settings(max_examples=20, deadline=None)
@pytest.mark.parametrize(
    ("kind", "spills", "starts_cold", "idle_is_paid"),
    [
        (UsageBill, False, False, True),
        (HostedBill, False, False, True),
        (PerSecondBill, False, True, False),
        (HybridBill, True, False, True),
    ],
)
@given(data=st.data())
def test_each_kind_says_what_its_machines_do(
    kind: type[MonthlyBill],
    spills: bool,
    starts_cold: bool,
    idle_is_paid: bool,
    data: st.DataObject,
) -> None:
    """Whether an API takes the rest, whether it stops when idle, and whether idling costs."""
    bill = data.draw(KINDS[kind])
    assert (bill.spills, bill.starts_cold, bill.idle_is_paid) == (spills, starts_cold, idle_is_paid)
    assert (whole_replicas(bill) is bill) is (kind is HostedBill)


@settings(max_examples=40, deadline=None)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_many_scenarios_at_factor_one_are_the_curve(
    kind: type[MonthlyBill], data: st.DataObject
) -> None:
    """What Risk, its bands and the plan price is what the first screen draws, for every kind."""
    bill = data.draw(KINDS[kind])
    exponents = st.floats(-4, 4)
    flat = bill.flat_capacity_tokens if isinstance(bill, HybridBill) else 1e9
    volumes = flat * 10.0 ** np.array(data.draw(st.lists(exponents, min_size=3, max_size=3)))
    near = [1e-8] * volumes.size
    if isinstance(bill, HybridBill):
        near = [promised(bill, float(tokens)) for tokens in volumes]
        # Where a replica is just filled the last digit of a rounding decides on the next one.
        needed = np.outer(volumes / flat, bill.relative_load)
        assume(np.all((needed == 0) | (np.abs(needed - np.round(needed)) > 1e-9)))
    many = costs_of_many([bill], [SAME], volumes, volumes.size)[0]
    drawn = bill.curve().at(volumes)
    for usd, expected, within in zip(many, drawn, near, strict=True):
        assert usd == pytest.approx(expected, rel=within, abs=1e-6)


def test_no_scenario_costs_nothing() -> None:
    """An empty column is answered with an empty row."""
    assert costs_of_many([hosted_bill()], [SAME], np.empty(0), 0).shape == (1, 0)


@pytest.mark.parametrize(
    ("factors", "volumes", "message"),
    [
        (Factors(capacity=0.0), 1e9, "factor on capacity must be above 0"),
        (Factors(price=np.array([1.0, math.nan])), 1e9, "factor on price must be"),
        (Factors(labour=-1.0), 1e9, "factor on labour must be at least 0"),
        (Factors(price=np.ones(3)), 1e9, "factor on price must have 2 values"),
        (SAME, -1.0, "volume in tokens a month must be at least 0"),
        (SAME, np.array([1.0, math.inf]), "volume in tokens a month"),
    ],
)
def test_values_outside_their_domain_are_refused_by_name(
    factors: Factors, volumes: float, message: str
) -> None:
    """NaN, infinity, negatives and columns of another length."""
    with pytest.raises(ModelInputError, match=message):
        costs_of_many([hosted_bill()], [factors], volumes, 2)


def test_every_bill_needs_its_factors() -> None:
    """A forgotten entry is refused rather than shifted."""
    with pytest.raises(ModelInputError, match="1 bills need as many factors"):
        costs_of_many([hosted_bill()], [], 1.0, 1)


def test_chunks_cover_everything_once() -> None:
    """The ranges follow on each other and end with the last scenario."""
    assert [(part.start, part.stop) for part in chunks(10, 4)] == [(0, 4), (4, 8), (8, 10)]


def hosted_bill() -> HostedBill:
    """Replicas of 1e9 tokens at $100, nothing else."""
    return HostedBill(1e9, 0, 0.0, CostLine("Rent", 100.0, "rent"))
