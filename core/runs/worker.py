"""The worker process: ``python -m core.runs.worker``, one run after another.

Reads JSON documents (:class:`core.runs.job.Job`), one a line, from standard input, so that the
key is in no argument and no environment. Says everything else through the store. It ends when
its input closes, when a run goes wrong beyond its own sentence, or when it has waited long.
"""

import asyncio
import io
import os
import sys
import threading
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

from pydantic import SecretStr, ValidationError

from core.engines.local import Engine, EngineWish, load_engine, prepare
from core.errors import BreakevenError, RunError, StoreError
from core.measurement import LatencySummary
from core.measurement.inspection import Inspection
from core.measurement.report import Overhead
from core.probe.budget import Budget
from core.probe.calibration import calibrated
from core.probe.embedders.base import Answer, Embedder
from core.probe.embedders.hybrid import Hybrid, check_texts
from core.probe.embedders.local import LocalEmbedder
from core.probe.embedders.retrying import Retrying
from core.probe.ending import Ending, EndReason
from core.probe.inspection import inspect
from core.probe.plan import ApiTarget, HybridTarget, LocalTarget, ProbePlan, Target
from core.probe.route import Route
from core.probe.run import Asked, run_probe
from core.runs.embedder import api_embedder, other_encoding
from core.runs.ending import end_own_run, stored_summary
from core.runs.environment import Environment, environment
from core.runs.folders import lock_file, log_file, models_folder, prune_logs
from core.runs.job import Job
from core.runs.launch import WAITING
from core.runs.ledger import RunBudget
from core.runs.liveness import kept_locked
from core.runs.reporter import Reporter
from core.runs.route import route_of
from core.runs.secrecy import ScrubbedStream, Scrubber
from core.runs.sweep_question import SWEEP
from core.store.open import Store, open_store
from core.store.runs import RunState, StoredRun, change_run, get_run

SWITCH_INTERVAL_S: Final = 0.0005
"""How long the reporter may keep the event loop waiting; Python's own 5 ms would be a latency."""

END: Final = b""
"""No line: the other side has closed our input."""

STATES: Final = {
    EndReason.COMPLETED: RunState.DONE,
    EndReason.CANCELLED: RunState.CANCELLED,
    EndReason.UNAUTHORISED: RunState.FAILED,
    EndReason.OVER_BUDGET: RunState.FAILED,
    EndReason.NO_ANSWER: RunState.FAILED,
    EndReason.OUT_OF_TIME: RunState.FAILED,
    EndReason.PRECISE: RunState.DONE,
    EndReason.SATURATED: RunState.DONE,
    EndReason.RATE_LIMIT: RunState.DONE,
}


IDLE_S: Final = 900.0
"""How long a worker waits for another run."""
QUIET_S: Final = 1.0
"""After so long without a next run there is time to export the model."""


