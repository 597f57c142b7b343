"""Probe runs as the page knows them: start, look, cancel, list, delete, measurements."""

import atexit
import secrets
import weakref
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from pydantic import SecretStr
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from core.catalog.schema import Catalog
from core.errors import (
    BreakevenError,
    EgressError,
    RunError,
    UnreadableRunError,
    UnwritableError,
)
from core.measurement.beside.quality_found import MeasuredQuality
from core.measurement.latency import Subject
from core.measurement.measured import Measurement
from core.measurement.sweep import SweepReport
from core.probe.addresses.reach import INTERNET, Reach
from core.probe.records.probe_plan import (
    ApiTarget,
    LocalTarget,
    OpenLoop,
    ProbePlan,
    Target,
)
from core.probe.records.sample import Sample
from core.quality.corpus import Corpus
from core.runs.files.importing import Imported, import_runs
from core.runs.files.run_file import document_of
from core.runs.places.folders import remove_files
from core.runs.quality.quality_job import (
    QUALITY,
    longest_read,
    quality_nano_usd,
    refuse_other_corpus,
)
from core.runs.spending import run_budget
from core.runs.spending.worst_case import FREE, Rate, cheaper, plan_nano_usd, planned_requests
from core.runs.starting.crew import Crew
from core.runs.starting.fresh_plan import drawn_seed
from core.runs.starting.job import Access, Job, QualityTexts
from core.runs.starting.seats import free_slot, lane_of, refuse_same, refuse_shared
from core.runs.surroundings.route_of_settings import proxy_setting, route_of
from core.runs.sweep.sweep_job import question_document, report_of, sweep_plan
from core.runs.sweep.sweep_question import SWEEP, SweepQuestion
from core.runs.trust.claims import CUSTOM_PREFIX, as_sent, claims_nothing
from core.runs.trust.key_hosts import (
    refuse_free,
    refuse_key_in_plan,
    refuse_strange_host,
)
from core.runs.trust.looked_up import refuse_forbidden_name
from core.runs.trust.origin import origin_of
from core.runs.trust.own_catalog import known_catalog
from core.runs.trust.shipped import provider_at, shipped
from core.runs.watching.live_summary import LiveSummary
from core.runs.watching.measured_options import (
    adopted_options,
    ids_of_choice,
    probed_options,
    with_own,
)
from core.runs.watching.measured_quality import measured_quality
from core.runs.watching.run_view import History, RunView, measurement_of, view_of, with_fits
from core.runs.watching.watch import Watch, host_name
from core.runs.working.embedder_of_target import refuse_unreachable
from core.runs.working.run_ending import end_dead_run
from core.settings import Settings
from core.store.adoptions import Adoption, adopt, release
from core.store.database.turn import take_turn
from core.store.open import Store
from core.store.runs import (
    PROBE,
    RunState,
    StoredRun,
    UnreadableRun,
    add_run,
    change_run,
    count_runs,
    delete_run,
    get_run,
    has_run,
    live_runs,
    look_up,
    newest_done_runs,
    newest_ended,
    newest_runs,
)
from core.store.samples import get_samples

PLAIN_SWEEP: Final = SweepQuestion()
CLOSE_PATIENCE_S: Final = 5.0
"""In this time a worker that was told to stop has stored its end; a longer one is killed."""


