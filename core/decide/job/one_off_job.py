"""A one-off job: every API and every machine of the catalogue, and what comes afterwards."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from core.decide.advice.catalogue_options import models_like
from core.decide.case import Case
from core.decide.job.api_ways import ApiWays
from core.decide.job.job_way import After, JobAnswer, JobAsk, JobWay, in_order
from core.decide.job.machine_ways import MachineWays, Runs
from core.errors import ScenarioError
from core.scenario import OWNED_PREFIX, THIS_MACHINE, CorpusVectors, Workload, machine_id

EVEN = {
    "peak_to_mean": 1.0,
    "burst_factor": 1.0,
    "hour_weights": (),
    "deferrable_share": 0.0,
}
"""How a job comes: as quickly as it is taken, without a rhythm."""


def even_load(load: Workload) -> Workload:
    """The same texts without the rhythm of a service."""
    return load.model_copy(update=EVEN)


@dataclass(frozen=True, eq=False)
class OneOffJob:
    """The job of a scenario: its corpus, by its deadline, and what comes afterwards."""

    case: Case
    options: tuple[str, ...] | None = None
    """Option ids to look at; None: all that the catalogue has."""

    @cached_property
    def ask(self) -> JobAsk:
        """What is asked. Raises ScenarioError where there is nothing to embed."""
        scenario = self.case.scenario
        load, model = scenario.workload, scenario.hosting.model
        if load.corpus_tokens == 0:
            raise ScenarioError(
                "There is no job without tokens: say how many are to be embedded, such as 10e9."
            )
        return JobAsk(
            tokens=load.corpus_tokens,
            days=load.backfill_days,
            tokens_per_text=load.tokens_per_request,
            after_tokens_per_month=load.afterwards_tokens_per_month,
            months=scenario.objective.horizon_months,
            model=model if load.corpus_vectors is CorpusVectors.HOSTED else "",
            labour_usd=load.corpus_labour_usd,
        )

    @cached_property
    def answer(self) -> JobAnswer:
        """Every way, the cheapest first. Raises ScenarioError for an option that there is not."""
        self.refuse_strange(self._asked or ())
        self._refuse_unknown_model()
        return JobAnswer(self.ask, in_order(self._ways()))

    @cached_property
    def even(self) -> Case:
        """The same question of a load that comes evenly."""
        scenario = self.case.scenario
        return self.case.asking(
            scenario.model_copy(update={"workload": even_load(scenario.workload)})
        )

    @cached_property
    def _apis(self) -> ApiWays:
        load = self.case.scenario.workload
        peak = load.busy_hour_to_mean * load.burst_factor
        return ApiWays(self.even, self.ask, peak, self._asked)

    @cached_property
    def _machines(self) -> MachineWays:
        return MachineWays(self.even, self.ask)

    @cached_property
    def _models(self) -> frozenset[str] | None:
        """Models whose vectors are asked for; None: any."""
        wanted = self.ask.model
        return models_like(wanted, self.even.catalog) | {wanted} if wanted else None

    def _ways(self) -> Iterator[JobWay]:
        wanted = self._models
        for sold in self._apis.sold:
            if self._is_asked(sold.id) and (wanted is None or sold.model in wanted):
                yield from self._apis.ways(sold)
        yield from self._hosted()

    def _hosted(self) -> Iterator[JobWay]:
        """Machines with each model that is asked for and can be had; else with the hosted one."""
        catalog, hosted = self.even.catalog, self.even.scenario.hosting.model
        for model_id in sorted(self._models or {hosted}):
            model = catalog.model(model_id)
            if model is None or model.kind != "api" or model_id == hosted:
                yield from self._on_machines(self._machines.runs(model_id, self._after(model_id)))
        here = self._machines.model_here
        if here and self._is_asked(THIS_MACHINE) and (not self._models or here in self._models):
            yield self._machines.here(self._machines.runs(here, self._after(here)))

    def _on_machines(self, runs: Runs) -> Iterator[JobWay]:
        catalog = self.even.catalog
        for provider in catalog.providers:
            for offer in provider.machines:
                sold = offer.status != "withdrawn" and offer.prices
                if sold and self._is_asked(f"{provider.id}/{offer.id}"):
                    yield self._machines.rented(provider, offer, runs)
        for card in catalog.cards:
            if self._is_asked(f"{OWNED_PREFIX}{card.id}"):
                way = self._machines.own_card(card, runs)
                if way is not None:
                    yield way

    def _is_asked(self, option_id: str) -> bool:
        return self._asked is None or option_id in self._asked

    @cached_property
    def _asked(self) -> frozenset[str] | None:
        return None if self.options is None else frozenset(map(machine_id, self.options))

    def refuse_strange(self, names: Iterable[str]) -> None:
        """Raise ScenarioError for what the catalogue does not have."""
        catalog = self.case.whole
        for name in names:
            known = (catalog.find_api(name), catalog.find_machine(name), catalog.owned_card(name))
            if name != THIS_MACHINE and not any(known):
                raise ScenarioError(
                    f"The catalogue has no API or machine called {name[:80]!r} for a job: choose "
                    "one of its options."
                )

    def _refuse_unknown_model(self) -> None:
        wanted = self.ask.model
        if wanted and self.case.whole.model(wanted) is None:
            raise ScenarioError(
                f"The catalogue has no model called {wanted[:80]!r}: choose one of its models, or "
                "let the job have any model's vectors."
            )

    def _after(self, model_id: str) -> After | None:
        """The cheapest API of the same vectors for what comes afterwards; None: nothing comes."""
        if self.ask.after_tokens_per_month == 0:
            return None
        like = models_like(model_id, self.even.catalog) | {model_id}
        those = [s.after for s in self._apis.sold if s.model in like and s.after is not None]
        known = [(after.usd_per_month, after) for after in those if after.usd_per_month is not None]
        if known:
            return min(known, key=lambda pair: pair[0])[1]
        why = "No API that is known to take what follows sells these vectors."
        return After("", "", None, self.ask.months, why)