def main() -> None:
    """Read jobs and do them, and leave their ends in the store."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    lines: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_read_lines, args=(lines,), daemon=True).start()
    engines = Engines()
    with suppress(Empty):
        document = lines.get(timeout=IDLE_S)
        has_its_log = WAITING not in sys.argv
        while document != END or has_its_log:
            job = _job(document)
            if not has_its_log:
                _turn_to_log(log_file(job.data_dir, job.run_id))
            _do(job, engines)
            has_its_log = False
            document = _next(lines, engines)


def _read_lines(lines: "SimpleQueue[bytes]") -> None:
    """In a thread: Windows cannot wait for a pipe with a time limit."""
    for line in sys.stdin.buffer:
        lines.put(line)
    lines.put(END)


def _next(lines: "SimpleQueue[bytes]", engines: "Engines") -> bytes:
    """The next line; a quicker engine is made ready for it as soon as nobody is waiting."""
    with suppress(Empty):
        return lines.get(timeout=QUIET_S)
    engines.prepare()
    return lines.get(timeout=IDLE_S)


def _job(document: bytes) -> Job:
    try:
        return Job.model_validate_json(document)
    except ValidationError as error:
        # Without the input: it may hold the key.
        sys.exit(f"no job on standard input: {error.errors(include_input=False)}")


def _turn_to_log(log: Path) -> None:
    """What is printed from now on, by libraries in C as well, goes to the log of this run."""
    prune_logs(log.parent.parent)
    with log.open("wb") as output:
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)


def _do(job: Job, engines: "Engines") -> None:
    """One job; the process ends where it fails outside its run."""
    scrub = Scrubber(job.secrets)
    output = ScrubbedStream(sys.__stderr__ or io.StringIO(), scrub)
    sys.stdout = sys.stderr = output
    try:
        _work(job, scrub, engines)
    except BreakevenError as error:
        output.write(f"{error}\n")
        sys.exit(1)
    except Exception:  # noqa: BLE001 - the edge of the process: whatever it is goes to the log
        output.write(traceback.format_exc())
        sys.exit(1)
    finally:
        output.finish()


class Engines:
    """The engine that was loaded last, for the next run that wants the same."""

    def __init__(self) -> None:
        self._loaded: tuple[tuple[EngineWish, Path], Engine] | None = None

    def quickest(self, wish: EngineWish, cache: Path) -> Engine:
        """The engine of :meth:`get`, exported first where that makes a quicker one."""
        engine = self.get(wish, cache)
        self._loaded = ((wish, cache), prepare(engine, wish, cache))
        return self._loaded[1]

    def get(self, wish: EngineWish, cache: Path) -> Engine:
        """Loaded already, or loaded now. Raises EngineError."""
        key = (wish, cache)
        if self._loaded is None or self._loaded[0] != key:
            self._loaded = None  # two at once may be more than the memory holds
            self._loaded = (key, load_engine(wish, cache))
        return self._loaded[1]

    def prepare(self) -> None:
        """Make the quicker engine for the next run, where there is one; the old one serves on."""
        if self._loaded is None:
            return
        key, engine = self._loaded
        try:
            self._loaded = (key, prepare(engine, *key))
        except BreakevenError as error:
            sys.stderr.write(f"{error}\n")


def local_wish(target: LocalTarget, threads: int | None) -> EngineWish:
    """What a plan asks of the engine; ``threads`` is the installation's own choice."""
    return EngineWish(
        model=target.model,
        device=target.device,
        engine=target.engine,
        precision=target.precision,
        threads=target.threads or threads,
        batch_texts=target.batch_texts,
        max_tokens=target.max_tokens,
        allow_custom_code=target.allow_custom_code,
    )


