"""A run in lines: what stands beside its percentiles."""

from dataclasses import replace
from typing import Any

from core.cli.probing.telling.run_lines import lines_of
from core.measurement.report import Overhead
from core.probe.findings.summary import summarise
from core.probe.records.probe_plan import ClosedLoop, ProbePlan, Ramp
from core.probe.records.sample import Sample
from core.runs.watching.run_view import RunView
from core.store.runs import RunState
from tests.probe.support import plan, sample

URL = "http://127.0.0.1:9/v1"


def told(own: ProbePlan, samples: list[Sample], **changes: Any) -> list[str]:
    """Of a finished run."""
    summary = summarise(own, samples).model_copy(update=changes)
    fields: dict[str, Any] = dict.fromkeys(RunView.__dataclass_fields__)
    fields |= {"run_id": "1", "plan": own, "state": RunState.DONE, "summary": summary}
    return lines_of(RunView(**fields | {"spent_usd": 0, "worst_case_usd": 0}))


def answers(count: int, **more: Any) -> list[Sample]:
    """Of 100 ms each, 60 of them the server's."""
    return [sample(i, 0.1, server_ms=60.0, tokens_billed=20, **more) for i in range(count)]


def test_whose_time_it_was_stands_beside_the_percentiles() -> None:
    """The server's share, our client's, and what a single request shows of the rate."""
    own = Overhead(n=9, p50_s=0.0001, p95_s=0.0002, p99_s=0.0003)
    lines = told(plan(URL), answers(80), overhead=own)
    assert "  by the server's own word 60 ms, the rest 40 ms (medians of 80 answers)" in lines
    assert "  our own client takes 0.1 ms of that, p99 0.3 ms" in lines
    assert "  200 tokens/s of a single request, so at least of the server" in lines
    assert "  no failures: with 95 % confidence fewer than 3.7 % fail" in lines


def test_a_run_in_steps_claims_no_rate_of_a_single_request() -> None:
    """Under load it would be the queue's."""
    lines = told(plan(URL, schedule=Ramp(rates_per_s=(1, 2), step_s=5)), answers(15))
    assert not any("tokens/s" in line or "response p" in line for line in lines)
    assert any(line.endswith("(medians of 15 answers of all steps)") for line in lines)


def test_a_closed_loop_says_what_its_waiting_hid() -> None:
    """With what was not sent meanwhile, as an estimate."""
    hang = [replace(s, completed_ns=(s.completed_ns or 0) + 10**9) for s in answers(1)]
    lines = told(plan(URL, schedule=ClosedLoop(requests=30)), [*answers(30)[1:], *hang])
    (estimated,) = (line for line in lines if "was not sent while the workers waited" in line)
    assert "p99 1" in estimated
