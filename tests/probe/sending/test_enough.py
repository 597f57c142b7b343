"""When to stop: the procedure as a whole keeps its promise."""

import math
from statistics import NormalDist

import numpy as np

from core.probe.records.probe_plan import Precision
from core.probe.records.sample import Sample
from core.probe.sending.enough import FIRST_LOOK, Enough, is_precise
from core.probe.statistics.percentiles import two_sided_ranks
from tests.probe.support import plan, sample


def test_no_look_before_a_hundred_and_then_at_growing_sizes() -> None:
    """100, 150, 225 and so on, each once."""
    a_plan = plan("http://127.0.0.1:9/v1", stop_at=Precision(factor=1.0001))
    enough, sizes = Enough(a_plan), []
    samples: list[Sample] = []
    for i in range(400):
        samples.append(sample(i, 0.1 + 0.037 * (i * i % 101) / 101))
        before = enough._next_look
        assert not enough.known(samples, 0)
        if enough._next_look != before:
            sizes.append(len(samples))
    assert sizes == [FIRST_LOOK, 150, 225, 338]


def test_what_has_not_ended_may_be_the_slowest() -> None:
    """Requests on their way count as infinite: a quick look must not hide a stall."""
    a_plan = plan("http://127.0.0.1:9/v1", stop_at=Precision(factor=1.2))
    samples = [sample(i, 0.1) for i in range(100)]
    assert Enough(a_plan).known(samples, 0)
    assert not Enough(a_plan).known(samples, 10)


def test_the_interval_covers_in_spite_of_the_looks() -> None:
    """Stopped at a half-width of 20 %, it holds the true p95 about 95 times in a hundred."""
    draw, truth, hits, stopped = np.random.default_rng(8), NormalDist().inv_cdf(0.95), 0, 0
    for _ in range(300):
        times = draw.lognormal(0, 0.5, 2_000)
        n = FIRST_LOOK
        while n < 2_000 and not is_precise(times[:n].tolist(), 0.95, 1.2):
            n = math.ceil(n * 1.5)
        n = min(n, 2_000)
        stopped += n < 2_000
        ranks, ordered = two_sided_ranks(n, 0.95), np.sort(times[:n])
        assert ranks.low is not None
        assert ranks.high is not None
        hits += bool(ordered[ranks.low - 1] <= math.exp(0.5 * truth) <= ordered[ranks.high - 1])
    assert stopped > 250
    assert hits / 300 >= 0.91
