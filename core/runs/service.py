"""Probe runs as the page knows them: start, look, cancel, list, delete, measurements."""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import SecretStr
from sqlalchemy.exc import IntegrityError

from core.errors import EgressError, RunError
from core.measurement import Measurement, Subject, SweepReport
from core.probe.plan import (
    ApiTarget,
    HybridTarget,
    LocalTarget,
    OpenLoop,
    ProbePlan,
    Target,
    parts,
)
from core.probe.sample import Sample
from core.runs import ledger
from core.runs.crew import Crew
from core.runs.embedder import refuse_unreachable
from core.runs.ending import end_dead_run
from core.runs.folders import remove_files
from core.runs.importing import Imported, import_runs
from core.runs.job import Access, Job
from core.runs.keys import hosts_of_keys, refuse_strange_host
from core.runs.live_summary import LiveSummary
from core.runs.route import proxy_setting, route_of
from core.runs.run_file import document_of
from core.runs.seats import free_slot, lane_of
from core.runs.sweep_job import question_document, report_of, sweep_plan
from core.runs.sweep_question import SWEEP, SweepQuestion
from core.runs.view import RunView, measurement_of, view_of, with_fits
from core.runs.watch import Watch, host_name
from core.runs.worst_case import FREE, Rate, cheaper, plan_nano_usd, planned_requests
from core.settings import Settings
from core.store.adoptions import Adoption, adopt, adopted, release
from core.store.open import Store
from core.store.runs import (
    PROBE,
    RunState,
    StoredRun,
    add_run,
    change_run,
    delete_run,
    get_run,
    live_runs,
    newest_done_runs,
    newest_runs,
)
from core.store.samples import get_samples

CUSTOM_PREFIX: Final = "endpoint/"
"""Option ids of addresses that the user typed."""
PLAIN_SWEEP: Final = SweepQuestion()
SEAT_TRIES: Final = 20
"""Others may take the seat that was free a moment ago; each try sees what they did."""


