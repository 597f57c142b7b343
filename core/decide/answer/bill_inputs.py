"""Where every number of a bill comes from: by the names that its lines give."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pydantic import BaseModel

from core.catalog.schema import ApiOffer, Catalog, PriceUnit, Source
from core.decide.case import Case
from core.decide.load.cut_vectors import kept_dimensions
from core.decide.load.text_load import text_load
from core.decide.options.api_option import price_used
from core.decide.options.machine import fleet_of
from core.decide.options.terms.account import free_words
from core.decide.options.terms.usage import texts_per_call
from core.decide.result.option import InputUsed, Option, PriceUsed
from core.scenario import Scenario, hybrid_parts, machine_id

_ASSUMPTIONS: Final[Mapping[tuple[str, str], str]] = {
    ("hosting", "labour_usd_per_month"): "labour-month",
    ("hosting", "usd_per_kwh"): "electricity-us-residential",
    ("hosting", "power_usage_effectiveness"): "pue-home",
    ("hosting", "idle_w"): "idle-power",
    ("hosting", "lifetime_months"): "card-lifetime",
    ("hosting", "utilisation_ceiling"): "utilisation-ceiling",
    ("hosting", "max_batch_tokens"): "max-batch-tokens",
    ("hosting", "batch_start_s"): "batch-start",
    ("workload", "peak_to_mean"): "peak-to-mean",
    ("workload", "characters_per_token"): "characters-per-token",
    ("serverless", "cold_start_s"): "cold-start",
    ("serverless", "cores"): "container-cores",
    ("serverless", "memory_gib"): "container-memory",
    ("vectors", "index_overhead"): "storage-index-overhead",
    ("vectors", "usd_per_gb_month"): "storage-price",
}
"""Rows of the catalogue behind the scenario's defaults."""

_FIELDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "tokens per request": ("workload", "tokens_per_request", "{:,g} tokens"),
    "peak-to-mean ratio": ("workload", "peak_to_mean", "{:g} x"),
    "share that can wait": ("workload", "deferrable_share", "{:.0%}"),
    "deadline of what can wait": ("workload", "deferrable_within_hours", "{:g} h"),
    "latency objective": ("objective", "slo_p95_s", "p95 within {:g} s"),
    "utilisation ceiling": ("hosting", "utilisation_ceiling", "{:.0%} of full batches"),
    "spare replicas": ("hosting", "spare_replicas", "{:d}"),
    "labour": ("hosting", "labour_usd_per_month", "${:,.2f} a month"),
    "electricity": ("hosting", "usd_per_kwh", "${:.4g}/kWh"),
    "PUE": ("hosting", "power_usage_effectiveness", "{:g}"),
    "set-up fee spread over": ("hosting", "lifetime_months", "{:d} months"),
    "card lifetime": ("hosting", "lifetime_months", "{:d} months"),
    "residual value": ("hosting", "residual_fraction", "{:.0%} of the price"),
    "discount rate": ("hosting", "discount_rate_per_year", "{:.1%} a year"),
    "egress": ("hosting", "egress_usd_per_gb", "${:g}/GB"),
    "idle time-out": ("serverless", "idle_timeout_s", "{:g} s"),
    "cores": ("serverless", "cores", "{:g} cores"),
    "memory": ("serverless", "memory_gib", "{:g} GiB"),
    "cold start": ("serverless", "cold_start_s", "{:g} s"),
    "vectors stored": ("vectors", "stored_millions", "{:,g} million"),
    "stored as": ("vectors", "kept_as", "{}"),
    "index on top": ("vectors", "index_overhead", "{:g} times the vectors"),
    "storage price": ("vectors", "usd_per_gb_month", "${:g}/GB a month"),
    "replicas of the store": ("vectors", "store_replicas", "{:d}"),
    "price of such a replica": ("vectors", "usd_per_store_replica", "${:,.2f} a month"),
    "API labour": ("serverless", "api_labour_usd_per_month", "${:,.2f} a month"),
}
"""Name -> section and field of the scenario, and how its value is written."""

_VOLUME: Final = ("workload", "requests_per_day", "{:,g} requests/day")
"""The same of what is asked, before a cache of one's own."""

