"""One question, ready to be answered: a scenario before a catalogue and what was measured.

What several options need of it is worked out once, here, and read everywhere: the rhythm of the
load, the texts before each model's limit, the user's own prices, the storage of the vectors.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import InitVar, dataclass, field
from datetime import date
from functools import cached_property

from core.catalog.schema import Catalog, ModelCard
from core.cost.by_use.api_labour import api_labour_lines
from core.cost.curve.breakdown import CostLine
from core.decide.bare_replica.published_throughputs import PublishedRates, published_rates
from core.decide.by_option import FoundOfTexts, MeasuredOptions, OwnCounts, OwnPrices
from core.decide.load.rhythm import Rhythm, rhythm_of
from core.decide.load.storage_lines import storage_lines
from core.decide.load.text_load import TextLoad, text_load
from core.decide.mine.already_there import counts_of
from core.decide.mine.negotiating import discounts_of
from core.decide.mine.reserving import Renting, Reservation
from core.decide.result.belief import Range
from core.errors import ScenarioError
from core.measurement.beside.quality_found import MeasuredQuality
from core.measurement.measured import Measurement
from core.scenario import Scenario, Workload, machine_id

Ranges = tuple[tuple[str, Range], ...]


@dataclass(frozen=True, eq=False)
class Load:
    """When a workload comes and what becomes of its texts; its volume plays no part."""

    workload: Workload
    _texts: dict[int | None, TextLoad] = field(default_factory=dict, repr=False)

    @cached_property
    def rhythm(self) -> Rhythm:
        """Hour by hour over the mean."""
        return rhythm_of(self.workload)

    def texts(self, max_tokens: int | None) -> TextLoad:
        """The texts before a model with this limit (None: it has none)."""
        if max_tokens not in self._texts:
            self._texts[max_tokens] = text_load(self.workload, max_tokens)
        return self._texts[max_tokens]


@dataclass(frozen=True, eq=False)
class Case:
    """The whole question: what is asked, of which catalogue, after which measurements."""

    scenario: Scenario
    whole: Catalog
    """As it was loaded."""
    measurements: Mapping[str, Measurement] = field(default_factory=dict)
    """The newest run of each option, by option id."""
    qualities: Mapping[str, MeasuredQuality] = field(default_factory=dict)
    """What each tested option finds of one's own queries, by option id."""
    ranges: Ranges = ()
    """The user's own ranges of inputs, by the input's name; of others those of the sources."""
    shared: InitVar[Load | None] = None
    load: Load = field(init=False, repr=False)

    def __post_init__(self, shared: Load | None) -> None:
        """Take over the load of a like case, or begin a new one."""
        load = shared or Load(self.scenario.without_volume().workload)
        object.__setattr__(self, "load", load)
        known = self.measurements
        by_id = known.by_id if isinstance(known, MeasuredOptions) else known
        measured = MeasuredOptions(by_id, self.scenario.hosting.model)
        object.__setattr__(self, "measurements", measured)

    def asking(self, scenario: Scenario, ranges: Ranges | None = None) -> "Case":
        """Another question to the same catalogue; the load is shared where it is the same.

        ``ranges`` are asked in the place of this case's; None: the same.
        """
        same = scenario.without_volume().workload == self.load.workload
        other = Case(
            scenario,
            self.whole,
            self.measurements,
            self.qualities,
            self.ranges if ranges is None else ranges,
            self.load if same else None,
        )
        if other._prices_of == self._prices_of:
            # Worked out once for a place and a day.
            vars(other)["catalog"] = self.catalog
            if "published" in vars(self):
                vars(other)["published"] = self.published
        hosting = scenario.hosting.model_copy(update={"model": self.scenario.hosting.model})
        like = {"options": self.scenario.options, "hosting": hosting}
        if scenario.model_copy(update=like) == self.scenario:
            # The same to other options, or with another model on the machines.
            vars(other)["_worked_out"] = self._worked_out
        return other

    @property
    def _prices_of(
        self,
    ) -> tuple[str, date | None, frozenset[str], tuple[tuple[str, float], ...]]:
        """Place, day, what has a price of the user's own before it has one of a list, discounts."""
        day, own = self.scenario.as_of, dict(self.scenario.prices)
        keep = frozenset(own if day else ())
        return self.scenario.objective.region, day, keep, self.scenario.discounts

    @cached_property
    def catalog(self) -> Catalog:
        """With the prices of the day that is asked, in the place where texts must be computed.

        Less the user's own discounts. Raises ScenarioError for one of an unknown provider, and for
        what is said to be owned and nobody owns, whatever is compared.
        """
        region, day, own, discounts = self._prices_of
        off = discounts_of(discounts, self.whole)
        counts_of(self.scenario.owned, self.whole)
        return self.whole.as_of(day, own).sold_in(region).less(off)

    def running(self, model_id: str) -> "Case":
        """The same question with this model on the machines; all else is shared."""
        if model_id == self.scenario.hosting.model:
            return self
        if model_id not in self._running:
            hosting = self.scenario.hosting.model_copy(update={"model": model_id})
            asked = self.scenario.model_copy(update={"hosting": hosting})
            self._running[model_id] = self.asking(asked)
        return self._running[model_id]

    @cached_property
    def _running(self) -> dict[str, "Case"]:
        return {}

    @cached_property
    def hosted_model(self) -> ModelCard | None:
        """The model that replicas run; None where the catalogue does not know it."""
        return self.catalog.model(self.scenario.hosting.model)

    @cached_property
    def hosted_texts(self) -> TextLoad:
        """The texts before that model."""
        return self.texts_before(self.hosted_model)

    def texts_before(self, model: ModelCard | None) -> TextLoad:
        """The texts before a model's own limit."""
        return self.load.texts(model.max_tokens if model else None)

    @cached_property
    def published(self) -> PublishedRates:
        """The usable published throughputs."""
        return published_rates(self.catalog)

    def quality_of(self, option_id: str, model_id: str | None) -> MeasuredQuality | None:
        """What an option with this model finds of one's own queries; None: not measured."""
        return FoundOfTexts(self.qualities).of(option_id, model_id)

    @cached_property
    def own_prices(self) -> OwnPrices:
        """The user's price of an option, or of its machine, in its billed unit, by option id.

        Raises ScenarioError for one that is no price. 0 is one: some have their GPU for nothing.
        """
        prices = dict(self.scenario.prices)
        for option_id, usd in prices.items():
            if machine_id(option_id) != option_id:
                raise ScenarioError(
                    f"prices: {option_id} names a model, and a machine has one price with any. "
                    f"Write {machine_id(option_id)}."
                )
            if not (math.isfinite(usd) and usd >= 0):
                raise ScenarioError(
                    f"prices: {option_id} cannot cost {usd}; enter 0 or more, or clear it"
                )
        return OwnPrices(prices)

    @cached_property
    def owned(self) -> OwnCounts:
        """Cards and machines that are the user's already, by option id.

        Raises ScenarioError for what nobody owns.
        """
        return counts_of(self.scenario.owned, self.whole)

    def reservation(self, option_id: str) -> Reservation:
        """How a rented machine is had: on demand, or reserved for a term."""
        asked = self.scenario
        # Asked of every machine in a search: without a term none is looked for.
        sold = self.catalog.find_machine(option_id) if asked.hosting.reserved_term else None
        if sold is None:
            return Reservation(asked.hosting)
        renting = Renting(asked.hosting, asked.calendar, asked.objective.horizon_months)
        return renting.of(*sold, self.own_prices.get(option_id))

    @cached_property
    def tiers(self) -> Mapping[str, str]:
        """Tier of the user's account, by provider id.

        Raises ScenarioError for a provider or a tier that the catalogue does not have.
        """
        tiers = dict(self.scenario.tiers)
        known = {provider.id: provider.tiers for provider in self.catalog.providers}
        for provider_id, tier in tiers.items():
            if not known.get(provider_id):
                there = ", ".join(sorted(name for name, own in known.items() if own)) or "none"
                raise ScenarioError(
                    f"tiers: the catalogue has no provider {provider_id!r} with tiers; it has: "
                    f"{there}"
                )
            if tier not in known[provider_id]:
                there = ", ".join(known[provider_id])
                raise ScenarioError(
                    f"tiers: {provider_id!r} has no tier {tier!r}; the catalogue has: {there}"
                )
        return tiers

    @cached_property
    def own_limits(self) -> Mapping[str, Mapping[str, float]]:
        """What the user's accounts let through, by provider id and the limit's name.

        Raises ScenarioError for a provider that the catalogue does not have.
        """
        limits = self.scenario.own_limits
        strange = limits.keys() - {provider.id for provider in self.catalog.providers}
        if strange:
            raise ScenarioError(f"limits: the catalogue has no provider {min(strange)!r}")
        return limits

    @cached_property
    def _worked_out(self) -> dict[str, float]:
        return {}

    def once(self, name: str, number: Callable[[], float]) -> float:
        """A number that options need and that is the same for all: worked out for the first."""
        if name not in self._worked_out:
            self._worked_out[name] = number()
        return self._worked_out[name]

    @cached_property
    def _storage(self) -> dict[str | None, tuple[CostLine, ...]]:
        return {}

    def storage(self, model_id: str | None) -> tuple[CostLine, ...]:
        """What keeping the vectors of a model costs a month."""
        if model_id not in self._storage:
            model = self.catalog.model(model_id or "")
            self._storage[model_id] = storage_lines(model, self.scenario.vectors)
        return self._storage[model_id]

    def beside_api(self, model_id: str | None) -> tuple[CostLine, ...]:
        """What is due each month beside what an API bills: storage, and people's time."""
        usd = self.scenario.serverless.api_labour_usd_per_month
        return (*self.storage(model_id), *api_labour_lines(usd))
