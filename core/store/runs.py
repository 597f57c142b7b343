"""Runs in the store: one row each, moved from state to state by guarded updates only.

A state changes with ``UPDATE ... WHERE state IN (...)``: of two who try at once, one succeeds.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update

from core.probe.records.probe_plan import ProbePlan
from core.store.ledger import close
from core.store.run_rows import (
    MOST_ERROR,
    MOST_ORIGIN,
    RunList,
    RunRow,
    RunState,
    StoredRun,
    UnreadableRun,
    read_runs,
    readable,
)
from core.store.tables import LIVE_STATES, runs

__all__ = [
    "MOST_ERROR",
    "MOST_ORIGIN",
    "RunList",
    "RunRow",
    "RunState",
    "StoredRun",
    "UnreadableRun",
]

PROBE: Final = "probe"
"""The kind of a run whose latencies are those of its option: an open loop."""

LIVE: Final = tuple(RunState(state) for state in LIVE_STATES)
LOOKED_AT: Final = 20
"""Newest runs among which one that can be read is looked for."""
WORKING: Final = (RunState.LOADING, RunState.RUNNING)
"""States in which a worker may write."""


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
    """The run with this id. UnreadableRunError where its row cannot be understood."""
    return readable(look_up(connection, run_id))


def look_up(connection: Connection, run_id: str) -> RunList:
    """The run with this id, readable or not, or nothing."""
    return read_runs(connection, select(runs).where(runs.c.id == run_id))


def has_run(connection: Connection, run_id: str) -> bool:
    """Whether there is a run with this id, readable or not."""
    return connection.scalar(select(runs.c.id).where(runs.c.id == run_id)) is not None


def cancel_requested(connection: Connection, run_id: str) -> bool:
    """Whether somebody asked for the end of the run, or the run is gone."""
    asked = connection.execute(
        select(runs.c.cancel_requested_at).where(runs.c.id == run_id)
    ).one_or_none()
    return asked is None or asked[0] is not None


def live_runs(connection: Connection) -> RunList:
    """Runs that are not finished as far as the store knows, newest first."""
    live = select(runs).where(runs.c.state.in_(LIVE_STATES))
    return read_runs(connection, live.order_by(runs.c.created_at.desc()))


def newest_runs(connection: Connection, limit: int) -> RunList:
    """Runs of any state, newest first."""
    return read_runs(connection, select(runs).order_by(runs.c.created_at.desc()).limit(limit))


def count_runs(connection: Connection) -> int:
    """Runs of any state, readable or not."""
    return connection.scalar(select(func.count()).select_from(runs)) or 0


def newest_done_runs(connection: Connection, kind: str = PROBE) -> list[StoredRun]:
    """The newest run of each option among those that went through to the end here.

    A run that came from a file measures an option only once a person has chosen it.
    Only of kinds that measure an option by themselves: a sweep or a closed loop has to be chosen.
    Of an option whose newest run cannot be read it is the newest one that can.
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
    newest = read_runs(connection, query)
    whole = [run for run in newest.readable if "summary" not in run.unread]
    lacking = [run.run_id for run in newest.unreadable]
    lacking += [run.run_id for run in newest.readable if "summary" in run.unread]
    for run_id in lacking:
        option_id = connection.scalar(select(runs.c.option_id).where(runs.c.id == run_id))
        whole += done_runs_of(connection, option_id or "", kind)[:1]
    return whole


def done_runs_of(connection: Connection, option_id: str, kind: str = PROBE) -> list[StoredRun]:
    """The runs of an option that went through to the end with readable numbers, newest first.

    Those that were made here: one that came from a file counts once a person has chosen it.
    """
    query = (
        select(runs)
        .where(runs.c.option_id == option_id, runs.c.imported_from.is_(None))
        .where(runs.c.state == RunState.DONE.value, runs.c.kind == kind)
        .order_by(runs.c.finished_at.desc(), runs.c.id)
    )
    return [run for run in read_runs(connection, query).readable if "summary" not in run.unread]


def newest_of_kind(connection: Connection, kind: str, limit: int) -> list[StoredRun]:
    """The newest runs of a kind that went through to the end here, newest first."""
    query = (
        select(runs)
        .where(runs.c.kind == kind, runs.c.state == RunState.DONE.value)
        .where(runs.c.imported_from.is_(None))
        .order_by(runs.c.finished_at.desc(), runs.c.id)
        .limit(limit)
    )
    return list(read_runs(connection, query).readable)


def newest_ended(connection: Connection, kind: str) -> StoredRun | None:
    """The newest run of a kind that is over, whatever became of it; None: there is none."""
    query = (
        select(runs)
        .where(runs.c.kind == kind, runs.c.state.not_in([state.value for state in LIVE]))
        .order_by(runs.c.created_at.desc(), runs.c.id)
        .limit(LOOKED_AT)
    )
    return next(iter(read_runs(connection, query).readable), None)


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


def delete_run(connection: Connection, run_id: str, *, even_live: bool = False) -> bool:
    """Delete a finished run with its samples; False where there is none or it is live."""
    wanted = runs.c.id == run_id
    if not even_live:
        wanted &= runs.c.state.not_in(LIVE_STATES)
    if connection.scalar(select(runs.c.held_nano_usd).where(wanted)):
        # Of a state or a row that this version cannot read: nobody could settle it any more.
        close(connection, run_id, spend_the_rest=True)
    return connection.execute(delete(runs).where(wanted)).rowcount == 1
