"""Two runs of different moments: pairs of answers to the same texts."""

import math
from typing import Any

import numpy as np
import pytest

from core.errors import RunError
from core.probe.findings.two_runs import MOMENTS, Measured, compare_runs
from core.probe.records.probe_plan import ClosedLoop, OpenLoop, ProbePlan, Ramp
from core.probe.records.sample import Outcome, Phase, Sample
from core.probe.sending.script import script
from tests.probe.support import plan, sample

URL = "http://127.0.0.1:9/v1"
TEXTS = tuple(f"text {number}" + " and more" * number for number in range(40))


def of(requests: int = 80, texts: tuple[str, ...] = TEXTS, **changes: Any) -> ProbePlan:
    """An open loop whose texts are new each time."""
    schedule = changes.pop("schedule", OpenLoop(requests=requests, rate_per_s=8))
    return plan(URL, schedule=schedule, texts=texts, texts_once=True, **changes)


def measured(label: str, own: ProbePlan, times: float, noise_seed: int) -> Measured:
    """Times that grow with the text, the same noise for no two runs."""
    noise = np.random.default_rng(noise_seed)
    samples: list[Sample] = []
    for seq, call in enumerate(script(own)):
        length = len(call.parts[0][0])
        took_s = times * (0.01 + length / 1000) * float(noise.uniform(0.97, 1.03))
        samples.append(sample(seq, took_s, phase=call.phase))
    return Measured(label, own, samples)


def test_a_change_of_ten_percent_is_seen_among_texts_that_differ_tenfold() -> None:
    """Long texts are held against long ones; seeds and numbers of requests may differ."""
    earlier = measured("earlier", of(120, seed=1), 1.0, 1)
    later = measured("later", of(80, seed=2), 1.1, 2)
    found = compare_runs(earlier, later)
    assert found.verdict == "a"
    assert found.pairs == 80
    assert found.ratio == pytest.approx(1.1, rel=0.01)
    assert found.ratio_low is not None
    assert found.ratio_high is not None
    assert found.ratio_low < 1.1 < found.ratio_high
    assert found.sentence.startswith("earlier is faster than later")
    assert found.sentence.endswith(MOMENTS)


def test_runs_without_a_difference_are_alike_or_not_told_apart() -> None:
    """Never that one is faster, but in one of twenty draws."""
    won = 0
    for draw in range(40):
        one, other = (measured(n, of(), 1.0, 2 * draw + k) for k, n in enumerate("ab"))
        won += compare_runs(one, other).verdict in {"a", "b"}
    assert won <= 6  # of 40 draws at 5 % more than 6 happen once in 300


def test_only_texts_of_both_are_paired_and_failures_are_counted() -> None:
    """A failure is no time; it is said."""
    earlier = measured("earlier", of(40), 1.0, 1)
    later = measured("later", of(40, TEXTS[:10]), 1.0, 2)
    count = compare_runs(earlier, later)
    assert 0 < count.pairs < 40
    samples = list(later.samples)
    failed = next(i for i, s in enumerate(samples) if s.phase is Phase.MEASURED)
    samples[failed] = sample(samples[failed].seq, outcome=Outcome.TIMEOUT)
    assert math.isinf(samples[failed].response_s)
    again = compare_runs(earlier, Measured("later", later.plan, samples))
    assert again.failed_a + again.failed_b == 1
    assert again.pairs == count.pairs - 1


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (of(), of(schedule=OpenLoop(rate_per_s=9)), "one is an open loop of 8 requests/s"),
        (of(), of(schedule=ClosedLoop()), "the other a closed loop of 1 at a time"),
        (of(), of(texts_per_request=2), "with 2 texts each"),
        (of(), of(texts=("other",)), "no text in common"),
        (of(schedule=Ramp()), of(schedule=Ramp()), "ramp is neither"),
    ],
)
def test_runs_that_are_no_pairs_are_refused(one: ProbePlan, other: ProbePlan, words: str) -> None:
    """Another load or other texts: the difference would be theirs."""
    with pytest.raises(RunError, match=words):
        compare_runs(measured("a", one, 1.0, 1), measured("b", other, 1.0, 2))
