"""Short ways to write runs and samples down."""

from datetime import UTC, datetime
from typing import Any

from core.measurement.latency import Subject
from core.probe.records.probe_plan import LocalTarget, ProbePlan
from core.probe.records.sample import Outcome, Phase, Sample
from core.store.open import Store
from core.store.runs import add_run

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def plan(option_id: str = "this-machine") -> ProbePlan:
    """A small local plan."""
    subject = Subject(option_id=option_id, label=option_id, model="m")
    return ProbePlan(subject=subject, target=LocalTarget(), texts=("one", "two"))


def write_run(store: Store, run_id: str, option_id: str = "this-machine", **columns: Any) -> None:
    """A queued run on a host of its own, so that several may be live."""
    row: dict[str, Any] = {
        "host": run_id,
        "created_at": NOON,
        "heartbeat_at": NOON,
        "planned": 84,
        "worst_case_nano_usd": 0,
        "spend_day": NOON.date(),
    }
    with store.write() as connection:
        add_run(connection, run_id, plan(option_id), **(row | columns))


def sample(seq: int = 0, **fields: Any) -> Sample:
    """An answered, measured request."""
    values: dict[str, Any] = {
        "seq": seq,
        "phase": Phase.MEASURED,
        "outcome": Outcome.OK,
        "intended_ns": seq * 1_000_000,
        "sent_ns": seq * 1_000_000 + 5,
        "completed_ns": seq * 1_000_000 + 40_000_000,
    }
    return Sample(**(values | fields))
