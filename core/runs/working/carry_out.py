"""Carries one claimed run out, in its worker: load, probe or sweep, and leave its end."""

import asyncio
import os
import threading
import traceback
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Final, assert_never

from core.errors import BreakevenError, RunError, StoreError
from core.measurement.beside.inspection import Inspection
from core.measurement.beside.neighbours import NeighbourReport
from core.measurement.beside.quality_found import QualityReport
from core.measurement.beside.server_metrics import ServerMetrics
from core.measurement.latency import LatencySummary
from core.measurement.report import Overhead
from core.measurement.server_fit import server_fit
from core.probe.answers.inspecting import inspect
from core.probe.embedders.wrapped.hybrid_embedder import Hybrid, check_texts
from core.probe.embedders.wrapped.local_embedder import LocalEmbedder
from core.probe.embedders.wrapped.noting import Noting
from core.probe.embedders.wrapped.retrying import Retrying
from core.probe.records.budget import Budget
from core.probe.records.embedder import Answer, Embedder
from core.probe.records.ending import Ending, EndReason
from core.probe.records.probe_plan import ApiTarget, HybridTarget, LocalTarget, ProbePlan, Target
from core.probe.sending.calibration import calibrated
from core.probe.sending.run_probe import Asked, run_probe
from core.probe.wire.route import Route
from core.runs.places.folders import models_folder
from core.runs.quality.quality_job import QUALITY
from core.runs.quality.run_quality import Asked as Tested
from core.runs.quality.run_quality import run_quality
from core.runs.secrets.own_run import OwnRun
from core.runs.secrets.secrecy import Scrubber
from core.runs.spending.run_budget import RunBudget
from core.runs.starting.job import Access, Job
from core.runs.surroundings.environment import Environment, environment
from core.runs.surroundings.route_of_settings import route_of
from core.runs.sweep.sweep_job import SweepJob
from core.runs.sweep.sweep_question import SWEEP
from core.runs.trust.shipped import offer_asked
from core.runs.working.compare_models import Side, compare_neighbours
from core.runs.working.embedder_of_target import api_embedder, other_encoding
from core.runs.working.kept_engines import Engines, local_wish
from core.runs.working.reporter import Reporter
from core.runs.working.run_ending import came_back, end_own_run, progress_report, stored_summary
from core.runs.working.server_look import ServerLook
from core.runs.working.stop import Stop
from core.store.open import Store
from core.store.runs import RunState, StoredRun

STATES: Final = {
    EndReason.COMPLETED: RunState.DONE,
    EndReason.CANCELLED: RunState.CANCELLED,
    EndReason.UNAUTHORISED: RunState.FAILED,
    EndReason.NO_CREDIT: RunState.FAILED,
    EndReason.OVER_BUDGET: RunState.FAILED,
    EndReason.NO_ANSWER: RunState.FAILED,
    EndReason.SILENT: RunState.FAILED,
    EndReason.OUT_OF_TIME: RunState.FAILED,
    EndReason.PRECISE: RunState.DONE,
    EndReason.SATURATED: RunState.DONE,
    EndReason.RATE_LIMIT: RunState.DONE,
    EndReason.CLIENT_LIMIT: RunState.DONE,
}


