"""Runs in the store: one row each, moved from state to state by guarded updates only.

A state changes with ``UPDATE ... WHERE state IN (...)``: of two who try at once, one succeeds.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from pydantic import JsonValue, ValidationError
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from core.errors import StoreError
from core.measurement import LatencySummary
from core.plain_text import AS_STORED, made_plain, one_line
from core.probe.plan import ProbePlan
from core.store.tables import LIVE_STATES, runs


class RunState(StrEnum):
    """Where a run is: queued, loading, running, then one of four ends."""

    QUEUED = "queued"
    """Written down; its worker process is being started."""
    LOADING = "loading"
    """The worker is there and gets its engine ready."""
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    LOST = "lost"
    """The worker died or hung; what it had committed is kept."""

    @property
    def live(self) -> bool:
        """Whether the run may still change by itself."""
        return self.value in LIVE_STATES


MOST_ERROR: Final = 5_000
MOST_ORIGIN: Final = 500

PROBE: Final = "probe"
"""The kind of a run whose latencies are those of its option: an open loop."""

LIVE: Final = tuple(RunState(state) for state in LIVE_STATES)
WORKING: Final = (RunState.LOADING, RunState.RUNNING)
"""States in which a worker may write."""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One row of ``runs``."""

    run_id: str
    plan: ProbePlan
    state: RunState
    host: str
    pid: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    heartbeat_at: datetime
    cancel_requested_at: datetime | None
    planned: int
    done: int
    summary: LatencySummary | None
    error: str | None
    environment: dict[str, JsonValue] | None
    worst_case_nano_usd: int
    held_nano_usd: int
    spent_nano_usd: int
    lane: str
    slot: int
    kind: str
    """"probe", or what else made it, such as "sweep"."""
    report: dict[str, JsonValue] | None
    """Results beyond the summary: sweeps, comparisons, fits."""
    imported_from: str | None
    """Where the run was made, of a run that came from a file."""


def add_run(connection: Connection, run_id: str, plan: ProbePlan, **columns: Any) -> None:
    """Write a new run down. IntegrityError where another live run has its seat on the host."""
    row = {
        "id": run_id,
        "option_id": plan.subject.option_id,
        "plan": plan.model_dump_json(),
        "state": RunState.QUEUED.value,
        "done": 0,
        "held_nano_usd": 0,
        "spent_nano_usd": 0,
    }
    connection.execute(insert(runs).values(row | columns))


def get_run(connection: Connection, run_id: str) -> StoredRun | None:
    """The run with this id. StoreError where its row cannot be understood."""
    row = connection.execute(select(runs).where(runs.c.id == run_id)).one_or_none()
    return None if row is None else _run(row)


def cancel_requested(connection: Connection, run_id: str) -> bool:
    """Whether somebody asked for the end of the run, or the run is gone."""
    asked = connection.execute(
        select(runs.c.cancel_requested_at).where(runs.c.id == run_id)
    ).one_or_none()
    return asked is None or asked[0] is not None


def live_runs(connection: Connection) -> list[StoredRun]:
    """Runs that are not finished as far as the store knows, newest first."""
    return _readable(
        connection.execute(
            select(runs).where(runs.c.state.in_(LIVE_STATES)).order_by(runs.c.created_at.desc())
        )
    )


def newest_runs(connection: Connection, limit: int) -> list[StoredRun]:
    """Runs of any state, newest first."""
    return _readable(
        connection.execute(select(runs).order_by(runs.c.created_at.desc()).limit(limit))
    )


def newest_done_runs(connection: Connection, kind: str = PROBE) -> list[StoredRun]:
    """The newest run of each option among those that went through to the end here.

    A run that came from a file measures an option only once a person has chosen it.
    Only of kinds that measure an option by themselves: a sweep or a closed loop has to be chosen.
    """
    age = func.row_number().over(
        partition_by=runs.c.option_id, order_by=(runs.c.finished_at.desc(), runs.c.id)
    )
    ranked = (
        select(runs.c.id, age.label("age"))
        .where(
            runs.c.state == RunState.DONE.value,
            runs.c.kind == kind,
            runs.c.imported_from.is_(None),
        )
        .subquery()
    )
    query = select(runs).join(ranked, runs.c.id == ranked.c.id).where(ranked.c.age == 1)
    return _readable(connection.execute(query))


def change_run(
    connection: Connection,
    run_id: str,
    *,
    while_in: Iterable[RunState] = LIVE,
    **columns: Any,
) -> bool:
    """Set columns if the run is in one of the states; say whether it was."""
    states = [state.value for state in while_in]
    changed = connection.execute(
        update(runs).where(runs.c.id == run_id, runs.c.state.in_(states)).values(**columns)
    )
    return changed.rowcount == 1


def delete_run(connection: Connection, run_id: str) -> bool:
    """Delete a finished run with its samples; False where there is none or it is live."""
    gone = connection.execute(
        delete(runs).where(runs.c.id == run_id, runs.c.state.not_in(LIVE_STATES))
    )
    return gone.rowcount == 1


def _readable(rows: Iterable[Row[Any]]) -> list[StoredRun]:
    """Leave out, but in the store, what another version wrote and this one cannot read."""
    found = []
    for row in rows:
        try:
            found.append(_run(row))
        except StoreError:
            continue
    return found


def _run(row: Row[Any]) -> StoredRun:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
    run_id = values.pop("id")
    for column in ("option_id", "spend_day"):
        del values[column]
    try:
        values["plan"] = ProbePlan.model_validate_json(values["plan"], context=AS_STORED)
        values["state"] = RunState(values["state"])
        if values["summary"] is not None:
            values["summary"] = LatencySummary.model_validate_json(values["summary"])
        if values["error"] is not None:
            values["error"] = made_plain(one_line(values["error"]), MOST_ERROR)
        if values["imported_from"] is not None:
            values["imported_from"] = made_plain(values["imported_from"], MOST_ORIGIN)
        for column in ("environment", "report"):
            if values[column] is not None:
                values[column] = json.loads(values[column])
    except (ValidationError, ValueError) as error:
        raise StoreError(
            f"The run {run_id} was stored by another version of Breakeven and cannot be read "
            "here. It is kept as it is; update Breakeven to see it."
        ) from error
    return StoredRun(run_id=run_id, **values)
