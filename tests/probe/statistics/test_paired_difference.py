"""Two targets: told apart where they differ, not where they are equal, whatever drifts."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import SecretStr

from core.measurement.report import Comparison
from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.findings.summary import summarise
from core.probe.records.budget import Unlimited
from core.probe.records.ending import EndReason
from core.probe.records.probe_plan import ApiTarget, Paired, Precision, ProbePlan, Rival
from core.probe.records.sample import Outcome, Sample
from core.probe.statistics.paired_difference import compare_all
from tests.probe.support import KEY, SUBJECT, Done, carry_out, plan, sample, target
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthProcess

URL = "http://127.0.0.1:9/v1"


def paired_plan(
    base_url: str = URL, *, pairs: int = 100, labels: str = "AB", **changes: Any
) -> ProbePlan:
    """Targets that differ in the name of their model: the first is called m."""
    rivals = tuple(
        Rival(
            subject=SUBJECT.model_copy(update={"label": label}),
            target=target(base_url, wire_model=f"m-{label}"),
        )
        for label in labels[1:]
    )
    fields = {"schedule": Paired(pairs=pairs, rate_per_s=40), "rivals": rivals}
    subject = SUBJECT.model_copy(update={"label": labels[0]})
    return plan(base_url, subject=subject, **(fields | changes))


def drawn(a_s: NDArray[np.float64], b_s: NDArray[np.float64]) -> list[Sample]:
    """Samples of pairs with these response times."""
    return [
        sample(2 * i + place, float(times[i]), step=i, target=place)
        for i in range(len(a_s))
        for place, times in enumerate((a_s, b_s))
    ]


def compared(a_s: NDArray[np.float64], b_s: NDArray[np.float64]) -> Comparison:
    """The comparison of drawn pairs."""
    return compare_all(paired_plan(pairs=len(a_s)), drawn(a_s, b_s))[0]


def drifting(draw: np.random.Generator, n: int, factor: float = 1.0) -> NDArray[np.float64]:
    """Lognormal times around 20 ms that grow by a quarter over the run."""
    return 0.02 * factor * np.linspace(1, 1.25, n) * draw.lognormal(0, 0.2, n)


def test_equal_targets_are_rarely_told_apart_under_drift() -> None:
    """One time in twenty at most, by simulation; 150 pairs, 25 % drift."""
    draw = np.random.default_rng(1)
    wrong = sum(
        compared(drifting(draw, 150), drifting(draw, 150)).verdict in {"a", "b"} for _ in range(200)
    )
    assert wrong <= 0.09 * 200


def test_a_difference_of_15_percent_is_found_under_drift() -> None:
    """3 ms in 20: nearly always, with the interval around the truth."""
    draw, found, covered = np.random.default_rng(2), 0, 0
    for _ in range(100):
        one = compared(drifting(draw, 150), drifting(draw, 150, 1.15))
        found += one.verdict == "a"
        assert one.ratio_low is not None
        assert one.ratio_high is not None
        covered += one.ratio_low <= 1.15 <= one.ratio_high
    assert found >= 95
    assert covered >= 88


def test_the_sentence_says_who_by_how_much_and_how_sure() -> None:
    """A winner; no difference to speak of; and how many more pairs would tell."""
    draw = np.random.default_rng(4)
    base = 0.02 * draw.lognormal(0, 0.05, 200)
    slower = compared(base, base * 1.15 * draw.lognormal(0, 0.02, 200))
    assert slower.sentence.startswith("A is faster than B: its answers take 13 % less time (1")
    assert "over 200 pairs" in slower.sentence
    assert slower.more_pairs is None
    faster = compared(base * 1.15, base * draw.lognormal(0, 0.02, 200))
    assert faster.sentence.startswith("B is faster than A")
    same = compared(base, base * draw.lognormal(0, 0.02, 200))
    assert same.verdict == "same"
    assert same.sentence.startswith("No difference to speak of: B takes between")
    open_question = compared(base[:20], base[:20] * draw.lognormal(0.02, 0.3, 20))
    assert open_question.verdict == "unknown"
    assert open_question.more_pairs is not None
    assert f"About {open_question.more_pairs:,} more pairs would tell" in open_question.sentence
    few = compared(base[:4], base[:4])
    assert "4 pairs with two answers are too few" in few.sentence


def test_the_pairs_that_are_asked_for_do_tell() -> None:
    """A promise kept: with so many more pairs as were said, it is decided three times in four."""
    draw, kept = np.random.default_rng(6), 0
    for _ in range(40):
        a, b = draw.lognormal(0, 0.2, 3000), draw.lognormal(0.06, 0.2, 3000)
        early = compared(a[:30], b[:30])
        if early.more_pairs is None:
            kept += early.verdict != "unknown"
            continue
        n = min(3000, 30 + 2 * early.more_pairs)
        kept += compared(a[:n], b[:n]).verdict != "unknown"
    assert kept >= 30


def test_failures_are_counted_and_leave_their_pair_out() -> None:
    """A pair with one answer says nothing of the difference, but the failure is told."""
    samples = drawn(np.full(20, 0.02), np.full(20, 0.03))
    broken = sample(1, outcome=Outcome.SERVER_ERROR, step=0, target=1)
    one = compare_all(paired_plan(), [s for s in samples if s.seq != 1] + [broken])[0]
    assert (one.pairs, one.failed_a, one.failed_b) == (19, 0, 1)
    assert "Failures: A 0, B 1" in one.sentence


def test_three_targets_are_compared_two_by_two_at_a_stricter_level() -> None:
    """The 95 % hold for all three statements together."""
    found = compare_all(paired_plan(labels="ABC"), [])
    assert [(c.a, c.b) for c in found] == [(0, 1), (0, 2), (1, 2)]
    assert {round(c.level, 4) for c in found} == {0.9833}


def run_pairs(a_plan: ProbePlan) -> Done:
    """Carry a comparison out for real."""
    assert isinstance(a_plan.target, ApiTarget)
    rivals = [
        (OpenAICompatible(one, SecretStr(KEY)), Unlimited())
        for one in a_plan.targets[1:]
        if isinstance(one, ApiTarget)
    ]
    return carry_out(a_plan, rivals=rivals)


@pytest.mark.parametrize("slower_s", [0.003, 0.0])
def test_three_milliseconds_on_one_real_server_are_told_and_none_are_not(
    embedding_process: Callable[..., GroundTruthProcess], slower_s: float
) -> None:
    """Both targets drift by a quarter over the run; one is 3 ms slower, or neither is."""
    delay = Delay("lognormal", 0.02, 0.1, drift_by=0.25, drift_over_s=4.0, seed=7)
    server = embedding_process(Config(delay=delay, slower_s={"m-B": slower_s}))
    a_plan = paired_plan(server.base_url, pairs=150)
    run = run_pairs(a_plan)
    assert len(run.samples) == a_plan.planned
    summary = summarise(a_plan, run.samples)
    assert summary.report is not None
    (one,) = summary.report.comparisons
    assert one.pairs == 150
    assert len(summary.rivals) == 1
    if slower_s:
        assert one.verdict == "a", one.sentence
        assert one.difference_low_s is not None
        assert one.difference_high_s is not None
        assert one.difference_low_s - 0.0015 < 0.0034 < one.difference_high_s + 0.0015
    else:
        assert one.verdict not in {"a", "b"}, one.sentence


def test_a_comparison_stops_when_the_ratio_is_known(
    embedding_process: Callable[..., GroundTruthProcess],
) -> None:
    """Of 400 pairs about a hundred are enough for a factor of 1.2; the rest is not sent."""
    server = embedding_process(Config(delay=Delay(median_s=0.01)))
    a_plan = paired_plan(
        server.base_url,
        schedule=Paired(pairs=400, rate_per_s=150),
        stop_at=Precision(factor=1.2),
    )
    run = run_pairs(a_plan)
    assert run.ending.reason is EndReason.PRECISE
    sent = [s for s in run.samples if s.asked]
    assert 200 <= len(sent) < 600
    assert len(run.samples) == a_plan.planned