_TEXTS_PER_CALL: Final = ("serverless", "items_per_call", "{:d}")
"""The same of a provider that takes as many."""

_IDLE_POWER: Final = ("hosting", "idle_w", "{:g} W")
"""The same of a card that was not measured."""

UNIT_WORDS: Final = {unit: unit.words for unit in PriceUnit}


def inputs_of(option: Option, case: Case) -> tuple[InputUsed, ...]:
    """Every input that a bill of this option may name, with its value and its origin."""
    return _Inputs(option, case.scenario, case.catalog, case.own_prices).all()


@dataclass(frozen=True, slots=True)
class _Inputs:
    """The inputs of one option."""

    option: Option
    scenario: Scenario
    catalog: Catalog
    own_prices: Mapping[str, float]

    def all(self) -> tuple[InputUsed, ...]:
        """Fields of the scenario, then what the catalogue, a measurement or a sum gives."""
        return (
            *(self._of_field(name, place) for name, place in _FIELDS.items()),
            *self._of_machine(),
            self._volume(),
            _price_input("price", self.option.price),
            _price_input("price of the GPU", self.option.price),
            self._price_of_api(),
            self._texts_per_call(),
            self._throughput(),
            self._card_power(),
            self._idle_power(),
            self._dimensions(),
            self._calendar(),
            self._profile(),
            self._of_price("batch price", "batch_usd"),
            self._of_price("fixed fee", "usd_fixed_per_month"),
            self._of_price("minimum", "usd_minimum_per_month"),
            self._of_price("fee of a call", "usd_per_call"),
            *self._of_plan(),
        )

    def _of_field(self, name: str, place: tuple[str, str, str]) -> InputUsed:
        section, field, pattern = place
        values: BaseModel = getattr(self.scenario, section)
        value = getattr(values, field)
        default = type(values).model_fields[field].default
        if value != default:
            return InputUsed(name, pattern.format(value), "yours")
        source = self._assumed(section, field)
        return InputUsed(name, pattern.format(value), "default", source)

    def _volume(self) -> InputUsed:
        """What is asked, and what of it a cache of one's own answers."""
        asked, share = self._of_field("volume", _VOLUME), self.scenario.workload.cached_share
        if share == 0:
            return asked
        value = f"{asked.value}, {share:.3g} of them answered from your own cache"
        return replace(asked, value=value, origin="yours")

    def _of_machine(self) -> Iterator[InputUsed]:
        """What holds of this machine instead of the scenario's word for all."""
        owned, many = self.option.owned, self.option.many
        if owned is not None and owned.life_months != self.scenario.hosting.lifetime_months:
            yield InputUsed("card lifetime", f"{owned.life_months:d} months", "yours", owned.source)
        if many is not None:
            spare = fleet_of(self.scenario.hosting, many).spare_replicas
            yield InputUsed("spare replicas", f"{spare:d} of {many:d} that there are", "yours")

    def _assumed(self, section: str, field: str) -> Source | None:
        """The row behind a default; a catalogue of one's own need not have it."""
        wanted = _ASSUMPTIONS.get((section, field))
        return next((row.source for row in self.catalog.assumptions if row.id == wanted), None)

    def _priced_api(self, option_id: str) -> ApiOffer | None:
        """An API's offer with its price; None where it has none by the day that is asked."""
        sold = self.catalog.find_api(option_id)
        return sold[1] if sold and sold[1].prices else None

    def _price_of_api(self) -> InputUsed:
        parts = hybrid_parts(self.option.id)
        offer = self._priced_api(parts[1]) if parts else None
        if offer is None or parts is None:
            return InputUsed("price of the API", "none", "catalogue")
        used = price_used(offer.price, self.own_prices.get(machine_id(parts[1])))
        return _price_input("price of the API", used)

    def _texts_per_call(self) -> InputUsed:
        name, asked = "texts per call", self.scenario.serverless
        offer = self._priced_api(self.option.id)
        tokens = text_load(self.scenario.workload, self.option.max_tokens).tokens
        taken = texts_per_call(offer, asked, tokens) if offer else asked.items_per_call
        if offer is None or taken == asked.items_per_call:
            return self._of_field(name, _TEXTS_PER_CALL)
        value = f"{taken}, the most that it takes of your {asked.items_per_call}"
        return InputUsed(name, value, "catalogue", offer.price.source)

    def _throughput(self) -> InputUsed:
        capacity = self.option.capacity
        if capacity is None:
            return InputUsed("throughput", "unknown", "catalogue")
        value = f"{capacity.nominal_tokens_per_s:,.0f} tokens/s in full batches, {capacity.basis}"
        source = capacity.source
        origin = "measured" if capacity.basis == "measured" else _origin(source)
        if capacity.vcpus_assumed is not None:
            value += f", beside {capacity.vcpus_assumed:g} vCPUs, assumed"
            source = source or self.catalog.assumption("vcpus-per-card").source
        return InputUsed("throughput", value, origin, source)

    def _card_power(self) -> InputUsed:
        option = self.option
        if option.power is not None:
            value = f"{option.power.active_w:.4g} W at full batches, read by {option.power.source}"
            return InputUsed("card power", value, "measured")
        if option.owned is None:
            return InputUsed("card power", "not billed", "catalogue")
        value, source = f"{option.owned.active_w:g} W at full load", option.owned.source
        return InputUsed("card power", value, _origin(source), source)

    def _idle_power(self) -> InputUsed:
        power = self.option.power
        owned = self.option.owned
        if power is None and owned is not None and owned.idle_w != self.scenario.hosting.idle_w:
            return InputUsed("idle power", f"{owned.idle_w:g} W", "yours", owned.source)
        if power is None:
            return self._of_field("idle power", _IDLE_POWER)
        return InputUsed("idle power", f"{power.idle_w:.4g} W, read by {power.source}", "measured")

    def _dimensions(self) -> InputUsed:
        model = self.catalog.model(self.option.model or "")
        if model is None or model.dims is None:
            return InputUsed("dimensions", "unknown", "catalogue")
        dimensions = kept_dimensions(model, self.scenario.vectors.dimensions)
        value = f"{dimensions.dims:,}" + (f" ({dimensions.why})" if dimensions.why else "")
        return InputUsed("dimensions", value, "catalogue", model.source)

    def _calendar(self) -> InputUsed:
        calendar = self.scenario.calendar
        days, hours = calendar.days_per_month, calendar.hours_per_month
        return InputUsed("calendar", f"{days:.6g} days, {hours:g} h a month", "default")

    def _profile(self) -> InputUsed:
        weights = self.scenario.workload.hour_weights
        if weights:
            return InputUsed("load profile", f"{len(weights)} hours of your own", "yours")
        peak = self.scenario.workload.busy_hour_to_mean
        smooth = f"a smooth day, busy hour {peak:g} x the mean"
        return InputUsed("load profile", smooth, "default")

    def _of_price(self, name: str, field: str) -> InputUsed:
        """An extra of the price row itself."""
        offer = self._priced_api(self.option.id)
        usd = getattr(offer.price, field) if offer else None
        source = offer.price.source if offer else None
        value = "none" if usd is None else f"${float(usd):,.9g}"
        return InputUsed(name, value, "catalogue", source)

    def _of_plan(self) -> Iterator[InputUsed]:
        """The plan that the provider asks for, and what it gives."""
        sold = self.catalog.find_api(self.option.id) or self.catalog.find_machine(self.option.id)
        plan = sold[0].plan_for(sold[1].id, sells_more=True) if sold else None
        if plan is None:
            return
        fee = f"${plan.usd_per_month or 0:,.2f} a month, {plan.name}"
        yield InputUsed("plan", fee, "catalogue", plan.source)
        if plan.free is not None:
            yield InputUsed("free use", free_words(plan.free), "catalogue", plan.source)


def _price_input(name: str, price: PriceUsed) -> InputUsed:
    unit = UNIT_WORDS[price.unit] if price.unit else "to buy"
    value = "unknown" if price.usd is None else f"${price.usd:,.9g} {unit}"
    value += f", {price.said}" if price.said else ""
    return InputUsed(name, value, "yours" if price.is_yours else "catalogue", price.source)


def _origin(source: Source | None) -> str:
    return "yours" if source is not None and source.is_yours else "catalogue"
