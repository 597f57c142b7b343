"""What is said while a run goes on, where no line can be drawn again."""

import io
import time
from itertools import pairwise
from typing import Any

import pytest
from rich.console import Console

from core.cli.probing.following import FIRST_PAUSE_S, LONGEST_PAUSE_S, NowAndThen
from core.cli.probing.telling.live_line import so_far
from core.measurement.latency import LatencySummary
from core.probe.findings.summary import summarise
from core.probe.records.probe_plan import BatchSweep, ColdStart, ConcurrencySweep, ProbePlan, Ramp
from core.probe.records.sample import Outcome, Phase, Sample
from core.runs.watching.run_view import RunView
from core.store.runs import RunState
from tests.probe.support import plan, sample

URL = "http://127.0.0.1:9/v1"


def live(own: ProbePlan, samples: list[Sample]) -> RunView:
    """A live run with these samples."""
    summary: LatencySummary | None = summarise(own, samples) if samples else None
    fields: dict[str, Any] = dict.fromkeys(RunView.__dataclass_fields__)
    fields |= {"run_id": "1", "plan": own, "state": RunState.RUNNING, "summary": summary}
    return RunView(**fields | {"done": len(samples), "planned": 99, "unread": ()})


def test_a_log_gets_the_first_call_the_first_percentile_and_then_less_and_less(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Looked at every tenth of a second for an hour, it has some sixty lines."""
    said, now_s = io.StringIO(), 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now_s)
    teller = NowAndThen(Console(file=said, width=200))
    own = plan(URL)
    cold = sample(0, 0.02, phase=Phase.COLD)
    teller.tell(live(own, []))
    assert said.getvalue() == ""
    teller.tell(live(own, [sample(0, outcome=Outcome.SERVER_ERROR, phase=Phase.COLD)]))
    assert said.getvalue() == ""
    now_s += 0.1
    teller.tell(live(own, [cold]))
    now_s += 0.1
    teller.tell(live(own, [cold, sample(1, 0.01)]))
    assert said.getvalue().splitlines() == [
        "so far, 1 of 99 requests: first call 20 ms",
        "so far, 2 of 99 requests: p50 10 ms, p95 10 ms, p99 10 ms",
    ]
    moments, view = [], live(own, [cold, sample(1, 0.01)])
    for _ in range(36_000):
        now_s += 0.1
        before = said.tell()
        teller.tell(view)
        if said.tell() > before:
            moments.append(now_s)
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert 50 < len(moments) < 70
    assert min(pauses) >= FIRST_PAUSE_S
    assert max(pauses) <= LONGEST_PAUSE_S + 0.2


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Ramp(rates_per_s=(1, 2)), r"2 requests/s: 2 answers/s, p50 10 ms, p95 10 ms"),
        (ConcurrencySweep(workers=(1, 4)), r"4 at a time: 100 answers/s, p50 10 ms, p95 10 ms"),
        (BatchSweep(sizes=(1, 4)), r"2 sizes tried, at best 2.5 ms a text"),
        (ColdStart(gaps_s=(1, 5)), r"after 1 s: first call 10 ms"),
    ],
)
def test_a_run_in_steps_says_where_it_is(schedule: Any, words: str) -> None:
    """Its percentiles would be a mixture of loads."""
    own = plan(URL, schedule=schedule)
    phase = Phase.COLD if isinstance(schedule, ColdStart) else Phase.MEASURED
    samples = [sample(3, 0.01, step=0), sample(4, 0.01, step=1, phase=phase)]
    assert so_far(live(own, samples)) == words


def test_failures_are_said_while_they_happen() -> None:
    """Beside percentiles that they reach into."""
    samples = [sample(3, 0.01), sample(4, outcome=Outcome.TIMEOUT)]
    assert so_far(live(plan(URL), samples)).endswith("p99 infinite, 1 failed")
