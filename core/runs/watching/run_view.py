"""A run as the page sees it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.catalog.schema import Catalog
from core.measurement.beside.inspection import Inspection
from core.measurement.beside.neighbours import NeighbourReport
from core.measurement.beside.quality_found import QualityReport
from core.measurement.beside.server_metrics import ServerMetrics
from core.measurement.latency import LatencySummary, Subject
from core.measurement.measured import Measurement
from core.measurement.server_fit import server_fit
from core.measurement.sweep import EngineFit
from core.probe.records.probe_plan import ProbePlan
from core.runs.surroundings.environment import Environment
from core.runs.sweep.sweep_job import report_of
from core.runs.trust.claims import as_sent
from core.runs.working.run_ending import (
    FOUND_OF_TEXTS,
    INSPECTION,
    NEIGHBOURS,
    SERVER_METRICS,
    environment_of,
    inspection_of,
    neighbours_of,
    quality_of,
    server_metrics_of,
    texts_embedded,
)
from core.store.runs import PROBE, RunState, StoredRun, UnreadableRun
from core.units import NANO_USD_PER_USD


@dataclass(frozen=True, slots=True)
class RunView:
    """One run at one moment."""

    run_id: str
    plan: ProbePlan
    state: RunState
    created_at: datetime
    started_at: datetime | None
    """When its worker took it over."""
    finished_at: datetime | None
    done: int
    """Requests that have ended and are stored."""
    planned: int
    """Requests of all phases."""
    summary: LatencySummary | None
    """Of a live run, what is measured so far; None before the first answer."""
    error: str | None
    """Why it failed or was lost, and what to do."""
    worst_case_usd: Decimal
    spent_usd: Decimal
    environment: Environment | None
    """Known once the engine is loaded."""
    imported_from: str | None = None
    """Where it was made, of a run that came from a file."""
    inspection: Inspection | None = None
    """What the endpoint does to texts, where the plan asked for it."""
    neighbours: NeighbourReport | None = None
    """Which texts are near which, of a comparison whose plan asked for it."""
    server_metrics: ServerMetrics | None = None
    """What the server's own counters say of the time of the run, where it shows them."""
    quality: QualityReport | None = None
    """What a test of quality found."""
    texts_embedded: tuple[int, int] | None = None
    """Of a live run that embeds each of many texts once: how many of how many."""
    kind: str = PROBE
    """"probe", or what else made it, such as "sweep"."""
    unread: tuple[str, ...] = ()
    """What of it this version cannot read, in the words of a person; the rest is here."""

    @property
    def live(self) -> bool:
        """Whether it may still change by itself."""
        return self.state.live


def view_of(
    run: StoredRun, summary: LatencySummary | None, known: Catalog | None = None
) -> RunView:
    """The view of a stored run, with the summary of a live one, which is not stored yet.

    ``known``: the catalogue with the user's own options; None: as it ships.
    """
    return RunView(
        run_id=run.run_id,
        plan=as_sent(run.plan, known),
        state=run.state,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        done=run.done,
        planned=run.planned,
        summary=run.summary or summary,
        error=run.error,
        worst_case_usd=_usd(run.worst_case_nano_usd),
        spent_usd=_usd(run.spent_nano_usd),
        environment=environment_of(run),
        imported_from=run.imported_from,
        inspection=inspection_of(run),
        neighbours=neighbours_of(run),
        server_metrics=server_metrics_of(run),
        quality=quality_of(run),
        texts_embedded=texts_embedded(run),
        kind=run.kind,
        unread=unread_parts(run),
    )


def unread_parts(run: StoredRun) -> tuple[str, ...]:
    """What is stored of a run and cannot be read by this version, in the words of a person."""
    report = run.report or {}
    whole = {
        "its numbers": "summary" not in run.unread,
        "what it was measured on": "environment" not in run.unread
        and (run.environment is None or environment_of(run) is not None),
        "what it found beyond its numbers": "report" not in run.unread
        and (report.get(INSPECTION) is None or inspection_of(run) is not None)
        and (report.get(NEIGHBOURS) is None or neighbours_of(run) is not None)
        and (report.get(SERVER_METRICS) is None or server_metrics_of(run) is not None)
        and (report.get(FOUND_OF_TEXTS) is None or quality_of(run) is not None)
        and ("found" not in report or report_of(run) is not None),
    }
    return tuple(what for what, is_whole in whole.items() if not is_whole)


@dataclass(frozen=True, slots=True)
class History:
    """The newest runs, each by itself, and what is not among them."""

    runs: tuple[RunView, ...]
    unreadable: tuple[UnreadableRun, ...]
    """Kept in the store, and not to be shown by this version."""
    older: int
    """Runs that are left out because they are older than those asked for."""


def measurement_of(
    run: StoredRun, target: int = 0, known: Catalog | None = None
) -> Measurement | None:
    """What a finished run measured, its subject completed by what the worker found there.

    ``target``: which of the targets of a comparison.
    """
    if run.summary is None or run.started_at is None:
        return None
    summaries = (run.summary, *run.summary.rivals)
    subjects = as_sent(run.plan, known).subjects
    if target >= min(len(summaries), len(subjects)):
        return None
    environment, subject = environment_of(run), subjects[target]
    if environment is not None:
        seen_there = {
            "revision": environment.revision,
            "hardware": environment.hardware,
            "place": environment.place,
        }
        missing = {
            name: value
            for name, value in seen_there.items()
            if value is not None and getattr(subject, name) is None
        }
        subject = subject.model_copy(update=missing)
    return Measurement(
        run_id=run.run_id,
        subject=subject,
        started_at=run.started_at,
        summary=summaries[target],
        fit=_fit_of_server(summaries[target]),
        imported_from=run.imported_from,
    )


def _fit_of_server(summary: LatencySummary) -> EngineFit | None:
    """What a sweep of a server gives the model; None for every other run."""
    report = summary.report
    found = None if report is None else report.server_sweep
    return None if found is None else server_fit(found)


def with_fits(
    probed: Mapping[str, Measurement], sweeps: Iterable[StoredRun]
) -> dict[str, Measurement]:
    """The measurements of options, completed by the newest sweep of each.

    A fit is of one model on one device: a probe of other weights or of another device does not get
    it. Where nothing was probed, the latencies are those of the sweep at half of the capacity.
    """
    completed = dict(probed)
    for run in sweeps:
        swept, report = measurement_of(run), report_of(run)
        if swept is None or report is None:
            continue
        option_id, fit = swept.subject.option_id, {"fit": report.fit}
        known = completed.get(option_id)
        if known is None:
            # Its rate is that of half of the capacity: no bound of what the machine can do.
            summary = swept.summary.model_copy(update={"tokens_per_s": None})
            completed[option_id] = swept.model_copy(update=fit | {"summary": summary})
        elif _same_thing(known.subject, swept.subject):
            completed[option_id] = known.model_copy(update=fit)
    return completed


def _same_thing(one: Subject, other: Subject) -> bool:
    """Whether two measurements are of the same weights on the same device."""
    return all(
        getattr(one, name) == getattr(other, name) for name in ("model", "revision", "hardware")
    )


def _usd(nano_usd: int) -> Decimal:
    return Decimal(nano_usd) / NANO_USD_PER_USD
