"""One replica with greedy batching: the exact solution against simulation and closed forms."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.batch_time import BatchCost
from core.serving.queue.batch_chain import Floats, decay_ratio, poisson, stationary
from core.serving.queue.batch_queue import solve
from core.serving.queue.response_law import LEVELS
from tests.serving.simulation import simulate

REQUESTS = 400_000


def rate_at(load: float, batch_s: Floats) -> float:
    """Arrival rate that gives a load."""
    return float(load * len(batch_s) / batch_s[-1].mean())


@pytest.mark.parametrize(
    ("largest", "cost"),
    [
        (1, BatchCost(0.005, 0.0, 0.001)),
        (2, BatchCost(0.005, 0.0, 0.001)),
        (8, BatchCost(0.010, 0.0, 0.001)),
        (32, BatchCost(0.0, 0.0, 0.001)),
        (32, BatchCost(0.010, 0.0, 0.001)),
        (64, BatchCost(0.040, 0.008, 0.001)),
        (256, BatchCost(0.100, 0.030, 0.001)),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else None,
)
@pytest.mark.parametrize("load", [0.02, 0.3, 0.6, 0.8])
def test_it_agrees_with_a_simulation(largest: int, cost: BatchCost, load: float) -> None:
    """Mean and percentiles lie within 3 % of a simulation of 400,000 requests, itself noisy."""
    batch_s = cost.of_sizes(largest)
    rate = rate_at(load, batch_s)
    solved = solve(rate, batch_s)
    assert solved is not None
    seen = simulate(rate, batch_s, REQUESTS, seed=11)
    assert solved.response.mean_s == pytest.approx(seen.seconds.mean(), rel=0.03)
    assert solved.response.p50_s == pytest.approx(seen.percentile(0.50), rel=0.03)
    assert solved.response.p95_s == pytest.approx(seen.percentile(0.95), rel=0.03)
    assert solved.response.p99_s == pytest.approx(seen.percentile(0.99), rel=0.04)
    assert solved.mean_batch == pytest.approx(seen.mean_batch, rel=0.03)
    assert solved.busy_share == pytest.approx(seen.busy_share, rel=0.01)


@pytest.mark.parametrize("load", [0.05, 0.3, 0.6, 0.85])
def test_random_batch_times_agree_with_a_simulation(load: float) -> None:
    """Eight equally likely times of each size, a factor of five apart."""
    spread = np.linspace(0.4, 2.0, 8)
    batch_s = BatchCost(0.004, 0.0, 0.001).of_sizes(16)[:, None] * spread / spread.mean()
    rate = rate_at(load, batch_s)
    solved = solve(rate, batch_s)
    assert solved is not None
    seen = simulate(rate, batch_s, REQUESTS, seed=12)
    assert solved.response.mean_s == pytest.approx(seen.seconds.mean(), rel=0.03)
    assert solved.response.p95_s == pytest.approx(seen.percentile(0.95), rel=0.04)
    assert solved.response.p99_s == pytest.approx(seen.percentile(0.99), rel=0.05)
    assert solved.mean_batch == pytest.approx(seen.mean_batch, rel=0.02)


@given(st.floats(0.001, 0.98))
@settings(max_examples=30, deadline=None)
def test_batches_of_one_obey_pollaczek_and_khinchine(load: float) -> None:
    """With a cap of 1 and a fixed time it is M/D/1, whose mean is known: 1 + rho/(2(1-rho))."""
    solved = solve(load, np.array([1.0]))
    assert solved is not None
    assert solved.response.mean_s == pytest.approx(1 + load / (2 * (1 - load)), rel=1e-4)
    assert solved.busy_share == pytest.approx(load, rel=1e-9)
    assert solved.mean_batch == pytest.approx(1, rel=1e-12)


@given(st.floats(0.05, 0.9))
@settings(max_examples=20, deadline=None)
def test_random_times_of_single_texts_obey_pollaczek_and_khinchine(load: float) -> None:
    """With a cap of 1 and varied times the mean wait is rate E T^2 / (2 (1 - rho))."""
    times = np.array([[0.2, 0.5, 1.3, 2.0]])
    solved = solve(load / times.mean(), times)
    assert solved is not None
    wait = load / times.mean() * (times**2).mean() / (2 * (1 - load))
    assert solved.response.mean_s == pytest.approx(times.mean() + wait, rel=0.005)


@given(st.floats(-2, 1.5).map(lambda exponent: 10.0**exponent))
@settings(max_examples=30, deadline=None)
def test_a_constant_batch_time_has_a_closed_form(rate: float) -> None:
    """A request takes D where it finds nobody, else between D and 2 D, every time as likely."""
    solved = solve(rate, np.ones(128))
    assert solved is not None
    idle_s = math.exp(-rate) / rate
    idle = idle_s / (1 + idle_s)
    expected = [1.0 if level <= idle else 1 + (level - idle) / (1 - idle) for level in LEVELS]
    assert solved.response.quantiles_s == pytest.approx(expected, rel=0.005)
    assert solved.response.mean_s == pytest.approx(idle + (1 - idle) * 1.5, rel=0.001)
    assert solved.busy_share == pytest.approx(1 - idle, rel=1e-9)


@given(
    st.integers(1, 48),
    st.floats(0, 50),
    st.floats(0, 30),
    st.lists(st.floats(0, 0.97), min_size=2, max_size=2),
)
@settings(max_examples=60, deadline=None)
def test_more_load_is_never_faster(
    largest: int, start: float, floor: float, loads: list[float]
) -> None:
    """Every percentile and the mean rise with the rate, but for the error of the method."""
    batch_s = BatchCost(start, floor, 1.0).of_sizes(largest)
    quiet, busy = (solve(rate_at(load, batch_s), batch_s) for load in sorted(loads))
    assert quiet is not None
    assert busy is not None
    pairs = zip(quiet.response.quantiles_s, busy.response.quantiles_s, strict=True)
    assert all(high >= low * 0.995 for low, high in pairs)
    assert busy.response.mean_s >= quiet.response.mean_s * 0.999
    assert busy.busy_share >= quiet.busy_share * (1 - 1e-9)
    assert busy.mean_batch >= quiet.mean_batch * (1 - 1e-9)


@given(st.integers(1, 64), st.floats(0, 40), st.floats(0.01, 0.95))
@settings(max_examples=40, deadline=None)
def test_what_comes_in_goes_out(largest: int, start: float, load: float) -> None:
    """Batches of mean size b that take E T keep up with the rate: busy share = rate E T / b."""
    batch_s = BatchCost(start, 0.0, 1.0).of_sizes(largest)
    rate = rate_at(load, batch_s)
    solved = solve(rate, batch_s)
    assert solved is not None
    mean_batch_s = start + solved.mean_batch  # T is linear, so its mean is T of the mean
    assert solved.busy_share == pytest.approx(rate * mean_batch_s / solved.mean_batch, rel=1e-6)


def test_no_load_is_the_time_of_one_text() -> None:
    """At rate 0 every percentile is T(1), the batch is one text and nothing is busy."""
    solved = solve(0.0, np.array([2.0, 3.0]))
    assert solved is not None
    assert set(solved.response.quantiles_s) == {2.0}
    assert (solved.response.mean_s, solved.mean_batch, solved.busy_share) == (2.0, 1.0, 0.0)


@pytest.mark.parametrize("load", [1.0, 1.0000001, 3.0, 1e9])
def test_an_overloaded_queue_has_no_answer(load: float) -> None:
    """At a load of 1 or more nothing is returned: no infinity and no nan."""
    assert solve(load * 4 / 0.5, np.array([0.2, 0.3, 0.4, 0.5])) is None


@pytest.mark.parametrize("load", [0.999, 0.99999])
def test_times_near_saturation_grow_as_one_over_what_is_left(load: float) -> None:
    """M/D/1 at the brink: p95 is that of an exponential law of the known decay, within 2 %."""
    solved = solve(load, np.array([1.0]))
    assert solved is not None
    assert solved.response.p95_s * (1 - load) == pytest.approx(0.5 * math.log(20), rel=0.02)
    assert solved.response.mean_s * (1 - load) == pytest.approx(0.5, rel=0.01)


def test_a_cap_that_is_never_reached_does_not_matter() -> None:
    """At little load caps of 64 and 256 give the same answer."""
    cost = BatchCost(0.01, 0.0, 0.0001)
    small, large = (solve(200.0, cost.of_sizes(largest)) for largest in (64, 256))
    assert small is not None
    assert large is not None
    assert small.response.quantiles_s == pytest.approx(large.response.quantiles_s, rel=1e-9)
    assert small.mean_batch == pytest.approx(large.mean_batch, rel=1e-9)


@given(st.floats(0.1, 0.97), st.integers(1, 64))
@settings(max_examples=30, deadline=None)
def test_the_cut_chain_is_the_whole_chain(load: float, batch: int) -> None:
    """The law of the queue sums to 1, is in balance, and ends with the decay it is closed by."""
    times = np.ones((batch, 1))
    chain = stationary(load * batch, times)
    tail = chain.probabilities[-1] * chain.ratio / (1 - chain.ratio)
    assert chain.probabilities.sum() + tail == pytest.approx(1, abs=1e-12)
    # Nobody is left behind by a batch only where at most B were there and nobody came.
    none = chain.probabilities[: batch + 1].sum() * math.exp(-load * batch)
    assert chain.probabilities[0] == pytest.approx(none, abs=1e-10)
    if chain.probabilities[-1] > 1e-9:
        last = chain.probabilities[-1] / chain.probabilities[-2]
        assert last == pytest.approx(chain.ratio, rel=1e-4)


def test_the_decay_of_a_single_server_is_its_root() -> None:
    """For M/D/1 the ratio s of long queues fulfils ln(1/s) = rho (1/s - 1)."""
    ratio = decay_ratio(1, np.array([0.7]))
    assert math.log(1 / ratio) == pytest.approx(0.7 * (1 / ratio - 1), rel=1e-9)


@given(st.floats(1e-6, 300))
def test_poisson_chances_sum_to_one_and_have_their_mean(mean: float) -> None:
    """Nothing is lost in the cut at the upper count."""
    chances = poisson(np.array([mean]), int(mean + 9 * math.sqrt(mean + 1)) + 20)[0]
    assert chances.sum() == pytest.approx(1, abs=1e-9)
    assert chances @ np.arange(len(chances)) == pytest.approx(mean, rel=1e-7)


@pytest.mark.parametrize(
    ("rate", "times"),
    [
        (1.0, []),
        (1.0, [0.0]),
        (1.0, [math.nan]),
        (1.0, [math.inf]),
        (1.0, [-1.0]),
        (1.0, [0.2, 0.1]),
        (-1.0, [0.1]),
        (math.nan, [0.1]),
        (math.inf, [0.1]),
        (1.0, [[[0.1]]]),
    ],
)
def test_nonsense_is_refused(rate: float, times: list[float]) -> None:
    """Times that are none, fall or are nan, and rates below 0, say what is wrong."""
    with pytest.raises(ModelInputError):
        solve(rate, np.array(times))