class Runs:
    """Everything about runs goes through the store, so that all sessions and processes agree.

    On a computer and data folder one run of the local model is live at a time, and a few of APIs;
    of an endpoint, one. A run lives no longer than the process that started it.
    """

    def __init__(self, store: Store, settings: Settings, crew: Crew | None = None) -> None:
        """``crew``: workers that were made ready before there was time for this."""
        self._store = store
        self._settings = settings
        self._watch = Watch(store, settings)
        self._crew = crew or Crew()
        self._live_summary = LiveSummary(store)
        _OPEN.add(self)

    @property
    def _known(self) -> Catalog:
        """What ships with the user's own options: whose measurement a run may be."""
        return known_catalog(self._settings.own_catalog)

    @property
    def fault(self) -> str:
        """Why nothing can be measured or changed here, though all can be read; "" where it can."""
        return self._store.fault

    def start(
        self,
        plan: ProbePlan,
        *,
        rate: Rate,
        key: SecretStr | None = None,
        base_key: SecretStr | None = None,
        rivals: Sequence[Access] = (),
        typed: Collection[str] = (),
        stands_for: str | None = None,
        corpus: Corpus | None = None,
    ) -> str:
        """Start a run in its own process and give its id.

        ``rivals``: price and key of each further target of a comparison. ``base_key``: the key of
        a hybrid's base; its ``rate`` and ``key`` are those of its burst target. ``typed``: servers,
        as HOST:PORT, that may be in a private network, for a person typed or confirmed them where
        that is theirs to allow; others may where the settings say so. ``stands_for``: the option
        that a swept server is, as the person says; its fit is used for it once it is done.
        ``corpus``: the texts of a test of quality; they are stored nowhere.

        What is written down is what is asked: a subject that claims an option of the catalogue and
        asks another server is named after that server.

        Raises AlreadyLiveError where this very run is live, with its id: a double click starts
        one run. Raises BusyError, BudgetError, MissingKeyError, EgressError, RunError or
        StoreError. In each case nothing was started or spent.
        """
        if not all(claims_nothing(subject) for subject in plan.subjects):
            plan = as_sent(plan, self._known)
        access = (Access.at(rate, key, base_key), *rivals)
        reach = replace(self._settings.reach, typed=tuple(typed))
        self._refuse_forbidden(plan, access, reach)
        refuse_other_corpus(plan, corpus)
        self._store.prove_writable()
        return self._start(plan, access, reach, stands_for=stands_for, corpus=corpus)

    def start_sweep(
        self, subject: Subject, target: LocalTarget, question: SweepQuestion = PLAIN_SWEEP
    ) -> str:
        """Start a sweep of the local engine and give its id; as :meth:`start` otherwise."""
        drawn = "seed" not in question.model_fields_set
        if drawn:
            question = question.model_copy(update={"seed": drawn_seed()})
        plan = sweep_plan(subject, target, question).model_copy(update={"seed_drawn": drawn})
        self._store.prove_writable()
        return self._start(plan, (Access.at(FREE, None, None),), INTERNET, question)

    def _start(
        self,
        plan: ProbePlan,
        access: Sequence[Access],
        reach: Reach,
        sweep: SweepQuestion | None = None,
        stands_for: str | None = None,
        corpus: Corpus | None = None,
    ) -> str:
        run_id = secrets.token_hex(8)
        self._own_live_runs()  # whoever is dead leaves its seat
        self._end_unreadable_dead()
        try:
            self._write_down(run_id, plan, access, sweep, corpus)
        except IntegrityError:
            raise RunError("Other probes start here at the same time. Start again.") from None
        self._launch(run_id, plan, access, reach, stands_for, corpus)
        return run_id

    def make_ready(self) -> None:
        """Have a worker waiting, so that the next start need not wait for a process.

        For whoever is about to start a run. Raises StoreError or RunError.
        """
        shipped()  # read once, now
        self._crew.make_ready(self._settings.data_dir, self._live_ids)

    def close(self) -> None:
        """Cancel the runs that were started here and are live, and let every worker go.

        Whoever started a run, a page or a command, calls this at its own end; a process that ends
        without a fault does it by itself, and of one that is killed the workers notice it. What a
        run had measured is kept. May be called more than once.
        """
        self._crew.dismiss()
        live: frozenset[str] = frozenset()
        with suppress(BreakevenError):
            live = self._live_ids() & self._crew.run_ids
        self._cancel_each(live)
        self._crew.wait(live, CLOSE_PATIENCE_S)
        # Again: a worker that froze while it wrote kept the store's lock until it was killed.
        self._cancel_each(live)
        with suppress(BreakevenError):
            for run_id in live:
                self.view(run_id)  # the end of one that had to be killed is written here

    def cancel(self, run_id: str) -> bool:
        """Ask a live run to end; False, and nothing changed, where it has ended.

        One that cannot be read here is asked, too: its worker hears it. RunError for no such run.
        """
        with suppress(UnreadableRunError):
            run = self._get(run_id)
            if run.state is RunState.QUEUED and end_dead_run(
                self._store, run, RunState.CANCELLED, "The run was cancelled before it began."
            ):
                return True
        with self._store.write() as connection:
            return change_run(connection, run_id, cancel_requested_at=datetime.now(UTC))

    def view(self, run_id: str) -> RunView:
        """The run now. A dead worker is noticed here. Raises RunError for no such run."""
        run = self._looked_at(self._get(run_id))
        return view_of(run, self._live_summary.of(run) if run.state.live else None, self._known)

    def live(self) -> RunView | None:
        """The newest run that is live on this computer, or None."""
        return next(iter(self.all_live()), None)

    def all_live(self) -> list[RunView]:
        """All runs that are live on this computer, newest first."""
        return [
            view_of(run, self._live_summary.of(run), self._known) for run in self._own_live_runs()
        ]

    def recent(self, limit: int = 50) -> list[RunView]:
        """The newest runs of any state that can be read, newest first."""
        return list(self.history(limit).runs)

    def history(self, limit: int = 50) -> History:
        """The newest runs of any state, newest first, and those that cannot be read or shown."""
        with self._store.read() as connection:
            newest, total = newest_runs(connection, limit), count_runs(connection)
        for lost in newest.unreadable:
            self._end_if_dead(lost)
        views = tuple(view_of(self._looked_at(run), None, self._known) for run in newest.readable)
        older = max(0, total - len(views) - len(newest.unreadable))
        return History(views, tuple(newest.unreadable), older)

    def measurements(self) -> dict[str, Measurement]:
        """What is measured of each option: by the run that was adopted for it, else by its newest.

        The newest open loop of this installation that went through to the end: a run from a file
        measures nothing until it is adopted. A run that was cancelled or lost is in
        the history but measures no option: who stops a run when it looks good, or bad, has chosen
        the result.
        """
        with self._store.read() as connection:
            probed = probed_options(connection, self._known)
            probed = with_own(connection, probed, self._known)
            sweeps = newest_done_runs(connection, SWEEP)
        return with_fits(probed, sweeps)

    def qualities(self) -> dict[str, MeasuredQuality]:
        """What each option finds of one's own queries, over the texts of the newest test."""
        with self._store.read() as connection:
            return measured_quality(connection, self._known)

    def newest_quality(self) -> RunView | None:
        """The newest test of quality that is over, whatever became of it."""
        with self._store.read() as connection:
            run = newest_ended(connection, QUALITY)
        return None if run is None else view_of(run, None, self._known)

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
                return view_of(run, None, self._known), report
        return None

    def adoptions(self) -> dict[str, str]:
        """Option id -> id of the run that a person has chosen to measure it."""
        with self._store.read() as connection:
            return {
                option_id: choice.run_id
                for option_id, (choice, _) in adopted_options(connection, self._known).items()
            }

    def adopt(self, run_id: str, target: int = 0, option_id: str | None = None) -> None:
        """Let this run measure the option of its target. RunError for one that did not end well.

        ``option_id``: the option that a swept server is, as the person says
        (:func:`core.runs.trust.stands_for.option_said`).
        """
        run = self._get(run_id)
        measured = measurement_of(run, target, self._known)
        if run.state is not RunState.DONE or measured is None:
            raise RunError(
                "Only a run that went through to its end can be used: who stops a run when it "
                "looks good, or bad, has chosen the result."
            )
        if option_id is not None and measured.fit is None:
            raise RunError(
                "Only a sweep of a server that found the time of a token and the rate under load "
                "can stand for a machine: this run gives no fit."
            )
        choice = Adoption(option_id or measured.subject.option_id, run_id, target)
        try:
            with self._store.write() as connection:
                self._release(connection, choice.option_id)
                adopt(connection, choice)
        except IntegrityError:  # deleted by somebody else since we looked
            raise _no_such_run(run_id) from None

    def release(self, option_id: str) -> None:
        """Let the newest run measure an option again."""
        with self._store.write() as connection:
            self._release(connection, option_id)

    def _release(self, connection: Connection, option_id: str) -> None:
        for stored in ids_of_choice(connection, option_id, self._known):
            release(connection, stored)

    def samples(self, run_id: str) -> list[Sample]:
        """Every stored sample of a run, in order. Raises RunError for no such run."""
        with self._store.read() as connection:
            if get_run(connection, run_id) is None:
                raise _no_such_run(run_id)
            return get_samples(connection, run_id)

    def export(
        self, run_ids: Sequence[str], beside: Mapping[str, object] = MappingProxyType({})
    ) -> str:
        """Finished runs with their samples as one JSON document. Raises RunError.

        ``beside``: what a reader is told beside the runs; an import does not read it.
        """
        exported = [(self._get(run_id), self.samples(run_id)) for run_id in run_ids]
        return document_of(exported, beside)

    def bring_in(self, data: bytes, name: str) -> Imported:
        """Import the runs of such a document, each once. Raises RunError, and imports nothing."""
        return import_runs(self._store, data, name, self._known)

    def delete(self, run_id: str) -> None:
        """Delete a finished run and its samples; what it spent stays in the day's ledger.

        Also one whose own columns are damaged, whatever its state: nobody else can end it.
        """
        with self._store.write() as connection:
            damaged = any(run.row is None for run in look_up(connection, run_id).unreadable)
            gone = delete_run(connection, run_id, even_live=damaged)
            live = not gone and has_run(connection, run_id)
        if live:
            raise RunError("This run is still live. Cancel it first.")
        if not gone:
            raise _no_such_run(run_id)
        remove_files(self._settings.data_dir, run_id)

    def _refuse_forbidden(self, plan: ProbePlan, access: Sequence[Access], reach: Reach) -> None:
        if len(access) != len(plan.targets):
            raise RunError("Each target of a comparison needs its price and its key.")
        if plan.endless is not None:
            raise RunError(plan.endless)
        for subject, target, one in zip(plan.subjects, plan.targets, access, strict=True):
            for api, key, rate in one.of_apis(target):
                self._refuse_address(subject, api, key, reach)
                refuse_free(api, rate)
                refuse_key_in_plan(plan, key)

    def _refuse_address(
        self, subject: Subject, target: ApiTarget, key: SecretStr | None, reach: Reach
    ) -> None:
        listed = provider_at(origin_of(target.endpoint)) is not None and not target.allow_loopback
        custom = subject.option_id.startswith(CUSTOM_PREFIX) or not listed
        if custom and not self._settings.allow_custom_base_url:
            raise EgressError(
                "This installation probes the listed providers only "
                "(BREAKEVEN_ALLOW_CUSTOM_BASE_URL is off)."
            )
        address = refuse_unreachable(target, key, reach)
        refuse_strange_host(target, key)
        proxy = self._proxy_for(target, reach)
        route_of(None if proxy is None else proxy.get_secret_value(), self._settings.ca_file)
        if proxy is None and not listed:
            refuse_forbidden_name(address)

    def _proxy_for(self, target: Target, reach: Reach) -> SecretStr | None:
        """The proxy by which a target is reached; none is asked for what is inside."""
        addresses = [api.address(reach) for api in target.apis]
        far = [address.host for address in addresses if not address.direct]
        proxy = proxy_setting(self._settings.proxy, far[-1]) if far else None
        return None if proxy is None else SecretStr(proxy)

    def _texts(self, plan: ProbePlan, corpus: Corpus) -> QualityTexts:
        known = self._known
        longest = tuple(longest_read(known, subject) for subject in plan.subjects)
        return QualityTexts(corpus=corpus, longest=longest)

    def _own_live_runs(self) -> list[StoredRun]:
        """The live runs of this host; the dead among the live are ended on the way."""
        with self._store.read() as connection:
            live = live_runs(connection).readable
        host = host_name(self._settings)
        looked_at = [self._looked_at(run) for run in live]
        return [run for run in looked_at if run.state.live and run.host == host]

    def _live_ids(self) -> frozenset[str]:
        with self._store.read() as connection:
            live = live_runs(connection)
        ids = [run.run_id for run in live.readable] + [run.run_id for run in live.unreadable]
        return frozenset(ids)

    def _end_unreadable_dead(self) -> None:
        """A live run that cannot be read holds its seat as long as its worker lives."""
        with self._store.read() as connection:
            found = live_runs(connection).unreadable
        for run in found:
            self._end_if_dead(run)

    def _end_if_dead(self, run: UnreadableRun) -> bool:
        """Whether a live run that cannot be read had to be ended."""
        with suppress(UnwritableError):
            return run.row is not None and run.row.state.live and self._watch.end_if_dead(run.row)
        return False

    def _cancel_each(self, run_ids: Collection[str]) -> None:
        for run_id in run_ids:
            with suppress(BreakevenError):
                self.cancel(run_id)

    def _looked_at(self, run: StoredRun) -> StoredRun:
        # A store that cannot be written is read all the same: the run is ended another time.
        with suppress(UnwritableError):
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
        sweep: SweepQuestion | None,
        corpus: Corpus | None,
    ) -> None:
        """Who is live, the run's row and its hold in one transaction: of two, one is first."""
        rates, host = [one.rate for one in access], host_name(self._settings)
        worst, now = _worst_nano_usd(plan, rates, corpus), datetime.now(UTC)
        with self._store.write() as connection:
            take_turn(connection)
            live = live_runs(connection)
            refuse_same(plan, sweep, live, host)
            refuse_shared(plan, live)
            lane, slot = free_slot(plan, live, host, self._settings)
            add_run(
                connection,
                run_id,
                plan,
                host=host,
                lane=lane,
                slot=slot,
                kind=_kind_of(plan, sweep),
                report=None if sweep is None else question_document(sweep),
                created_at=now,
                heartbeat_at=now,
                planned=planned_requests(plan) if sweep is None else sweep.planned,
                worst_case_nano_usd=worst,
                spend_day=now.date(),
            )
            run_budget.hold(connection, run_id, worst, self._settings, advice=cheaper(rates[0]))

    def _launch(
        self,
        run_id: str,
        plan: ProbePlan,
        access: Sequence[Access],
        reach: Reach,
        stands_for: str | None,
        corpus: Corpus | None,
    ) -> None:
        targets = (
            one.model_copy(update={"proxy": self._proxy_for(target, reach)})
            for one, target in zip(access, plan.targets, strict=True)
        )
        job = Job(
            run_id=run_id,
            data_dir=self._settings.data_dir,
            database_url=self._settings.database_url,
            targets=tuple(targets),
            local_threads=self._settings.local_threads,
            place=self._settings.place,
            host_label=self._settings.host_label,
            region=self._settings.region,
            ca_file=self._settings.ca_file,
            reach=reach,
            stands_for=stands_for,
            quality=None if corpus is None else self._texts(plan, corpus),
        )
        try:
            self._watch.started(run_id, self._crew.begin(job, lane_of(plan), self._live_ids))
        except RunError as error:
            self._watch.end_unstarted(self._get(run_id), str(error))
            raise


def _worst_nano_usd(plan: ProbePlan, rates: Sequence[Rate], corpus: Corpus | None) -> int:
    if corpus is not None:
        return quality_nano_usd(corpus, plan, rates)
    return plan_nano_usd(plan, *rates)


_OPEN: Final[weakref.WeakSet[Runs]] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """A process that ends, by whatever it was asked, takes its runs with it."""
    for runs in list(_OPEN):
        runs.close()


def _kind_of(plan: ProbePlan, sweep: SweepQuestion | None) -> str:
    if sweep is not None:
        return SWEEP
    return PROBE if isinstance(plan.schedule, OpenLoop) else plan.schedule.kind


def _no_such_run(run_id: str) -> RunError:
    return RunError(
        f"There is no run {run_id[:40]}: it was deleted, or the link is of another store."
    )
