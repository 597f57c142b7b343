"""The largest rate within a latency objective, from the table and exactly."""

import functools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.batch_time import BatchCost
from core.serving.queue.batch_queue import solve
from core.serving.queue.queue_table import QueueTable
from core.serving.response.slo_capacity import Capacity, Feasible, Infeasible, capacity_exact
from tests.oracles.serving.queues import capacity_from_curve

COST = BatchCost(0.010, 0.0, 0.001)
LARGEST = 32
LIMITS_S = (0.025, 0.030, 0.040, 0.050, 0.060, 0.080, 0.100)


@functools.cache
def exact_within(limit_s: float) -> Capacity:
    """The exact capacity of the replica under test; a limit is searched once."""
    return capacity_exact(COST.of_sizes(LARGEST), limit_s)


@pytest.mark.parametrize("limit_s", LIMITS_S)
def test_table_and_exact_search_agree(queue_table: QueueTable, limit_s: float) -> None:
    """Over the usable range of limits both find the same load within 0.03."""
    exact = exact_within(limit_s)
    read = capacity_from_curve(queue_table.curve(COST, LARGEST), limit_s)
    assert isinstance(exact, Feasible)
    assert isinstance(read, Feasible)
    assert read.load == pytest.approx(exact.load, abs=0.03)
    at = solve(exact.rate_per_s, COST.of_sizes(LARGEST))
    assert at is not None
    assert at.response.p95_s == pytest.approx(limit_s, rel=1e-3)


def test_the_usable_share_of_the_throughput_depends_on_the_limit() -> None:
    """A simulated server (start 10 ms, 1 ms a text, 32 at most): 20 % at 25 ms, 92 % at 80 ms."""
    usable = []
    for limit_s in LIMITS_S:
        capacity = exact_within(limit_s)
        assert isinstance(capacity, Feasible)
        usable.append(capacity.load)
    simulated = [0.20, 0.35, 0.57, 0.71, 0.81, 0.92, 0.96]
    assert usable == pytest.approx(simulated, abs=0.02)


@given(st.floats(0.012, 1.0), st.floats(1.0, 3.0))
def test_a_looser_limit_carries_no_less(
    queue_table: QueueTable, limit_s: float, looser: float
) -> None:
    """Capacity rises with the limit and stays below full batches."""
    curve = queue_table.curve(COST, LARGEST)
    tight, loose = (capacity_from_curve(curve, limit) for limit in (limit_s, looser * limit_s))
    assert isinstance(tight, Feasible)
    assert isinstance(loose, Feasible)
    assert 0 < tight.rate_per_s <= loose.rate_per_s * (1 + 1e-12)
    assert loose.rate_per_s < curve.full_rate_per_s
    assert tight.load == pytest.approx(tight.rate_per_s / curve.full_rate_per_s)


def test_a_limit_below_an_idle_replica_is_infeasible_and_says_why(queue_table: QueueTable) -> None:
    """A lone text takes 11 ms: within 10 ms no number of replicas helps."""
    for capacity in (
        capacity_from_curve(queue_table.curve(COST, LARGEST), 0.010),
        capacity_exact(COST.of_sizes(LARGEST), 0.010),
    ):
        assert isinstance(capacity, Infeasible)
        assert capacity.zero_load_s == pytest.approx(0.011)
        assert "more replicas do not help" in capacity.reason
        assert "p95" in capacity.reason


def test_varied_times_are_searched_exactly() -> None:
    """With times that vary, the idle percentile is that of the variation, and decides."""
    batch_s = COST.of_sizes(8)[:, None] * np.array([0.5, 0.75, 1.0, 1.75])
    infeasible = capacity_exact(batch_s, 0.012)
    feasible = capacity_exact(batch_s, 0.040)
    assert isinstance(infeasible, Infeasible)
    assert infeasible.zero_load_s == pytest.approx(1.75 * 0.011)
    assert isinstance(feasible, Feasible)
    solved = solve(feasible.rate_per_s, batch_s)
    assert solved is not None
    assert solved.response.p95_s == pytest.approx(0.040, rel=1e-3)


@pytest.mark.parametrize(("limit_s", "level"), [(0.0, 0.95), (-1.0, 0.95), (1.0, 0.42)])
def test_nonsense_is_refused(queue_table: QueueTable, limit_s: float, level: float) -> None:
    """No limit, or a level that is not kept."""
    with pytest.raises(ModelInputError):
        capacity_from_curve(queue_table.curve(COST, LARGEST), limit_s, level)
    with pytest.raises(ModelInputError):
        capacity_exact(COST.of_sizes(LARGEST), limit_s, level)


def test_loads_near_saturation_need_not_be_looked_at() -> None:
    """A generous objective gives the highest load asked for; a tight one the same as without."""
    times = COST.of_sizes(8)
    full = COST.full_rate_per_s(8)
    generous = capacity_exact(times, 100.0, highest_load=0.9)
    assert isinstance(generous, Feasible)
    assert generous.rate_per_s == pytest.approx(0.9 * full)
    limit_s = 3 * COST.seconds(1)
    tight = capacity_exact(times, limit_s, highest_load=0.9, bisections=16)
    free = capacity_exact(times, limit_s)
    assert isinstance(tight, Feasible)
    assert isinstance(free, Feasible)
    assert tight.rate_per_s == pytest.approx(free.rate_per_s, rel=1e-3)
