"""Rows of ``runs`` as values. A row that this version cannot read is named, never left out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from pydantic import JsonValue
from sqlalchemy import Connection, Row, Select, select
from sqlalchemy.exc import DBAPIError

from core.errors import UnreadableRunError
from core.measurement.latency import LatencySummary
from core.plain_text import made_plain, one_line
from core.probe.records.probe_plan import ProbePlan
from core.store.database.database_faults import is_of_the_row
from core.store.documents import UnreadableError, json_object, model_of, refuse_strange_types
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


@dataclass(frozen=True, slots=True)
class RunRow:
    """What a row says by itself, whatever was planned and found: enough to end the run."""

    run_id: str
    option_id: str
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
    error: str | None
    worst_case_nano_usd: int
    held_nano_usd: int
    spent_nano_usd: int
    lane: str
    slot: int
    kind: str
    """"probe", or what else made it, such as "sweep"."""
    imported_from: str | None
    """Where the run was made, of a run that came from a file."""

    @property
    def label(self) -> str:
        """What the run measures, in a sentence."""
        return self.option_id


@dataclass(frozen=True, slots=True)
class StoredRun(RunRow):
    """One row of ``runs``."""

    plan: ProbePlan
    summary: LatencySummary | None
    environment: dict[str, JsonValue] | None
    report: dict[str, JsonValue] | None
    """Results beyond the summary: sweeps, comparisons, fits."""
    unread: tuple[str, ...] = ()
    """Columns that hold something which this version cannot read; here they are None."""

    @property
    def label(self) -> str:
        """What the run measures, in a sentence."""
        return self.plan.subject.label


@dataclass(frozen=True, slots=True)
class UnreadableRun:
    """A run that is kept in the store and cannot be shown by this version."""

    run_id: str
    created_at: datetime | None
    """None where not even that can be read."""
    why: str
    """In a sentence, with what to do."""
    row: RunRow | None = None
    """Its own columns, where these can be read: a live run is ended, and holds its seat."""

    @property
    def sentence(self) -> str:
        """Which run it is and why it cannot be read."""
        return f"The run {self.run_id} cannot be read here. {self.why}"


@dataclass(frozen=True, slots=True)
class RunList:
    """What a question to the store found, each part in its order."""

    readable: list[StoredRun] = field(default_factory=list)
    unreadable: list[UnreadableRun] = field(default_factory=list)


MOST_ERROR: Final = 5_000
MOST_ORIGIN: Final = 500
"""Characters of a reason, and of where a run was made, that are shown."""

PARTS: Final = ("summary", "environment", "report")
"""Documents without which a run can still be shown."""
_DOCUMENTS: Final = ("plan", *PARTS)


def read_runs(connection: Connection, query: Select[Any]) -> RunList:
    """The runs that a query of whole rows finds; what cannot be read is named with its reason."""
    run_list = RunList()
    for entry in _entries(connection, query):
        if isinstance(entry, UnreadableRun):
            run_list.unreadable.append(entry)
        else:
            run_list.readable.append(entry)
    return run_list


def _entries(connection: Connection, query: Select[Any]) -> Iterable[StoredRun | UnreadableRun]:
    try:
        return [_run(row) for row in connection.execute(query).all()]
    except (ValueError, TypeError, DBAPIError) as error:
        if not is_of_the_row(error):
            raise
    # A value that the driver cannot even hand over takes the whole answer down: one by one.
    ids = connection.scalars(query.with_only_columns(runs.c.id)).all()
    return [_alone(connection, run_id) for run_id in ids]


def _alone(connection: Connection, run_id: str) -> StoredRun | UnreadableRun:
    try:
        return _run(connection.execute(select(runs).where(runs.c.id == run_id)).one())
    except (ValueError, TypeError, DBAPIError) as error:
        if not is_of_the_row(error):
            raise
        return UnreadableRun(run_id, None, UnreadableError.damaged("a column").why)


def _run(row: Row[Any]) -> StoredRun | UnreadableRun:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
    run_id, created_at = values.pop("id"), values["created_at"]
    documents = {name: values.pop(name) for name in _DOCUMENTS}
    plain = None
    try:
        plain = _plain(run_id, values)
        plan = model_of(ProbePlan, documents["plan"], "its plan")
    except UnreadableError as error:
        return UnreadableRun(run_id, created_at, error.why, plain)
    values["state"] = plain.state
    parts, unread = _parts(documents)
    return StoredRun(run_id=run_id, plan=plan, unread=unread, **values, **parts)


def _plain(run_id: str, values: dict[str, Any]) -> RunRow:
    """The row's own columns. Raises UnreadableError."""
    del values["spend_day"]
    refuse_strange_types(runs, values)
    if values["error"] is not None:
        values["error"] = made_plain(one_line(values["error"]), MOST_ERROR)
    if values["imported_from"] is not None:
        values["imported_from"] = made_plain(values["imported_from"], MOST_ORIGIN)
    state = values["state"]
    if state not in list(RunState):
        raise UnreadableError.newer(f"the state {state[:16]!r}")
    return RunRow(run_id=run_id, **(values | {"state": RunState(state)}))


def _parts(documents: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Summary, environment and report, and the names of those that cannot be read."""
    parts: dict[str, Any] = dict.fromkeys(PARTS)
    unread = []
    for name in PARTS:
        try:
            if documents[name] is None:
                continue
            parts[name] = (
                model_of(LatencySummary, documents[name], name)
                if name == "summary"
                else json_object(documents[name], name)
            )
        except UnreadableError:
            unread.append(name)
    return parts, tuple(unread)


def readable(found: RunList) -> StoredRun | None:
    """The one run of an answer. UnreadableRunError where it is there and cannot be read."""
    if found.unreadable:
        raise UnreadableRunError(found.unreadable[0].sentence)
    return next(iter(found.readable), None)
