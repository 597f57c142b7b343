"""Several replicas behind a balancer, and how many a peak needs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.batch_time import BatchCost
from core.serving.queue.batch_chain import Floats
from core.serving.queue.batch_queue import solve
from tests.oracles.serving.replicas_behind_a_balancer import rate_per_replica, replicas_for
from tests.serving.simulation import poisson_arrivals


@pytest.mark.parametrize("balancer", ["random", "round-robin"])
@pytest.mark.parametrize("load", [0.3, 0.8])
def test_one_replica_at_its_share_stands_for_all(balancer: str, load: float) -> None:
    """Four simulated batchers: equal for a random balancer, a bound from above for round-robin."""
    replicas, batch_s = 4, BatchCost(0.010, 0.0, 0.001).of_sizes(16)
    rate = load * replicas * 16 / batch_s[-1]
    rng = np.random.default_rng(2)
    arrivals = poisson_arrivals(rate, 400_000, rng)
    random = rng.integers(0, replicas, len(arrivals))
    chosen = random if balancer == "random" else np.arange(len(arrivals)) % replicas
    seen = np.concatenate(
        [one_replica_s(arrivals[chosen == replica], batch_s) for replica in range(replicas)]
    )
    solved = solve(rate_per_replica(rate, replicas), batch_s)
    assert solved is not None
    simulated_p95 = np.quantile(seen, 0.95)
    if balancer == "random":
        assert solved.response.p95_s == pytest.approx(simulated_p95, rel=0.03)
    else:
        assert solved.response.p95_s > 1.02 * simulated_p95


def one_replica_s(
    arrivals: Floats,
    batch_s: Floats,
) -> Floats:
    """Sojourn times of given arrivals at one greedy batcher."""
    ends = np.empty(len(arrivals))
    now, served = 0.0, 0
    while served < len(arrivals):
        now = max(now, float(arrivals[served]))
        waiting = int(np.searchsorted(arrivals[served : served + len(batch_s)], now, side="right"))
        now += float(batch_s[waiting - 1])
        ends[served : served + waiting] = now
        served += waiting
    sojourn: Floats = ends - arrivals
    return sojourn


@given(st.integers(1, 1_000), st.floats(0.001, 1e6))
def test_exactly_k_capacities_need_k_replicas(k: int, capacity: float) -> None:
    """The last digit of a product does not buy another replica; a thousandth more does."""
    assert replicas_for(k * capacity, capacity) == k
    assert replicas_for((k + 0.001) * capacity, capacity) == k + 1


@given(st.floats(0, 1e6), st.floats(0.01, 1e6))
def test_the_replicas_carry_the_peak_and_one_less_does_not(peak: float, capacity: float) -> None:
    """ceil(peak / capacity), at least one."""
    needed = replicas_for(peak, capacity)
    assert needed * capacity >= peak * (1 - 1e-8)
    assert needed == 1 or (needed - 1) * capacity < peak


def test_minimum_and_spare_are_added_on_top() -> None:
    """max(minimum, needed) + spare."""
    assert replicas_for(10, 4, minimum=2, spare=1) == 4
    assert replicas_for(1, 4, minimum=2, spare=1) == 3
    assert replicas_for(0, 4, minimum=0) == 0


def test_nonsense_is_refused() -> None:
    """No replica, no capacity, negative peaks."""
    for wrong in (
        lambda: rate_per_replica(1.0, 0),
        lambda: rate_per_replica(-1.0, 1),
        lambda: replicas_for(1.0, 0.0),
        lambda: replicas_for(-1.0, 1.0),
        lambda: replicas_for(1.0, 1.0, spare=-1),
    ):
        with pytest.raises(ModelInputError):
            wrong()
