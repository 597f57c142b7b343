"""Failures that are alike are told together, with the server's own sentence."""

from typing import Any

from core.probe.findings.ways_to_fail import ways_to_fail
from core.probe.records.sample import Outcome
from tests.probe.support import plan, sample

SLOW = "status 429: slow"


def test_the_commonest_comes_first_with_what_the_server_said_and_asked_for() -> None:
    """An id in the sentence of each request does not make a row of each."""
    limited: dict[str, Any] = {"outcome": Outcome.RATE_LIMITED, "http_status": 429, "detail": SLOW}
    samples = [
        sample(0),
        sample(1, outcome=Outcome.TIMEOUT, detail="no whole answer within 5 s"),
        sample(2, **limited, server_said="wait (request 1)", retry_after_s=2.0),
        sample(3, **limited, server_said="wait (request 2)", retry_after_s=30.0),
        sample(4, outcome=Outcome.CANCELLED, sent_ns=None, completed_ns=None),
    ]
    first, second = ways_to_fail(plan(), samples)
    assert (first.count, first.status, first.wait_s) == (2, 429, 30.0)
    assert first.sentence == (
        '2 rate limited (status 429: slow); it asks to wait 30 s; it says: "wait (request 1)"'
    )
    assert second.sentence == "1 timeout (no whole answer within 5 s)"


def test_a_run_without_failures_has_none() -> None:
    """No row, no line."""
    assert ways_to_fail(plan(), [sample(0), sample(1)]) == ()
