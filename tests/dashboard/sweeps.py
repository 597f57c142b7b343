"""A sweep of the past, written into a real store as a worker would have left it."""

import json
from datetime import UTC, datetime
from typing import Any

from core.measurement.estimate import Estimate
from core.measurement.latency import LatencySummary, Subject
from core.measurement.sweep import CapacityFound, LoadCheck, SweepPoint, SweepReport
from core.probe.records.probe_plan import LocalTarget
from core.runs.surroundings.environment import environment
from core.runs.sweep.sweep_job import sweep_plan
from core.runs.sweep.sweep_question import SWEEP, SweepQuestion
from core.store.open import Store
from core.store.runs import RunState, add_run, change_run
from tests.measurement.test_measured import fit

QUESTION = SweepQuestion()


def summary(p50_s: float, p95_s: float) -> LatencySummary:
    """An open loop of 300 requests."""
    middle = Estimate(value_s=p50_s, low_s=0.9 * p50_s, high_s=1.1 * p50_s)
    high = Estimate(value_s=p95_s, low_s=0.9 * p95_s, high_s=1.1 * p95_s)
    return LatencySummary(
        n_planned=300,
        n_ok=300,
        n_failed=0,
        response_p50=middle,
        response_p95=high,
        response_p99=high,
        service_p50=middle,
        service_p95=high,
    )


def check(share: float, **changes: Any) -> LoadCheck:
    """Predicted 60 ms, measured 50 ms at p95."""
    values: dict[str, Any] = {
        "share": share,
        "rate_per_s": 40 * share,
        "predicted_p50_s": 0.025,
        "predicted_p95_s": 0.06,
        "predicted_mean_batch": 1.2,
        "measured": summary(0.024, 0.05),
        "measured_mean_batch": 1.1,
        "slowdown": 0.95,
        "own_times_p95_s": 0.052,
    }
    return LoadCheck.model_validate(values | changes)


def report(**changes: Any) -> SweepReport:
    """What a sweep of a small model on a small processor finds."""
    points = tuple(
        SweepPoint(
            texts=texts,
            tokens_per_text=tokens,
            repeats=10,
            settled=True,
            min_s=2e-4 * texts * tokens,
            p50_s=2.2e-4 * texts * tokens,
            p95_s=3e-4 * texts * tokens,
            fitted_s=2.1e-4 * texts * tokens,
        )
        for texts, tokens in ((1, 16), (1, 256), (8, 64), (32, 128))
    )
    values: dict[str, Any] = {
        "fit": fit(mfu=0.31, dense_tflops_measured=0.3, memory_gb_per_s=20.0),
        "points": points,
        "capacity": CapacityFound(
            tokens_per_text=128,
            largest_batch=32,
            slo_p95_s=0.5,
            texts_per_s=40.0,
            full_texts_per_s=45.0,
            explanation="40 texts/s of 128 tokens within 0.5 s at p95.",
            noise_factors=(1.0,) * 8,
        ),
        "checks": (check(0.5), check(0.8)),
        "verdict": "31% of 0.3 TFLOP/s (MFU): a good server.",
        "verdict_kind": "good",
        "flops_per_token": 2.2e7,
        "dense_tflops_datasheet": None,
        "largest_batch_reason": "a batch already takes 3.2 s",
        "energy": "No power of this device can be read here: its energy is unknown, not zero.",
    }
    return SweepReport.model_validate(values | changes)


def write_sweep(store: Store, found: SweepReport) -> str:
    """A finished sweep of this machine."""
    now, run_id = datetime.now(UTC), "5" * 16
    model = "sentence-transformers/all-MiniLM-L6-v2"
    subject = Subject(option_id="this-machine", label="This machine", model=model)
    document = {
        "question": QUESTION.model_dump(mode="json"),
        "found": found.model_dump(mode="json"),
    }
    with store.write() as connection:
        add_run(
            connection,
            run_id,
            sweep_plan(subject, LocalTarget(), QUESTION),
            host="h",
            lane="local",
            slot=0,
            kind=SWEEP,
            report=json.dumps(document),
            created_at=now,
            heartbeat_at=now,
            planned=QUESTION.planned,
            worst_case_nano_usd=0,
            spend_day=now.date(),
        )
        change_run(
            connection,
            run_id,
            state=RunState.DONE.value,
            started_at=now,
            finished_at=now,
            summary=found.checks[0].measured.model_dump_json(),
            environment=environment(None).model_dump_json(),
        )
    return run_id
