"""Brings runs from a file into the store: each once, as measured elsewhere.

A file is read to its end before anything is written: reading takes as long as the file is large,
and whoever writes keeps all others waiting.
"""

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from sqlalchemy import Connection

from core.catalog.schema import Catalog
from core.errors import RunError
from core.measurement.latency import Subject
from core.plain_text import LABEL
from core.probe.findings.summary import summarise
from core.probe.records.probe_plan import OpenLoop, ProbePlan
from core.probe.records.sample import Sample
from core.runs.files.run_file import RunInFile
from core.runs.files.run_file_reading import read_runs
from core.runs.starting.seats import lane_of
from core.runs.trust.claims import as_sent
from core.runs.working.run_ending import extras_report
from core.scenario import THIS_MACHINE
from core.store.open import Store
from core.store.runs import MOST_ORIGIN, PROBE, add_run, has_run
from core.store.samples import add_samples

ELSEWHERE: Final = "machine/"
"""Option ids of other computers: what one measured there belongs to no option here."""

AT_ONCE: Final = 2_000
"""Samples that are made into rows together."""

IN_MEMORY: Final = 16 * 2**20
"""Bytes of checked runs that wait in memory; more wait in a temporary file."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file."""

    new: tuple[str, ...]
    known: tuple[str, ...]
    """Ids of runs that were here already; nothing of them was changed."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """A run that may be written, without its samples, which follow it in pieces."""

    run_id: str
    plan: ProbePlan
    columns: dict[str, object]
    pieces: int


def import_runs(store: Store, data: bytes, name: str, catalog: Catalog | None = None) -> Imported:
    """Import every run of a file, or none. Raises RunError or StoreError in a sentence.

    ``catalog``: with the user's own options; None: as it ships.
    """
    new: list[str] = []
    known: list[str] = []
    with SpooledTemporaryFile(IN_MEMORY) as spool:
        try:
            count = _read(data, name, spool, catalog)
        except OSError as error:
            raise RunError(
                f"{name} cannot be imported: there is no room for what was read of it "
                f"({error.strerror}). Free some space, or set TMPDIR to another folder."
            ) from None
        spool.seek(0)
        with store.write() as connection:
            for _ in range(count):
                run: _Checked = _next(spool)
                (known if has_run(connection, run.run_id) else new).append(run.run_id)
                _write(connection, run, spool, is_new=run.run_id in new)
    return Imported(tuple(new), tuple(known))


def _read(data: bytes, name: str, spool: IO[bytes], catalog: Catalog | None) -> int:
    """Check every run and put it by; gives their number. Raises RunError."""
    seen: set[str] = set()
    for run, measured in read_runs(data, name):
        if run.run_id in seen:
            raise RunError(f"{name} holds a run twice. Export it again.")
        seen.add(run.run_id)
        plan = _as_of_elsewhere(run, catalog)
        pieces = [measured[first : first + AT_ONCE] for first in range(0, len(measured), AT_ONCE)]
        columns = _columns(run, plan, measured)
        pickle.dump(_Checked(run.run_id, plan, columns, len(pieces)), spool)
        for piece in pieces:
            pickle.dump(piece, spool)
    return len(seen)


def _write(connection: Connection, run: _Checked, spool: IO[bytes], *, is_new: bool) -> None:
    """Write a run, or pass over the samples of one that was here already."""
    if is_new:
        add_run(connection, run.run_id, run.plan, **run.columns)
    for piece in _pieces(run, spool):
        if is_new:
            add_samples(connection, run.run_id, piece)


def _pieces(run: _Checked, spool: IO[bytes]) -> Iterator[list[Sample]]:
    for _ in range(run.pieces):
        yield _next(spool)


def _next(spool: IO[bytes]) -> Any:
    """Our own bytes of a moment ago; nothing of the file itself is unpickled."""
    return pickle.load(spool)  # noqa: S301


def _columns(run: RunInFile, plan: ProbePlan, measured: list[Sample]) -> dict[str, object]:
    summary = summarise(plan, measured).model_copy(update={"overhead": run.overhead})
    n_outcomes = summary.n_ok + summary.n_failed
    environment = run.environment
    return {
        "kind": PROBE if isinstance(plan.schedule, OpenLoop) else plan.schedule.kind,
        "lane": lane_of(plan),
        "state": run.state,
        "host": f"imported:{run.run_id}",
        "imported_from": origin(run),
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "heartbeat_at": run.finished_at,
        "planned": plan.planned,
        "done": sum(sample.asked for sample in measured),
        "summary": summary.model_dump_json() if n_outcomes else None,
        "error": run.error,
        "report": extras_report(run.inspection, run.neighbours, run.server_metrics, run.quality),
        "environment": None if environment is None else environment.model_dump_json(),
        "worst_case_nano_usd": run.worst_case_nano_usd,
        "spent_nano_usd": run.spent_nano_usd,
        "spend_day": run.created_at.date(),
    }


def origin(run: RunInFile) -> str:
    """Where a run was made, as far as its environment says."""
    found = run.environment
    said = () if found is None else (found.host, found.place, found.region)
    return ", ".join(word for word in said if word)[:MOST_ORIGIN] or "another computer"


def _as_of_elsewhere(run: RunInFile, catalog: Catalog | None) -> ProbePlan:
    """The plan with the other computer's own model as an option of that computer.

    Else its latency would be drawn as this machine's. A claim to an option of the catalogue counts
    only where its own server was asked.
    """
    plan, at = as_sent(run.plan, catalog), origin(run)
    update: dict[str, object] = {}
    if _is_local(plan, 0):
        update["subject"] = _moved(plan.subject, at)
    rivals = [
        rival.model_copy(update={"subject": _moved(rival.subject, at)})
        if _is_local(plan, i)
        else rival
        for i, rival in enumerate(plan.rivals, 1)
    ]
    return plan.model_copy(update=update | {"rivals": tuple(rivals)})


def _is_local(plan: ProbePlan, target: int) -> bool:
    """Whether it measured the other computer itself, by its target or by its own word."""
    named = plan.subjects[target].option_id.partition("/")[0] == THIS_MACHINE
    return named or bool(plan.targets[target].local_models)


def _moved(subject: Subject, at: str) -> Subject:
    return subject.model_copy(
        update={
            "option_id": LABEL.made(f"{ELSEWHERE}{at}"),
            "label": LABEL.made(f"{subject.label} ({at})"),
        }
    )
