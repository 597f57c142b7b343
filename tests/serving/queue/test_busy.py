"""GPU busy: against the exact chain, and in its limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.batch_time import BatchCost
from core.serving.queue.batch_queue import solve
from core.serving.queue.busy import busy_share, least_busy_s_per_text

costs = st.builds(BatchCost, st.floats(0, 50), st.floats(0, 20), st.floats(0.1, 5))
batches = st.sampled_from([1, 2, 3, 8, 32, 64])


def test_it_is_close_to_the_exact_chain_everywhere() -> None:
    """Two hundred random batch times, caps and loads: within 10 %, 1 % on average."""
    rng = np.random.default_rng(20261126)
    errors = []
    for _ in range(200):
        largest = int(rng.choice([1, 2, 4, 8, 16, 32]))
        cost = BatchCost(10 ** rng.uniform(-1, 1.6), 10 ** rng.uniform(-1, 1.3), 1.0)
        rate = float(rng.uniform(0.02, 0.97)) * cost.full_rate_per_s(largest)
        exact = solve(rate, cost.of_sizes(largest))
        assert exact is not None
        errors.append(abs(float(busy_share(rate, cost, largest)) / exact.busy_share - 1))
    assert max(errors) < 0.10
    assert float(np.mean(errors)) < 0.01


def test_busy_is_not_load() -> None:
    """A start worth ten texts, batches of up to 32: 67, 98 and 100 % busy at 10, 30 and 60 %."""
    cost = BatchCost(10.0, 0.0, 1.0)
    rates = np.array([0.1, 0.3, 0.6]) * cost.full_rate_per_s(32)
    assert busy_share(rates, cost, 32) == pytest.approx([0.67, 0.98, 1.0], abs=0.03)


@given(costs, st.floats(0, 0.999))
def test_without_batching_busy_is_load(cost: BatchCost, load: float) -> None:
    """One text at a time: the rate times the time of a text, exactly."""
    rate = load * cost.full_rate_per_s(1)
    assert float(busy_share(rate, cost, 1)) == pytest.approx(load, rel=1e-9, abs=1e-300)


@given(
    costs, batches, st.lists(st.one_of(st.just(0.0), st.floats(1e-6, 1.5)), min_size=2, max_size=8)
)
def test_it_lies_between_the_load_and_one_and_rises(
    cost: BatchCost, largest: int, loads: list[float]
) -> None:
    """More work never leaves more idle time."""
    load = np.sort(np.array(loads))
    share = busy_share(load * cost.full_rate_per_s(largest), cost, largest)
    assert np.all(share >= np.minimum(load, 1) * (1 - 1e-9))
    assert np.all(share <= 1)
    assert np.all(np.diff(share) >= -1e-6)


@given(
    costs, batches, st.lists(st.one_of(st.just(0.0), st.floats(1e-6, 0.99)), min_size=1, max_size=8)
)
def test_a_text_takes_between_a_full_batchs_part_and_a_batch_of_its_own(
    cost: BatchCost, largest: int, loads: list[float]
) -> None:
    """The energy of a text falls as batches fill."""
    rates = np.array(loads) * cost.full_rate_per_s(largest)
    seconds = least_busy_s_per_text(rates[np.newaxis], cost, largest)
    assert seconds >= cost.seconds(largest) / largest * (1 - 1e-6)
    assert seconds <= cost.seconds(1) * (1 + 1e-6)


def test_nothing_to_do_is_a_text_alone() -> None:
    """The limit of no load."""
    cost = BatchCost(1.0, 0.0, 2.0)
    assert least_busy_s_per_text(np.zeros((1, 24)), cost, 8) == 3
    assert float(busy_share(0.0, cost, 8)) == 0


@pytest.mark.parametrize(("rate", "largest"), [(-1.0, 8), (float("nan"), 8), (1.0, 0)])
def test_nonsense_is_refused(rate: float, largest: int) -> None:
    """A negative or unknown rate, a batch of nothing."""
    with pytest.raises(ModelInputError):
        busy_share(rate, BatchCost(1.0, 0.0, 1.0), largest)
