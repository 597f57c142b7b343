"""Patterns: said where they are there, with their cause; silent about microseconds."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core.probe.findings.pattern_cautions import all_of
from core.probe.findings.run_report import report
from core.probe.records.sample import Sample
from tests.probe.support import plan, sample

URL = "http://127.0.0.1:9/v1"
NOISE = np.random.default_rng(5)


def said(samples: list[Sample]) -> str:
    """Everything that is said about these samples."""
    return " ".join(filter(None, all_of(samples)))


def handshake(seq: int, service_s: float, took_s: float, **changes: Any) -> Sample:
    """A request that opened a connection first."""
    made = sample(seq, service_s, new_connection=True, **changes)
    return sample(
        seq, service_s, new_connection=True, connected_ns=(made.sent_ns or 0) + round(took_s * 1e9)
    )


def test_a_tenth_of_a_millisecond_is_no_drift() -> None:
    """20.8 to 20.8, then 20.8 to 20.9 ms: sure, and of no concern to anybody."""
    quiet = [sample(i, 0.0208 + (0.00005 if i >= 40 else 0) + 1e-7 * (i % 3)) for i in range(80)]
    assert said(quiet) == ""


@pytest.mark.parametrize(
    ("base_s", "rise_s", "drifts"),
    [
        (0.002, 0.0008, False),
        (0.002, 0.0012, True),
        (0.2, 0.008, False),
        (0.2, 0.012, True),
    ],
)
def test_drift_is_the_larger_of_a_millisecond_and_five_per_cent(
    base_s: float, rise_s: float, *, drifts: bool
) -> None:
    """A short time may rise by more than 5 %, a long one by more than 1 ms, without a word."""
    times = [base_s + (rise_s if i >= 40 else 0) + 1e-7 * ((i * 37) % 11) for i in range(80)]
    words = said([sample(i, time) for i, time in enumerate(times)])
    assert ("Latency rose" in words) == drifts
    assert ("resemble each other" in words) == drifts


def slow_start(of: Callable[[int], Sample], n: int = 6) -> list[Sample]:
    """Some requests at the beginning that are made otherwise than the 74 after them."""
    rest = [sample(i, 0.02 + 1e-5 * ((i * 37) % 11)) for i in range(n, 80)]
    return [*map(of, range(n)), *rest]


def test_a_connection_that_was_opened_is_no_short_warm_up() -> None:
    """Early requests that opened one are slow for that reason, and it is named."""
    words = said(slow_start(lambda i: handshake(i, 0.06, 0.04)))
    assert "warm-up was too short" not in words
    assert "6 of 80 measured requests opened a connection of their own" in words
    a_plan = plan(URL, requests=80)
    assert report(a_plan, slow_start(lambda i: handshake(i, 0.06, 0.04))).warm_up_seen == 0


def test_a_handshake_that_takes_no_time_is_not_named() -> None:
    """On this computer a connection is there in a tenth of a millisecond."""
    assert said(slow_start(lambda i: handshake(i, 0.0201, 0.0001))) == ""


def test_a_warm_up_that_was_too_short_is_said() -> None:
    """Six slow requests on connections that stood; by a quarter of a millisecond nobody minds."""
    assert "warm-up was too short" in said(slow_start(lambda i: sample(i, 0.06 + 1e-5 * i)))
    assert said(slow_start(lambda i: sample(i, 0.02025))) == ""


def test_a_perfect_server_is_left_in_peace() -> None:
    """Microseconds of noise, in order or not: no sentence."""
    steps = np.sort(NOISE.uniform(0.0200, 0.0204, 80))
    assert said([sample(i, float(time)) for i, time in enumerate(steps)]) == ""
