"""Batch times of texts of different lengths."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.batch_time import BatchTime, work_tokens
from core.serving.queue.batch_chain import Floats
from core.serving.queue.batch_queue import solve
from core.serving.queue.batch_work import NODES, padded_batch_s, unpadded_batch_s
from tests.serving.simulation import poisson_arrivals

T = BatchTime(0.005, 0.002, 1e-5, 1_024)
NO_START = BatchTime(0.0, 0.0, 1e-5, 1_024)
REQUESTS = 250_000


def lengths(seed: int = 0) -> Floats:
    """20,000 lognormal lengths of mean 100 and coefficient of variation 1, cut at 512."""
    rng = np.random.default_rng(seed)
    sigma = math.sqrt(math.log(2))
    return np.clip(rng.lognormal(math.log(100) - sigma**2 / 2, sigma, 20_000), 1, 512)


@pytest.mark.parametrize("nodes_of", [padded_batch_s, unpadded_batch_s])
def test_equal_lengths_have_one_time(nodes_of: Callable[..., Floats]) -> None:
    """Texts of one length are the batch time of that length, padded or not, in every node."""
    nodes = nodes_of(T, [64.0] * 5, 20)
    assert nodes.shape == (20, NODES)
    assert nodes == pytest.approx(np.repeat(T.at_length(64).of_sizes(20)[:, None], NODES, axis=1))


def test_without_padding_the_mean_is_that_of_the_work() -> None:
    """The mean of the nodes is n times the mean work of a text, whatever the slices."""
    known = lengths()
    nodes = unpadded_batch_s(NO_START, known, 16)
    mean_s = 1e-5 * work_tokens(known, 1_024).mean()
    assert nodes.mean(axis=1) == pytest.approx(mean_s * np.arange(1, 17), rel=1e-6)


@pytest.mark.parametrize("texts", [1, 3, 16])
def test_the_nodes_are_the_slices_of_sampled_batches(texts: int) -> None:
    """Each node is the mean of its eighth of 200,000 sampled batches, within 2 %."""
    rng = np.random.default_rng(5)
    known = lengths()
    drawn = rng.choice(known, (200_000, texts))
    sums = work_tokens(drawn, 1_024).sum(axis=1)
    longest = texts * work_tokens(drawn.max(axis=1), 1_024)
    for nodes_of, work in ((unpadded_batch_s, sums), (padded_batch_s, longest)):
        expected = 1e-5 * np.sort(work).reshape(NODES, -1).mean(axis=1)
        assert nodes_of(NO_START, known, texts)[-1] == pytest.approx(expected, rel=0.02)


@given(st.lists(st.floats(1, 8_192), min_size=1, max_size=40), st.integers(1, 24))
@settings(max_examples=40, deadline=None)
def test_padding_never_makes_a_batch_quicker(known: list[float], largest: int) -> None:
    """Padded to the longest costs at least the sum of the lengths; larger batches take longer."""
    padded, unpadded = padded_batch_s(T, known, largest), unpadded_batch_s(T, known, largest)
    assert (padded.mean(axis=1) >= unpadded.mean(axis=1) * 0.99).all()
    for nodes in (padded, unpadded):
        assert (np.diff(nodes.mean(axis=1)) >= -1e-9).all()
        assert (np.diff(nodes, axis=1) >= -1e-9).all()


def simulated_s(rate: float, largest: int, known: Floats, *, padded: bool) -> Floats:
    """Sojourn times of texts that carry their own length through the queue."""
    rng = np.random.default_rng(8)
    arrivals = poisson_arrivals(rate, REQUESTS, rng)
    drawn = rng.choice(known, REQUESTS)
    work = work_tokens(drawn, T.hidden)
    ends = np.empty(REQUESTS)
    now, served = 0.0, 0
    while served < REQUESTS:
        now = max(now, arrivals[served])
        waiting = np.searchsorted(arrivals[served : served + largest], now, side="right")
        after = served + int(waiting)
        batch = work[served:after]
        total = len(batch) * batch.max() if padded else batch.sum()
        now += T.start_s + max(T.floor_s, T.per_token_s * total)
        ends[served:after] = now
        served = after
    kept: Floats = (ends - arrivals)[REQUESTS // 20 :]
    return kept


@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize(("largest", "load"), [(8, 0.3), (8, 0.8), (32, 0.6)])
def test_a_queue_of_varied_texts_agrees_with_a_simulation(
    largest: int, load: float, *, padded: bool
) -> None:
    """Eight nodes stand for the law of the batch times: p95 within 5 %, p99 within 9 %."""
    known = lengths()
    batch_s = (padded_batch_s if padded else unpadded_batch_s)(T, known, largest)
    rate = load * largest / batch_s[-1].mean()
    solved = solve(rate, batch_s)
    assert solved is not None
    seen = simulated_s(rate, largest, known, padded=padded)
    assert solved.response.mean_s == pytest.approx(seen.mean(), rel=0.03)
    assert solved.response.p95_s == pytest.approx(np.quantile(seen, 0.95), rel=0.05)
    assert solved.response.p99_s == pytest.approx(np.quantile(seen, 0.99), rel=0.09)


@pytest.mark.parametrize("bad", [[], [0.0], [math.nan], [math.inf], [[1.0]]])
def test_lengths_that_make_no_sense_are_refused(bad: list[float]) -> None:
    """No length, no token, nan: refused by both."""
    for nodes_of in (padded_batch_s, unpadded_batch_s):
        with pytest.raises(ModelInputError):
            nodes_of(T, bad, 4)
    with pytest.raises(ModelInputError):
        padded_batch_s(T, [8.0], 0)