def _work(job: Job, scrub: Scrubber, engines: Engines) -> None:
    with kept_locked(lock_file(job.data_dir, job.run_id)):
        store = open_store(job.settings)
        try:
            run = _claim(store, job.run_id)
            if run is not None:
                Worker(store, job, run, scrub, engines).work()
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

    def __init__(
        self, store: Store, job: Job, run: StoredRun, scrub: Scrubber, engines: Engines
    ) -> None:
        self._store = store
        self._job = job
        self._run = run
        self._scrub = scrub
        self._engines = engines
        self._budget = RunBudget(
            run.held_nano_usd, job.rate, run.plan.timeout_s, 1 + run.plan.retries
        )
        self._reporter = Reporter(store, run.run_id, self._budget, scrub)
        self._route = _route(job.proxy, job.ca_file)
        self._environment: Environment = environment(
            job.place, host=job.host_label, region=job.region
        )
        self._loaded = threading.Event()
        self._overhead: Overhead | None = None
        self._inspection: Inspection | None = None
        self._summary: LatencySummary | None = None
        """What a sweep measured; a probe's is made of its stored samples."""

    def work(self) -> None:
        """Load, probe, end."""
        threading.Thread(target=self._leave_while_loading, daemon=True).start()
        with self._reporter:
            state, error = self._probe_in_sentences()
        self._reporter.commit()
        self._loaded.set()
        self._reporter.cancelled.set()  # nobody needs to leave any more
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
        if self._run.kind == SWEEP:
            return self._sweep()
        plan, job = self._run.plan, self._job
        own = self._embedder(plan.target, job.key, job.base_key, self._route)
        others = [
            self._embedder(target, access.key, access.base_key, _route(access.proxy, job.ca_file))
            for target, access in zip(plan.targets[1:], job.rivals, strict=True)
        ]
        if not isinstance(plan.target, LocalTarget):
            self._environment = self._environment.by_way_of(self._route.label)
        budgets = [self._budget.beside(access.rate) for access in job.rivals]
        self._is_running()
        ending = asyncio.run(self._carry_out(own, list(zip(others, budgets, strict=True))))
        if STATES[ending.reason] is RunState.DONE:
            # After the run, so that the first number does not wait for it.
            self._overhead = calibrated(self._run.plan.target)
            if plan.inspect and isinstance(plan.target, ApiTarget):
                self._inspection = asyncio.run(self._inspect(plan.target))
        return ending

    async def _inspect(self, target: ApiTarget) -> Inspection:
        """Ask the questions that the run's own requests do not answer."""
        embedder = api_embedder(target, self._job.key, self._route)
        other = other_encoding(target, self._job.key, self._route)
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
        with self._store.write() as connection:
            change_run(
                connection,
                self._run.run_id,
                state=RunState.RUNNING.value,
                environment=self._environment.model_dump_json(),
            )

    def _sweep(self) -> Ending:
        target = self._run.plan.target
        if not isinstance(target, LocalTarget):
            raise RunError("A sweep is of the local engine alone.")
        # Imported here: its fit needs scipy, which would be half of every worker's start.
        from core.runs.sweep_job import SweepJob  # noqa: PLC0415

        wish = local_wish(target, self._job.local_threads)
        engine = self._engines.quickest(wish, models_folder(self._job.data_dir))
        self._environment = self._environment.with_engine(engine.info)
        self._is_running()
        job = SweepJob(self._store, self._run, engine, self._reporter.cancelled.is_set)
        self._summary = job.work()
        completed = self._summary is not None
        return Ending(EndReason.COMPLETED if completed else EndReason.CANCELLED)

    async def _carry_out(self, own: Embedder, others: list[Asked]) -> Ending:
        """Prove that hybrids may be asked, then ask."""
        for embedder, budget in ((own, self._budget), *others):
            if isinstance(embedder, Hybrid):
                await prove_paid(embedder, self._run.plan, budget)
        return await run_probe(
            self._run.plan,
            own,
            self._reporter.sample,
            self._budget,
            self._reporter.cancelled.is_set,
            others,
        )

    def _embedder(
        self, target: Target, key: SecretStr | None, base_key: SecretStr | None, route: Route
    ) -> Embedder:
        if isinstance(target, HybridTarget):
            base = self._embedder(target.base, base_key, None, route)
            burst = self._embedder(target.burst, key, None, route)
            return Hybrid(base, burst, target.in_flight_limit)
        if not isinstance(target, LocalTarget):
            embedder, retries = api_embedder(target, key, route), self._run.plan.retries
            return Retrying(embedder, retries) if retries else embedder
        wish = local_wish(target, self._job.local_threads)
        engine = self._engines.get(wish, models_folder(self._job.data_dir))
        self._environment = self._environment.with_engine(engine.info)
        return LocalEmbedder(engine)

    def _end(self, state: RunState, error: str | None) -> None:
        summary = self._summary or stored_summary(self._store, self._run)
        summary = summary.model_copy(update={"overhead": self._overhead})
        if state is RunState.DONE and summary.n_ok == 0:
            state, error = RunState.FAILED, _unanswered(summary)
        end_own_run(
            self._store,
            self._run.run_id,
            state,
            error=None if error is None else self._scrub(error),
            summary=summary,
            environment=self._environment.at_end(),
            inspection=self._inspection,
        )

    def _leave_while_loading(self) -> None:
        """Nothing can interrupt an import: a run cancelled meanwhile is ended from here."""
        self._reporter.cancelled.wait()
        if self._loaded.is_set():
            return
        with suppress(StoreError):
            self._end(RunState.CANCELLED, Ending(EndReason.CANCELLED).sentence)
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


def _route(proxy: SecretStr | None, ca_file: Path | None) -> Route:
    return route_of(None if proxy is None else proxy.get_secret_value(), ca_file)


def _unanswered(summary: LatencySummary) -> str:
    """A sentence for a run that went through and measured nothing."""
    outcomes = ", ".join(f"{count} {name}" for name, count in summary.errors)
    return f"Not one measured request was answered: {outcomes}."


if __name__ == "__main__":
    main()
