"""The worker process: ``python -m core.runs.worker``, one run, then it ends.

Reads one JSON document (:class:`core.runs.job.Job`) from standard input, so that the key is in
no argument and no environment. Says everything else through the store.
"""

import asyncio
import os
import sys
import threading
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from pydantic import ValidationError

from core.engines.local import load_engine
from core.errors import BreakevenError, StoreError
from core.measurement import LatencySummary
from core.probe.embedders.base import Embedder
from core.probe.embedders.local import LocalEmbedder
from core.probe.ending import Ending, EndReason
from core.probe.plan import LocalTarget
from core.probe.run import run_probe
from core.runs.embedder import api_embedder
from core.runs.ending import end_own_run, stored_summary
from core.runs.environment import Environment, environment
from core.runs.folders import lock_file
from core.runs.job import Job
from core.runs.ledger import RunBudget
from core.runs.liveness import kept_locked
from core.runs.reporter import Reporter
from core.runs.secrecy import ScrubbedStream, Scrubber
from core.store.open import Store, open_store
from core.store.runs import RunState, StoredRun, change_run, get_run

SWITCH_INTERVAL_S: Final = 0.0005
"""How long the reporter may keep the event loop waiting; Python's own 5 ms would be a latency."""

STATES: Final = {
    EndReason.COMPLETED: RunState.DONE,
    EndReason.CANCELLED: RunState.CANCELLED,
    EndReason.UNAUTHORISED: RunState.FAILED,
    EndReason.OVER_BUDGET: RunState.FAILED,
    EndReason.NO_ANSWER: RunState.FAILED,
}


def main() -> None:
    """Read the job, do it, and leave its end in the store."""
    try:
        job = Job.model_validate_json(sys.stdin.buffer.read())
    except ValidationError as error:
        # Without the input: it may hold the key.
        sys.exit(f"no job on standard input: {error.errors(include_input=False)}")
    scrub = Scrubber(job.secrets)
    output = ScrubbedStream(sys.stderr, scrub)
    sys.stdout = sys.stderr = output
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    try:
        _work(job, scrub)
    except BreakevenError as error:
        output.write(f"{error}\n")
        sys.exit(1)
    except Exception:  # noqa: BLE001 - the edge of the process: whatever it is goes to the log
        output.write(traceback.format_exc())
        sys.exit(1)
    finally:
        output.finish()


def _work(job: Job, scrub: Scrubber) -> None:
    with kept_locked(lock_file(job.data_dir, job.run_id)):
        store = open_store(job.settings)
        try:
            run = _claim(store, job.run_id)
            if run is not None:
                Worker(store, job, run, scrub).work()
        finally:
            store.close()


def _claim(store: Store, run_id: str) -> StoredRun | None:
    """Take the run over; None where it was ended before its worker came."""
    now = datetime.now(UTC)
    with store.write() as connection:
        claimed = change_run(
            connection,
            run_id,
            while_in=(RunState.QUEUED,),
            state=RunState.LOADING.value,
            pid=os.getpid(),
            started_at=now,
            heartbeat_at=now,
        )
        return get_run(connection, run_id) if claimed else None


class Worker:
    """Carries one claimed run out."""

    def __init__(self, store: Store, job: Job, run: StoredRun, scrub: Scrubber) -> None:
        self._store = store
        self._job = job
        self._run = run
        self._scrub = scrub
        self._budget = RunBudget(run.held_nano_usd, job.rate, run.plan.timeout_s)
        self._reporter = Reporter(store, run.run_id, self._budget, scrub)
        self._environment: Environment = environment(job.place)
        self._loaded = threading.Event()

    def work(self) -> None:
        """Load, probe, end."""
        threading.Thread(target=self._leave_while_loading, daemon=True).start()
        with self._reporter:
            state, error = self._probe_in_sentences()
        self._reporter.commit()
        self._end(state, error)

    def _probe_in_sentences(self) -> tuple[RunState, str | None]:
        try:
            ending = self._probe()
        except BreakevenError as error:
            return RunState.FAILED, str(error)
        except Exception as error:  # noqa: BLE001 - the run must not stay "running"
            traceback.print_exc()
            return RunState.FAILED, f"The probe stopped at a fault of its own: {error!r}"
        if self._reporter.fault is not None:
            return RunState.FAILED, str(self._reporter.fault)
        return STATES[ending.reason], ending.sentence or None

    def _probe(self) -> Ending:
        embedder = self._embedder()
        self._loaded.set()
        with self._store.write() as connection:
            change_run(
                connection,
                self._run.run_id,
                state=RunState.RUNNING.value,
                environment=self._environment.model_dump_json(),
            )
        return asyncio.run(
            run_probe(
                self._run.plan,
                embedder,
                self._reporter.sample,
                self._budget,
                self._reporter.cancelled.is_set,
            )
        )

    def _embedder(self) -> Embedder:
        target = self._run.plan.target
        if not isinstance(target, LocalTarget):
            return api_embedder(target, self._job.key)
        engine = load_engine(target.device, target.threads or self._job.local_threads)
        self._environment = self._environment.with_engine(engine.info)
        return LocalEmbedder(engine)

    def _end(self, state: RunState, error: str | None) -> None:
        summary = stored_summary(self._store, self._run)
        if state is RunState.DONE and summary.n_ok == 0:
            state, error = RunState.FAILED, _unanswered(summary)
        end_own_run(
            self._store,
            self._run.run_id,
            state,
            error=None if error is None else self._scrub(error),
            summary=summary,
            environment=self._environment.at_end(),
        )

    def _leave_while_loading(self) -> None:
        """Nothing can interrupt an import: a run cancelled meanwhile is ended from here."""
        self._reporter.cancelled.wait()
        if self._loaded.is_set():
            return
        with suppress(StoreError):
            self._end(RunState.CANCELLED, Ending(EndReason.CANCELLED).sentence)
        os._exit(0)


def _unanswered(summary: LatencySummary) -> str:
    """A sentence for a run that went through and measured nothing."""
    outcomes = ", ".join(f"{count} {name}" for name, count in summary.errors)
    return f"Not one measured request was answered: {outcomes}."


if __name__ == "__main__":
    main()