class Runs:
    """Everything about runs goes through the store, so that all sessions and processes agree.

    On a computer and data folder one run of the local model is live at a time, and a few of APIs.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._watch = Watch(store, settings)
        self._crew = Crew()
        self._live_summary = LiveSummary(store)

    def start(
        self,
        plan: ProbePlan,
        *,
        rate: Rate,
        key: SecretStr | None = None,
        base_key: SecretStr | None = None,
        rivals: Sequence[Access] = (),
    ) -> str:
        """Start a run in its own process and give its id.

        ``rivals``: price and key of each further target of a comparison. ``base_key``: the key of
        a hybrid's base; its ``rate`` and ``key`` are those of its burst target.

        The same plan as a live run's gives that run's id: a double click starts one run.
        Raises BusyError, BudgetError, MissingKeyError, EgressError or RunError, and then
        nothing was started or spent.
        """
        access = (Access.at(rate, key, base_key), *rivals)
        self._refuse_forbidden(plan, access)
        return self._start(plan, access)

    def start_sweep(
        self, subject: Subject, target: LocalTarget, question: SweepQuestion = PLAIN_SWEEP
    ) -> str:
        """Start a sweep of the local engine and give its id; as :meth:`start` otherwise."""
        plan = sweep_plan(subject, target, question)
        return self._start(plan, (Access.at(FREE, None, None),), question)

    def _start(
        self, plan: ProbePlan, access: Sequence[Access], sweep: SweepQuestion | None = None
    ) -> str:
        run_id = secrets.token_hex(8)
        for _ in range(SEAT_TRIES):
            live = self._own_live_runs()
            same = next((run.run_id for run in live if run.plan == plan), None)
            if same is not None:
                return same
            # Another start between the look and the writing: the database keeps the rule.
            with suppress(IntegrityError):
                slot = free_slot(plan, live, self._settings)
                self._write_down(run_id, plan, access, slot, sweep)
                self._launch(run_id, plan, access, {run.run_id for run in live})
                return run_id
        raise RunError("Other probes start here at the same time. Start again.")

    def make_ready(self) -> None:
        """Have a worker waiting, so that the next start need not wait for a process.

        For whoever is about to start a run. Raises StoreError or RunError.
        """
        hosts_of_keys()  # read once, now
        live = {run.run_id for run in self._own_live_runs()}
        self._crew.make_ready(self._settings.data_dir, live)

    def close(self) -> None:
        """Let waiting workers go; one with a run ends after it."""
        self._crew.close()

    def cancel(self, run_id: str) -> None:
        """Ask a live run to end; one that has ended stays as it is. RunError for no such run."""
        run = self._get(run_id)
        if run.state is RunState.QUEUED and end_dead_run(
            self._store, run, RunState.CANCELLED, "The run was cancelled before it began."
        ):
            return
        with self._store.write() as connection:
            change_run(connection, run_id, cancel_requested_at=datetime.now(UTC))

    def view(self, run_id: str) -> RunView:
        """The run now. A dead worker is noticed here. Raises RunError for no such run."""
        run = self._looked_at(self._get(run_id))
        return view_of(run, self._live_summary.of(run) if run.state.live else None)

    def live(self) -> RunView | None:
        """The newest run that is live on this computer, or None."""
        return next(iter(self.all_live()), None)

    def all_live(self) -> list[RunView]:
        """All runs that are live on this computer, newest first."""
        return [view_of(run, self._live_summary.of(run)) for run in self._own_live_runs()]

    def recent(self, limit: int = 50) -> list[RunView]:
        """The newest runs of any state, newest first."""
        with self._store.read() as connection:
            found = newest_runs(connection, limit)
        return [view_of(self._looked_at(run), None) for run in found]

    def measurements(self) -> dict[str, Measurement]:
        """What is measured of each option: by the run that was adopted for it, else by its newest.

        The newest open loop of this installation that went through to the end: a run from a file
        measures nothing until it is adopted. A run that was cancelled or lost is in
        the history but measures no option: who stops a run when it looks good, or bad, has chosen
        the result.
        """
        with self._store.read() as connection:
            found = [measurement_of(run) for run in newest_done_runs(connection)]
            chosen = [
                measurement_of(run, choice.target)
                for choice in adopted(connection)
                if (run := get_run(connection, choice.run_id)) is not None
            ]
            sweeps = newest_done_runs(connection, SWEEP)
        probed = {
            entry.subject.option_id: entry for entry in (*found, *chosen) if entry is not None
        }
        return with_fits(probed, sweeps)

    def sweep_report(self, run_id: str) -> SweepReport | None:
        """What a sweep found; None while it is not done. Raises RunError for no such run."""
        return report_of(self._get(run_id))

    def newest_sweep(self, option_id: str) -> tuple[RunView, SweepReport] | None:
        """The newest sweep of an option that went through, with what it found."""
        with self._store.read() as connection:
            sweeps = newest_done_runs(connection, SWEEP)
        for run in sweeps:
            report = report_of(run)
            if run.plan.subject.option_id == option_id and report is not None:
                return view_of(run, None), report
        return None

    def adoptions(self) -> dict[str, str]:
        """Option id -> id of the run that a person has chosen to measure it."""
        with self._store.read() as connection:
            return {choice.option_id: choice.run_id for choice in adopted(connection)}

    def adopt(self, run_id: str, target: int = 0) -> None:
        """Let this run measure the option of its target. RunError for one that did not end well."""
        run = self._get(run_id)
        if run.state is not RunState.DONE or measurement_of(run, target) is None:
            raise RunError(
                "Only a run that went through to its end can be used: who stops a run when it "
                "looks good, or bad, has chosen the result."
            )
        option_id = run.plan.subjects[target].option_id
        with self._store.write() as connection:
            adopt(connection, Adoption(option_id, run_id, target))

    def release(self, option_id: str) -> None:
        """Let the newest run measure an option again."""
        with self._store.write() as connection:
            release(connection, option_id)

    def samples(self, run_id: str) -> list[Sample]:
        """Every stored sample of a run, in order. Raises RunError for no such run."""
        with self._store.read() as connection:
            if get_run(connection, run_id) is None:
                raise _no_such_run(run_id)
            return get_samples(connection, run_id)

    def sample_rows(self, run_id: str) -> list[dict[str, Any]]:
        """The samples as plain rows for a download: one key a field, times in nanoseconds."""
        return [
            asdict(sample) | {"phase": sample.phase.value, "outcome": sample.outcome.value}
            for sample in self.samples(run_id)
        ]

    def export(self, run_ids: Sequence[str]) -> str:
        """Finished runs with their samples as one JSON document. Raises RunError."""
        found = [(self._get(run_id), self.samples(run_id)) for run_id in run_ids]
        return document_of(found)

    def bring_in(self, data: bytes, name: str) -> Imported:
        """Import the runs of such a document, each once. Raises RunError, and imports nothing."""
        return import_runs(self._store, data, name)

    def delete(self, run_id: str) -> None:
        """Delete a finished run and its samples; what it spent stays in the day's ledger."""
        with self._store.write() as connection:
            gone = delete_run(connection, run_id)
        if not gone:
            self._get(run_id)
            raise RunError("This run is still live. Cancel it first.")
        remove_files(self._settings.data_dir, run_id)

    def _refuse_forbidden(self, plan: ProbePlan, access: Sequence[Access]) -> None:
        if len(access) != len(plan.targets):
            raise RunError("Each target of a comparison needs its price and its key.")
        if plan.endless is not None:
            raise RunError(plan.endless)
        for subject, target, one in zip(plan.subjects, plan.targets, access, strict=True):
            keys = (one.base_key, one.key) if isinstance(target, HybridTarget) else (one.key,)
            for part, key in zip(parts(target), keys, strict=True):
                if isinstance(part, ApiTarget):
                    self._refuse_address(subject, part, key)

    def _refuse_address(self, subject: Subject, target: ApiTarget, key: SecretStr | None) -> None:
        custom = subject.option_id.startswith(CUSTOM_PREFIX) or target.allow_loopback
        if custom and not self._settings.allow_custom_base_url:
            raise EgressError(
                "This installation probes the listed providers only "
                "(BREAKEVEN_ALLOW_CUSTOM_BASE_URL is off)."
            )
        refuse_unreachable(target, key)
        refuse_strange_host(target, key)
        proxy = self._proxy_for(target)
        route_of(None if proxy is None else proxy.get_secret_value(), self._settings.ca_file)

    def _proxy_for(self, target: Target) -> SecretStr | None:
        """The proxy by which a target is reached."""
        last = parts(target)[-1]
        host = last.endpoint.base_url.host if isinstance(last, ApiTarget) else None
        proxy = proxy_setting(self._settings.proxy, host or "")
        return None if proxy is None else SecretStr(proxy)

    def _own_live_runs(self) -> list[StoredRun]:
        """The live runs of this host; the dead among the live are ended on the way."""
        with self._store.read() as connection:
            found = live_runs(connection)
        host = host_name(self._settings)
        looked_at = [self._looked_at(run) for run in found]
        return [run for run in looked_at if run.state.live and run.host == host]

    def _looked_at(self, run: StoredRun) -> StoredRun:
        if run.state.live and self._watch.end_if_dead(run):
            return self._get(run.run_id)
        return run

    def _get(self, run_id: str) -> StoredRun:
        with self._store.read() as connection:
            run = get_run(connection, run_id)
        if run is None:
            raise _no_such_run(run_id)
        return run

    def _write_down(
        self,
        run_id: str,
        plan: ProbePlan,
        access: Sequence[Access],
        slot: int,
        sweep: SweepQuestion | None,
    ) -> None:
        """The run's row and its hold in one transaction. IntegrityError for a taken seat."""
        rates = [one.rate for one in access]
        worst, now = plan_nano_usd(plan, *rates), datetime.now(UTC)
        with self._store.write() as connection:
            add_run(
                connection,
                run_id,
                plan,
                host=host_name(self._settings),
                lane=lane_of(plan),
                slot=slot,
                kind=_kind_of(plan, sweep),
                report=None if sweep is None else question_document(sweep),
                created_at=now,
                heartbeat_at=now,
                planned=planned_requests(plan) if sweep is None else sweep.planned,
                worst_case_nano_usd=worst,
                spend_day=now.date(),
            )
            ledger.hold(connection, run_id, worst, self._settings, advice=cheaper(rates[0]))

    def _launch(
        self, run_id: str, plan: ProbePlan, access: Sequence[Access], live: set[str]
    ) -> None:
        own, *others = (
            one.model_copy(update={"proxy": self._proxy_for(target)})
            for one, target in zip(access, plan.targets, strict=True)
        )
        job = Job(
            run_id=run_id,
            data_dir=self._settings.data_dir,
            database_url=self._settings.database_url,
            key=own.key,
            base_key=own.base_key,
            usd=own.usd,
            unit=own.unit,
            rivals=tuple(others),
            local_threads=self._settings.local_threads,
            place=self._settings.place,
            host_label=self._settings.host_label,
            region=self._settings.region,
            proxy=own.proxy,
            ca_file=self._settings.ca_file,
        )
        try:
            self._watch.started(run_id, self._crew.begin(job, lane_of(plan), live | {run_id}))
        except RunError as error:
            self._watch.end_unstarted(self._get(run_id), str(error))
            raise


def _kind_of(plan: ProbePlan, sweep: SweepQuestion | None) -> str:
    if sweep is not None:
        return SWEEP
    return PROBE if isinstance(plan.schedule, OpenLoop) else plan.schedule.kind


def _no_such_run(run_id: str) -> RunError:
    return RunError(
        f"There is no run {run_id[:40]}: it was deleted, or the link is of another store."
    )