class Worker:
    """Carries one claimed run out."""

    def __init__(
        self,
        store: Store,
        job: Job,
        run: StoredRun,
        scrub: Scrubber,
        engines: Engines,
        stop: Stop,
    ) -> None:
        self._store = store
        self._job = job
        self._run = run
        self._own = OwnRun(store, run.run_id, scrub)
        self._engines = engines
        self._stop = stop
        self._budget = RunBudget(
            run.held_nano_usd, job.targets[0].rate, run.plan.timeout_s, 1 + run.plan.retries
        )
        self._reporter = Reporter(store, run.run_id, self._budget, scrub)
        self._route = self._route_to(job.targets[0])
        self._environment: Environment = environment(
            job.place, host=job.host_label, region=job.region
        )
        self._loaded = threading.Event()
        self._overhead: Overhead | None = None
        self._inspection: Inspection | None = None
        self._neighbours: NeighbourReport | None = None
        self._server_metrics: ServerMetrics | None = None
        self._quality: QualityReport | None = None
        self._summary: LatencySummary | None = None
        """What a sweep measured; a probe's is made of its stored samples."""
        self._unheard = False
        """Whether none of the first calls was answered."""

    def work(self) -> None:
        """Load, probe, end."""
        self._stop.pass_on_to(self._reporter.cancelled)
        threading.Thread(target=self._leave_while_loading, daemon=True).start()
        with self._reporter:
            state, error = self._probe_in_sentences()
        self._budget.spend_set_aside()
        self._reporter.commit()
        self._loaded.set()
        self._reporter.cancelled.set()  # nobody needs to leave any more
        self._end(state, error)

    def _probe_in_sentences(self) -> tuple[RunState, str | None]:
        if self._stop.reason is not None:  # before anything is loaded or sent
            return RunState.CANCELLED, self._stop.reason
        try:
            ending = self._probe()
        except BreakevenError as error:
            return RunState.FAILED, str(error)
        except Exception as error:  # noqa: BLE001 - the run must not stay "running"
            traceback.print_exc()
            return RunState.FAILED, f"The probe stopped at a fault of its own: {error!r}"
        if self._reporter.fault is not None:
            return RunState.FAILED, str(self._reporter.fault)
        if ending.reason is EndReason.CANCELLED:
            return RunState.CANCELLED, self._why_cancelled()
        self._unheard = ending.reason is EndReason.NO_ANSWER
        return STATES[ending.reason], ending.sentence or None

    def _why_cancelled(self) -> str:
        return self._stop.reason or Ending(EndReason.CANCELLED).sentence

    def _probe(self) -> Ending:
        if self._run.kind == SWEEP:
            return self._sweep()
        if self._run.kind == QUALITY:
            return self._test_quality()
        plan, targets = self._run.plan, self._job.targets
        own, *others = (
            self._embedder(target, access)
            for target, access in zip(plan.targets, targets, strict=True)
        )
        if plan.target.apis:
            self._environment = self._environment.by_way_of(self._route.label)
        budgets = [self._budget.beside(access.rate) for access in targets[1:]]
        self._is_running()
        ending = asyncio.run(self._carry_out(own, list(zip(others, budgets, strict=True))))
        if isinstance(own, Noting) and own.hardware is not None:
            self._environment = self._environment.on_hardware(own.hardware)
        if STATES[ending.reason] is RunState.DONE:
            # After the run, so that the first number does not wait for it.
            self._overhead = calibrated(self._run.plan.target)
            if plan.inspect and plan.target.sole_api is not None:
                self._inspection = asyncio.run(self._inspect(plan.target.sole_api))
            if plan.neighbours_k is not None:
                self._neighbours = asyncio.run(self._compare_neighbours(budgets))
        return ending

    async def _compare_neighbours(self, budgets: Sequence[Budget]) -> NeighbourReport:
        """The texts through every target, whose embedders are made anew: a run closes its own."""
        plan, targets = self._run.plan, self._job.targets
        sides = [
            Side(subject, self._embedder(target, access), budget)
            for subject, target, access, budget in zip(
                plan.subjects, plan.targets, targets, (self._budget, *budgets), strict=True
            )
        ]
        cancelled = self._reporter.cancelled.is_set
        return await compare_neighbours(plan, sides, self._embedded, cancelled)

    def _embedded(self, done: int, total: int) -> None:
        """Say how far the texts are. A missed step is no harm."""
        with suppress(StoreError):
            self._own.change(report=progress_report(done, total))

    async def _inspect(self, target: ApiTarget) -> Inspection:
        """Ask the questions that the run's own requests do not answer."""
        key = self._job.targets[0].key
        embedder = api_embedder(target, key, self._route)
        other = other_encoding(target, key, self._route)
        try:
            return await inspect(
                embedder,
                self._budget,
                timeout_s=self._run.plan.timeout_s,
                cancelled=self._reporter.cancelled.is_set,
                other_encoding=other,
            )
        finally:
            await embedder.aclose()
            if other is not None:
                await other.aclose()

    def _is_running(self) -> None:
        self._loaded.set()
        environment = self._environment.model_dump_json()
        self._own.change(state=RunState.RUNNING.value, environment=environment)

    def _sweep(self) -> Ending:
        target = self._run.plan.target.sole_local
        if target is None:
            raise RunError("A sweep is of the local engine alone.")
        # Imported here: its fit needs scipy, which would be half of every worker's start.

        wish = local_wish(target, self._job.local_threads)
        engine = self._engines.quickest(wish, models_folder(self._job.data_dir))
        self._environment = self._environment.with_engine(engine.info)
        self._is_running()
        job = SweepJob(self._own, self._run, engine, self._reporter.cancelled.is_set)
        self._summary = job.work()
        completed = self._summary is not None
        return Ending(EndReason.COMPLETED if completed else EndReason.CANCELLED)

    def _test_quality(self) -> Ending:
        """The texts through every target, one after another, and what each finds."""
        plan, texts = self._run.plan, self._job.quality
        if texts is None:
            raise RunError("The texts of this test did not reach it. Start it again.")
        budgets = [self._budget, *(self._budget.beside(a.rate) for a in self._job.targets[1:])]
        tested = [
            Tested(subject, target, partial(self._embedder, access=access), budget, longest)
            for subject, target, access, budget, longest in zip(
                plan.subjects, plan.targets, self._job.targets, budgets, texts.longest, strict=True
            )
        ]
        self._is_running()
        cancelled = self._reporter.cancelled.is_set
        self._quality = run_quality(plan, texts.corpus, tested, self._tested, cancelled)
        return Ending(EndReason.CANCELLED if cancelled() else EndReason.COMPLETED)

    def _tested(self, done: int, total: int) -> None:
        """Say how far the texts are, which are all that this run counts."""
        with suppress(StoreError):
            self._own.change(report=progress_report(done, total), done=done)

    async def _carry_out(self, own: Embedder, others: list[Asked]) -> Ending:
        """Prove that hybrids may be asked, then ask, between two looks at the server's counters."""
        for embedder, budget in ((own, self._budget), *others):
            if isinstance(embedder, Hybrid):
                await prove_paid(embedder, self._run.plan, budget)
        look = ServerLook(self._run.plan.target, self._route)
        await look.before()
        ending = await run_probe(
            self._run.plan,
            own,
            self._reporter.sample,
            self._budget,
            self._reporter.cancelled.is_set,
            others,
            typed=_typed(self._run.plan),
        )
        if STATES[ending.reason] is RunState.DONE:
            self._server_metrics = await look.after(self._run.plan.planned)
        return ending

    def _embedder(self, target: Target, access: Access) -> Embedder:
        """The one place that tells kinds apart: each is asked in a way of its own."""
        match target:
            case LocalTarget():
                return self._local_embedder(target)
            case ApiTarget():
                embedder = api_embedder(target, access.key, self._route_to(access))
                retries = self._run.plan.retries
                return Noting(Retrying(embedder, retries) if retries else embedder)
            case HybridTarget():
                own = access.model_copy(update={"key": access.base_key})
                base = self._embedder(target.base, own)
                burst = self._embedder(target.burst, access)
                return Hybrid(base, burst, target.in_flight_limit)
            case _:
                assert_never(target)

    def _local_embedder(self, target: LocalTarget) -> Embedder:
        wish = local_wish(target, self._job.local_threads)
        engine = self._engines.get(wish, models_folder(self._job.data_dir))
        self._environment = self._environment.with_engine(engine.info)
        return LocalEmbedder(engine)

    def _route_to(self, access: Access) -> Route:
        proxy = None if access.proxy is None else access.proxy.get_secret_value()
        return route_of(proxy, self._job.ca_file, self._job.reach)

    def _end(self, state: RunState, error: str | None) -> None:
        if self._run.kind == QUALITY:
            self._end_quality(state, error)
            return
        summary = self._summary or stored_summary(self._store, self._run)
        summary = summary.model_copy(update={"overhead": self._overhead})
        if state is RunState.DONE and summary.n_ok == 0:
            state, error = RunState.FAILED, _unanswered(summary)
            self._unheard = True
        if self._unheard:
            error = f"{error} {came_back(self._store, self._run)}"
        end_own_run(
            self._own,
            state,
            error=error,
            summary=summary,
            environment=self._environment.at_end(),
            inspection=self._inspection,
            neighbours=self._neighbours,
            measures=self._measures(state, summary),
            server_metrics=self._server_metrics,
        )

    def _end_quality(self, state: RunState, error: str | None) -> None:
        """A test times nothing: it has no summary. One that found nothing has failed."""
        report = self._quality
        if state is RunState.DONE and report is not None and not report.has_figures:
            state, error = RunState.FAILED, report.failures
        end_own_run(
            self._own,
            state,
            error=error,
            summary=None,
            environment=self._environment.at_end(),
            quality=report,
        )

    def _measures(self, state: RunState, summary: LatencySummary) -> str | None:
        """The option that a swept server was said to be, where the sweep gave what replaces it."""
        found = None if summary.report is None else summary.report.server_sweep
        if state is not RunState.DONE or found is None or server_fit(found) is None:
            return None
        return self._job.stands_for

    def _leave_while_loading(self) -> None:
        """Nothing can interrupt an import: a run cancelled meanwhile is ended from here."""
        self._reporter.cancelled.wait()
        if self._loaded.is_set():
            return
        with suppress(StoreError):
            self._end(RunState.CANCELLED, self._why_cancelled())
        os._exit(0)


async def prove_paid(hybrid: Hybrid, plan: ProbePlan, budget: Budget) -> None:
    """Let a hybrid prove itself, and pay for it. Raises RunError where it may not be asked."""
    texts = check_texts(plan.texts)
    reservation = budget.reserve(texts)
    if reservation is None:
        raise RunError(Ending(EndReason.OVER_BUDGET).sentence)
    answer: Answer | None = None
    try:
        await hybrid.open()
        answer = await hybrid.prove(texts, timeout_s=plan.timeout_s)
    finally:
        if answer is None:
            await hybrid.aclose()
            budget.settle(reservation, None)
        else:
            budget.settle(reservation, answer.tokens_billed, answer.reported.billed_s)


def _typed(plan: ProbePlan) -> tuple[int, ...]:
    """Numbers of the targets that are no option of the catalogue that ships."""
    return tuple(
        number
        for number, target in enumerate(plan.targets)
        if target.billed is not None and offer_asked(target.billed) is None
    )


def _unanswered(summary: LatencySummary) -> str:
    """A sentence for a run that went through and measured nothing."""
    outcomes = ", ".join(f"{count} {name}" for name, count in summary.errors)
    return f"Not one measured request was answered: {outcomes or 'all were too large'}."
