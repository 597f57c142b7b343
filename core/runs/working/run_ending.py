"""How a run is ended in the store, once: by its worker, or by whoever finds it dead."""

import json
from datetime import UTC, datetime
from typing import Final

from pydantic import ValidationError

from core.errors import UnreadableRunError
from core.measurement.beside.inspection import Inspection
from core.measurement.beside.neighbours import NeighbourReport
from core.measurement.beside.quality_found import QualityReport
from core.measurement.beside.server_metrics import ServerMetrics
from core.measurement.latency import LatencySummary
from core.plain_text import AS_STORED
from core.probe.findings.summary import summarise
from core.probe.findings.ways_to_fail import ways_to_fail
from core.runs.secrets.own_run import OwnRun
from core.runs.surroundings.environment import Environment
from core.store.adoptions import Adoption, adopt
from core.store.ledger import close
from core.store.open import Store
from core.store.runs import RunRow, RunState, StoredRun, change_run
from core.store.samples import get_samples

INSPECTION: Final = "inspection"
NEIGHBOURS: Final = "neighbours"
SERVER_METRICS: Final = "server_metrics"
FOUND_OF_TEXTS: Final = "quality"
TEXTS_EMBEDDED: Final = "texts_embedded"
WAYS_NAMED: Final = 3
"""So many different failures are named in a sentence."""


def stored_summary(store: Store, run: StoredRun) -> LatencySummary:
    """The run in numbers, as far as its samples are committed."""
    with store.read() as connection:
        found = get_samples(connection, run.run_id)
    return summarise(run.plan, found)


def came_back(store: Store, run: StoredRun) -> str:
    """What the requests that were sent got instead of answers, as a sentence."""
    with store.read() as connection:
        samples = get_samples(connection, run.run_id)
    ways = [way.sentence for way in ways_to_fail(run.plan, samples)[:WAYS_NAMED]]
    return f"What came back: {'; '.join(ways) or 'nothing'}."


def end_own_run(
    own: OwnRun,
    state: RunState,
    *,
    error: str | None,
    summary: LatencySummary | None,
    environment: Environment,
    inspection: Inspection | None = None,
    neighbours: NeighbourReport | None = None,
    server_metrics: ServerMetrics | None = None,
    quality: QualityReport | None = None,
    measures: str | None = None,
) -> bool:
    """The worker's end: what was held and not spent is given back. False where it had ended.

    ``measures``: an option that the run measures from now on, as the person said who started it.
    """
    document = extras_report(inspection, neighbours, server_metrics, quality)
    report = {} if document is None else {"report": document}
    with own.write() as pen:
        ended = pen.change(
            state=state.value,
            finished_at=datetime.now(UTC),
            error=error,
            summary=None if summary is None else summary.model_dump_json(),
            environment=environment.model_dump_json(),
            **report,
        )
        if ended:
            close(pen.connection, own.run_id, spend_the_rest=False)
        if ended and measures is not None:
            adopt(pen.connection, Adoption(measures, own.run_id, 0))
    return ended


def extras_report(
    inspection: Inspection | None,
    neighbours: NeighbourReport | None,
    server_metrics: ServerMetrics | None = None,
    quality: QualityReport | None = None,
) -> str | None:
    """The report column of a run that found more than latencies; None where it did not."""
    extras = {
        INSPECTION: inspection,
        NEIGHBOURS: neighbours,
        SERVER_METRICS: server_metrics,
        FOUND_OF_TEXTS: quality,
    }
    known = {name: one.model_dump(mode="json") for name, one in extras.items() if one is not None}
    return json.dumps(known) if known else None


def progress_report(done: int, total: int) -> str:
    """The report column of a live run that embeds each of many texts once."""
    return json.dumps({TEXTS_EMBEDDED: [done, total]})


def texts_embedded(run: StoredRun) -> tuple[int, int] | None:
    """How many texts of how many a live run has embedded that embeds each once."""
    match (run.report or {}).get(TEXTS_EMBEDDED):
        case [int(done), int(total)] if run.state.live:
            return done, total
    return None


def neighbours_of(run: StoredRun) -> NeighbourReport | None:
    """The neighbours of a comparison; None where there are none, or they are of another version."""
    stored = (run.report or {}).get(NEIGHBOURS)
    try:
        return None if stored is None else NeighbourReport.model_validate(stored, context=AS_STORED)
    except ValidationError:
        return None


def inspection_of(run: StoredRun) -> Inspection | None:
    """The inspection of a run; None where there was none, or it is of another version."""
    stored = (run.report or {}).get(INSPECTION)
    try:
        return None if stored is None else Inspection.model_validate(stored, context=AS_STORED)
    except ValidationError:
        return None


def server_metrics_of(run: StoredRun) -> ServerMetrics | None:
    """What the server's counters said; None where nothing, or it is of another version."""
    stored = (run.report or {}).get(SERVER_METRICS)
    try:
        return None if stored is None else ServerMetrics.model_validate(stored, context=AS_STORED)
    except ValidationError:
        return None


def quality_of(run: StoredRun) -> QualityReport | None:
    """What a test of quality found; None where nothing, or it is of another version."""
    stored = (run.report or {}).get(FOUND_OF_TEXTS)
    try:
        return None if stored is None else QualityReport.model_validate(stored, context=AS_STORED)
    except ValidationError:
        return None


def environment_of(run: StoredRun) -> Environment | None:
    """On what a run was measured; None where nobody knows, or it is of another version."""
    try:
        return (
            None
            if run.environment is None
            else Environment.model_validate(run.environment, context=AS_STORED)
        )
    except ValidationError:
        return None


def end_dead_run(store: Store, run: RunRow, state: RunState, error: str) -> bool:
    """The end of a run whose worker can no longer say what it sent: the hold counts as spent.

    Also of one whose plan or samples this version cannot read: it ends without a summary.

    A run that no worker had begun has sent nothing, and its hold is given back. False, and
    nothing changed, where the run is no longer in the state that it was seen in.
    """
    summary = _summary_if_readable(store, run)
    with store.write() as connection:
        ended = change_run(
            connection,
            run.run_id,
            while_in=(run.state,),
            state=state.value,
            finished_at=datetime.now(UTC),
            error=error,
            summary=summary,
        )
        if ended:
            close(connection, run.run_id, spend_the_rest=run.state is not RunState.QUEUED)
    return ended


def _summary_if_readable(store: Store, run: RunRow) -> str | None:
    """None where nothing was measured, or nothing of it can be read."""
    if not isinstance(run, StoredRun):
        return None
    try:
        summary = stored_summary(store, run)
    except UnreadableRunError:
        return None
    return summary.model_dump_json() if summary.n_ok + summary.n_failed else None
