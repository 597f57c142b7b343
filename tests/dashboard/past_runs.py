"""Runs of the past, written into a real store as a worker would have left them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from core.catalog.load import load_catalog
from core.catalog.schema import Endpoint, WireFormat
from core.measurement.latency import Subject
from core.probe.findings.summary import summarise
from core.probe.records.probe_plan import ApiTarget, LocalTarget, OpenLoop, ProbePlan
from core.probe.records.sample import Outcome, Phase, Sample
from core.probe.sending.script import script
from core.runs.surroundings.environment import environment
from core.store.open import Store
from core.store.runs import RunState, add_run, change_run
from core.store.samples import add_samples
from core.units import NS_PER_SECOND

MS = 1_000_000
BEGIN = datetime(2026, 1, 15, 12, tzinfo=UTC)

PutRun = Callable[..., str]
"""Writes a run down: ``put_run(plan, state, samples, age_days=0, error=None)``; gives its id."""


def api_plan(option_id: str = "alpha/flat", requests: int = 80, **changes: Any) -> ProbePlan:
    """A plan against a provider over the network: an option's own server, or an invented one."""
    fields: dict[str, Any] = {
        "subject": Subject(option_id=option_id, label=f"Label of {option_id}", model="open/large"),
        "target": _target_of(option_id),
        "texts": ("one", "two words"),
        "requests": requests,
        "warm_up_requests": 2,
        "rate_per_s": 10.0,
    }
    if "schedule" in changes:
        del fields["requests"], fields["rate_per_s"]
    return ProbePlan.model_validate(fields | changes)


def _target_of(option_id: str) -> ApiTarget:
    offered = load_catalog().find_api(option_id)
    if offered is not None and offered[0].endpoint is not None:
        return ApiTarget(endpoint=offered[0].endpoint, wire_model=offered[1].wire_model)
    endpoint = Endpoint.model_validate(
        {"wire": WireFormat.OPENAI_COMPATIBLE, "base_url": "https://api.example.com/v1"}
    )
    return ApiTarget(endpoint=endpoint, wire_model="large")


def local_plan(requests: int = 80) -> ProbePlan:
    """A plan for the model on this computer."""
    subject = Subject(option_id="this-machine", label="This machine", model="MiniLM")
    return api_plan(requests=requests, subject=subject, target=LocalTarget())


def answered(seq: int, phase: Phase, due_ms: float, took_ms: float, **changes: Any) -> Sample:
    """An answer: sent 1 ms late, written 1 ms later, its last byte 2 ms after its first."""
    due, sent = round(due_ms * MS), round((due_ms + 1) * MS)
    end = round((due_ms + took_ms) * MS)
    fields: dict[str, Any] = {
        "sent_ns": sent,
        "request_written_ns": sent + MS,
        "first_byte_ns": end - 2 * MS,
        "completed_ns": end,
        "tokens_billed": 10,
        "http_status": 200,
    }
    return Sample(seq, phase, Outcome.OK, due, **(fields | changes))


def failed(seq: int, phase: Phase, due_ms: float, outcome: Outcome, detail: str = "") -> Sample:
    """A request that was sent and did not become an answer."""
    due = round(due_ms * MS)
    return Sample(seq, phase, outcome, due, sent_ns=due + MS, detail=detail)


def whole_run(plan: ProbePlan, failures: Sequence[int] = ()) -> list[Sample]:
    """Every sample of a plan: the first opens a connection, measured ones take 20 to 29 ms.

    ``failures`` are positions that time out.
    """
    first_ns = 5 * MS
    opened = {
        "new_connection": True,
        "dns_done_ns": first_ns,
        "connected_ns": 2 * first_ns,
        "tls_done_ns": 3 * first_ns,
        "request_written_ns": 4 * first_ns,
    }
    samples = [answered(0, Phase.COLD, 0, 200, **opened)]
    warm = plan.warm_up_requests
    samples += [answered(i, Phase.WARM_UP, 250 + 50 * i, 40) for i in range(1, warm + 1)]
    assert isinstance(plan.schedule, OpenLoop)
    step_ms = 1_000 / plan.schedule.rate_per_s
    for i in range(warm + 1, warm + 1 + plan.requests):
        due_ms = 1_000 + i * step_ms
        samples.append(
            failed(i, Phase.MEASURED, due_ms, Outcome.TIMEOUT, "no answer <in> time")
            if i in failures
            else answered(i, Phase.MEASURED, due_ms, 20 + i % 10)
        )
    return samples


def any_run(plan: ProbePlan) -> list[Sample]:
    """Every request of any plan, answered one after another.

    10 ms, 1 ms a text and 20 ms at the second target; 300 ms for a first call.
    """
    samples: list[Sample] = []
    for seq, call in enumerate(script(plan)):
        took_ms = 10 + len(call.texts) + 20 * call.target + seq % 7 / 10
        took_ms += 290 * (call.phase is Phase.COLD)
        places = {"step": call.step, "target": call.target, "texts": len(call.texts)}
        tokens = sum(len(text) for text in call.texts) // 4
        told = {"tokens_billed": tokens, "server_ms": took_ms / 2}
        samples.append(answered(seq, call.phase, 400.0 * seq, took_ms, **places, **told))
    return samples


def write_run(
    store: Store,
    plan: ProbePlan,
    state: RunState = RunState.DONE,
    samples: Sequence[Sample] = (),
    *,
    age_days: float = 0.0,
    error: str | None = None,
    imported_from: str | None = None,
    report: str | None = None,
) -> str:
    """Leave a run in the store, measured here or brought from elsewhere; its id.

    ``report``: what it found beside latencies, as it is stored.
    """
    began = BEGIN - timedelta(days=age_days)
    run_id = f"run-{age_days:g}-{state.value}"
    summary = summarise(plan, samples) if samples else None
    lasted_s = samples[-1].intended_ns / NS_PER_SECOND if samples else 0.0
    with store.write() as connection:
        add_run(
            connection,
            run_id,
            plan,
            host="another-host",
            created_at=began,
            heartbeat_at=began,
            planned=plan.planned,
            worst_case_nano_usd=40_000,
            spend_day=began.date(),
            imported_from=imported_from,
            kind="probe" if isinstance(plan.schedule, OpenLoop) else plan.schedule.kind,
        )
        add_samples(connection, run_id, samples)
        change_run(
            connection,
            run_id,
            state=state.value,
            done=len(samples),
            started_at=began,
            finished_at=began + timedelta(seconds=lasted_s),
            error=error,
            summary=None if summary is None else summary.model_dump_json(),
            environment=environment("a test").model_dump_json(),
            report=report,
            spent_nano_usd=30_000,
        )
    return run_id
