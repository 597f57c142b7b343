"""A sweep as a run of the store: its question, its progress, its report."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from pydantic import ValidationError

from core.catalog.load import load_catalog
from core.engines.local import Engine
from core.errors import StoreError
from core.measurement.latency import LatencySummary, Subject
from core.measurement.sweep import SweepReport
from core.probe.records.probe_plan import LocalTarget, OpenLoop, ProbePlan
from core.runs.secrets.own_run import OwnRun
from core.runs.sweep.run_sweep import SweepStoppedError, run_sweep
from core.runs.sweep.sweep_question import SWEEP, SweepQuestion
from core.store.runs import StoredRun

PROGRESS_S: Final = 0.5
TEXT: Final = "Texts of the asked length are made by the engine's own tokenizer."


def sweep_plan(subject: Subject, target: LocalTarget, question: SweepQuestion) -> ProbePlan:
    """The plan that stands in a sweep's row: whom, and how many requests each check has."""
    return ProbePlan(
        subject=subject,
        target=target,
        texts=(TEXT,),
        schedule=OpenLoop(requests=question.requests),
        seed=question.seed,
    )


def question_document(question: SweepQuestion) -> str:
    """What stands in the report column until there is a report."""
    return json.dumps({"question": question.model_dump(mode="json")})


def report_of(run: StoredRun) -> SweepReport | None:
    """The report of a sweep; None for other runs, unfinished ones and those of other versions."""
    if run.kind != SWEEP or run.report is None or "found" not in run.report:
        return None
    try:
        return SweepReport.model_validate(run.report["found"])
    except ValidationError:
        return None


def question_of(run: StoredRun) -> SweepQuestion:
    """What a sweep was asked; the plain question where its row does not say."""
    try:
        return SweepQuestion.model_validate((run.report or {}).get("question"))
    except ValidationError:
        return SweepQuestion()


class SweepJob:
    """Carries one sweep out and keeps its row up to date."""

    def __init__(
        self, own: OwnRun, run: StoredRun, engine: Engine, cancelled: Callable[[], bool]
    ) -> None:
        self._own = own
        self._run = run
        self._engine = engine
        self._cancelled = cancelled
        self._done = 0

    def work(self) -> LatencySummary | None:
        """Sweep and store the report; the latencies at the first load, None where cancelled.

        Raises EngineError, ModelInputError or RunError.
        """
        question = question_of(self._run)
        cards = load_catalog().cards
        try:
            with self._progress_written():
                report = run_sweep(self._engine, question, cards, self._progress, self._cancelled)
        except SweepStoppedError:
            return None
        document = {
            "question": question.model_dump(mode="json"),
            "found": report.model_dump(mode="json"),
        }
        self._own.change(report=json.dumps(document), done=self._run.planned)
        return report.checks[0].measured

    def _progress(self, steps: int) -> None:
        self._done += steps

    @contextmanager
    def _progress_written(self) -> Iterator[None]:
        """Write the progress from a thread: no latency of a check contains a disk."""
        stop = threading.Event()

        def write() -> None:
            while not stop.wait(PROGRESS_S):
                # The reporter ends a run whose store stays broken; a missed step is no harm.
                with suppress(StoreError):
                    self._own.change(done=min(self._done, self._run.planned))

        thread = threading.Thread(target=write, name="progress", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
