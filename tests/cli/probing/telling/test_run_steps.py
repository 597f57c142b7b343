"""Steps of a run, a line each: rates, workers, sizes, silences."""

from typing import Any

import pytest

from core.cli.probing.telling.run_steps import estimate_text, step_lines
from core.measurement.estimate import Estimate
from core.measurement.report import RunReport
from core.probe.findings.summary import summarise
from core.probe.records.probe_plan import BatchSweep, ColdStart, ConcurrencySweep, Ramp
from core.probe.records.sample import Outcome, Phase, Sample
from tests.probe.support import plan, sample

URL = "http://127.0.0.1:9/v1"


def lines(schedule: Any, samples: list[Sample], **more: Any) -> list[str]:
    """Of a run with these samples."""
    report = summarise(plan(URL, schedule=schedule, **more), samples).report
    return list(step_lines(report or RunReport()))


def test_a_ramp_marks_its_knee_and_what_was_broken_off() -> None:
    """The highest rate within the objective, and the step that was not carried out whole."""
    samples = [sample(i, 0.1, step=0) for i in range(10)]
    samples += [sample(10 + i, 0.9, step=1) for i in range(20)]
    samples += [sample(40, 0.1, step=2)]
    told = lines(Ramp(rates_per_s=(1, 2, 4)), samples, slo_s=0.5)
    assert told[0] == (
        "1 requests/s: 1 answers/s, 1/s within the objective, p50 100 ms, p95 100 ms  <- knee"
    )
    assert told[1].startswith("2 requests/s: ")
    assert not told[1].endswith("knee")
    assert told[2].endswith("(broken off)")
    assert told[3] == "most answers within the objective: 1/s"


def test_workers_are_told_with_their_failures() -> None:
    """Of each number at a time."""
    samples = [sample(i, 0.1, step=0) for i in range(2)]
    samples += [sample(2, outcome=Outcome.TIMEOUT, step=1), sample(3, 0.1, step=1)]
    told = lines(ConcurrencySweep(workers=(1, 4), requests=2), samples)
    assert told[0].startswith("1 at a time: ")
    assert told[1].startswith("4 at a time: ")
    assert told[1].endswith("p95 infinite, 1 of 2 failed")


def test_sizes_are_told_with_the_fit_and_the_best_rate() -> None:
    """20 ms and 5 ms a text: the coefficients that the answers were made with."""
    sizes, samples = (1, 4, 16), []
    for step, size in enumerate(sizes):
        for repeat in range(5):
            seq, took_s = step * 5 + repeat, 0.02 + 0.005 * size
            samples.append(sample(seq, took_s, step=step, texts=size, tokens_billed=10 * size))
    told = lines(BatchSweep(sizes=sizes, characters=(60,), repeats=5), samples)
    assert (
        told[0] == "1 text of 60 characters: 25.0 ms (95 %: 25.0 to no upper bound), 25 ms a text"
    )
    assert told[2].startswith("16 texts of 60 characters: 100.0 ms ")
    assert told[3].startswith("fit: time of a request = 20 ms + 5 ms x texts (off by ")
    assert told[4] == "1,600 tokens/s at 16 texts a request"


def test_silences_are_told_with_what_turned_cold() -> None:
    """The first call after each beside the warm ones."""
    samples, seq = [], 0
    for repeat in range(6):
        for step, took_s in ((1, 0.05), (2, 1.0)):
            samples.append(sample(seq, took_s, step=step, phase=Phase.COLD))
            samples += [sample(seq + k, 0.05, step=step) for k in (1, 2, 3)]
            seq += 4 + repeat
    told = lines(ColdStart(gaps_s=(1, 60), repeats=6), samples)
    assert told[0] == "after 1 s: first call 50.0 ms (95 %: 50.0 to 50.0), warm 50 ms"
    assert told[1].startswith("after 60 s: first call 1000.0 ms ")
    assert told[1].endswith("warm 50 ms  <- cold")


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        (Estimate(value_s=None), "infinite: failures reach into it"),
        (Estimate(value_s=0.01), "10.0 ms (too few for an interval)"),
        (Estimate(value_s=0.01, low_s=0.009), "10.0 ms (95 %: 9.0 to no upper bound)"),
        (Estimate(value_s=0.01, high_s=0.012), "10.0 ms (95 %: ? to 12.0)"),
    ],
)
def test_a_bound_that_is_not_there_is_no_number(estimate: Estimate, words: str) -> None:
    """Unknown is said."""
    assert estimate_text(estimate) == words
