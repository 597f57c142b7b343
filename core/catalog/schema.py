"""The whole catalogue and its look-ups; the types of its rows come from the modules beside.

A row without its provenance does not load. All types are frozen pydantic models that forbid
unknown keys: a misspelt key is an error, not a silently missing price. A price stays a Decimal,
as quoted, until an estimate begins. Unknown is absent (None), never 0.
"""

from collections.abc import Container, Mapping
from datetime import date

from pydantic import ConfigDict, Field, SkipValidation

from core.catalog.rows.account_plans import Allowance, Credit, Plan
from core.catalog.rows.currencies import Currency
from core.catalog.rows.facts import (
    Assumption,
    Benchmark,
    Card,
    Conflict,
    Cpu,
    ModelCard,
    PublishedLatency,
    QualityScore,
)
from core.catalog.rows.limits import NO_LIMIT, YOURS, RateLimit
from core.catalog.rows.offers import ApiOffer, Endpoint, MachineOffer, Provider, WireFormat
from core.catalog.rows.prices import Price, PriceUnit, Tier
from core.catalog.rows.provenance import Confidence, Row, Source, SourceKind
from core.catalog.rows.rate_rows import RateKind, Throughput
from core.catalog.rows.regions import Area, Region
from core.catalog.rows.request_fields import AUTHORIZATION, header_of_key
from core.errors import CatalogError
from core.scenario import OWNED_PREFIX, THIS_MACHINE, machine_and_model, machine_id
from core.serving.queue.queue_table import QueueTable

__all__ = [
    "AUTHORIZATION",
    "NO_LIMIT",
    "YOURS",
    "Allowance",
    "ApiOffer",
    "Area",
    "Assumption",
    "Benchmark",
    "Card",
    "Catalog",
    "Confidence",
    "Conflict",
    "Cpu",
    "Credit",
    "Currency",
    "Endpoint",
    "MachineOffer",
    "ModelCard",
    "Plan",
    "Price",
    "PriceUnit",
    "Provider",
    "PublishedLatency",
    "QualityScore",
    "RateKind",
    "RateLimit",
    "Region",
    "Source",
    "SourceKind",
    "Throughput",
    "Tier",
    "WireFormat",
    "header_of_key",
]


class Catalog(Row):
    """Everything known, as loaded. Ids are unique; every reference points at something."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    providers: tuple[Provider, ...]
    cards: tuple[Card, ...]
    cpus: tuple[Cpu, ...] = ()
    currencies: tuple[Currency, ...] = ()
    models: tuple[ModelCard, ...]
    scores: tuple[QualityScore, ...]
    throughputs: tuple[Throughput, ...]
    latencies: tuple[PublishedLatency, ...]
    assumptions: tuple[Assumption, ...]
    conflicts: tuple[Conflict, ...] = ()
    own_providers: frozenset[str] = frozenset()
    """Ids of those that the user has added: what they sell is his."""
    own_cards: frozenset[str] = frozenset()
    """Ids of the cards that the user has added."""
    queue: SkipValidation[QueueTable] = Field(repr=False)
    """Response times of a batching replica, solved once: shipped beside the facts."""

    def sold_in(self, area: str) -> "Catalog":
        """The catalogue with the prices of an area, a key of `Area`; "": as it is."""
        if not area:
            return self
        providers = tuple(provider.sold_in(area) for provider in self.providers)
        return self.model_copy(update={"providers": providers})

    def less(self, discounts: Mapping[str, float]) -> "Catalog":
        """The catalogue less discounts of one's own, shares by provider id."""
        if not discounts:
            return self
        providers = tuple(
            provider.less(discounts[provider.id]) if discounts.get(provider.id) else provider
            for provider in self.providers
        )
        return self.model_copy(update={"providers": providers})

    def as_of(self, day: date | None, own: Container[str] = ()) -> "Catalog":
        """The catalogue with each offer's newest price of a day; None: as it is.

        A price counts from the first day of its source's date: "2026-06" from 1 June, "2026" from
        1 January. An offer without a price by then has none. ``own``: option ids with a price of
        the user's own, which keep the unit.
        """
        if day is None:
            return self
        providers = tuple(provider.as_of(day, own) for provider in self.providers)
        return self.model_copy(update={"providers": providers})

    def find_api(self, option_id: str) -> tuple[Provider, ApiOffer] | None:
        """The API offer behind ``<provider>/<offer>``, with its provider.

        ``<provider>/<offer>@<model>`` only where the offer runs any model: most sell their own.
        """
        called, model_id = machine_and_model(option_id)
        provider = self._provider_of(called)
        if provider is None:
            return None
        offer_id = called.partition("/")[2]
        offer = next((o for o in provider.api_offers if o.id == offer_id), None)
        if offer is None or (model_id is not None and offer.model is not None):
            return None
        return provider, offer

    def find_machine(self, option_id: str) -> tuple[Provider, MachineOffer] | None:
        """The rented machine behind ``<provider>/<offer>``, with any model on it or none named."""
        rented = machine_id(option_id)
        provider = self._provider_of(rented)
        if provider is None:
            return None
        offer_id = rented.partition("/")[2]
        return next(((provider, o) for o in provider.machines if o.id == offer_id), None)

    def _provider_of(self, option_id: str) -> Provider | None:
        provider_id = option_id.partition("/")[0]
        return next((p for p in self.providers if p.id == provider_id), None)

    def is_own(self, option_id: str) -> bool:
        """Whether an option is one that the user has added."""
        machine = machine_id(option_id)
        if machine.startswith(OWNED_PREFIX):
            return machine.removeprefix(OWNED_PREFIX) in self.own_cards
        return machine.partition("/")[0] in self.own_providers

    def card(self, card_id: str) -> Card | None:
        """The card with this id."""
        return next((c for c in self.cards if c.id == card_id), None)

    def owned_card(self, option_id: str) -> Card | None:
        """The card behind ``owned/<card>``, with any model on it or none named."""
        owned = machine_id(option_id)
        if not owned.startswith(OWNED_PREFIX):
            return None
        return self.card(owned.removeprefix(OWNED_PREFIX))

    def cpu(self, cpu_id: str) -> Cpu | None:
        """The kind of processor with this id."""
        return next((c for c in self.cpus if c.id == cpu_id), None)

    def model(self, model_id: str) -> ModelCard | None:
        """The model with this id."""
        return next((m for m in self.models if m.id == model_id), None)

    def longest_text(self, offer: ApiOffer, model_id: str | None) -> int | None:
        """Tokens of a text that an offer with this model reads; None where nobody says."""
        model = self.model(model_id or "")
        return offer.max_tokens or (None if model is None else model.max_tokens)

    def shares_space(self, one: str | None, other: str | None) -> bool:
        """Whether vectors of two models may stand in one index: one model, or one declared space.

        False where either is not named, for nobody says that they do.
        """
        if one is None or other is None:
            return False
        spaces = [model.vector_space if model else None for model in map(self.model, (one, other))]
        return one == other or (spaces[0] is not None and spaces[0] == spaces[1])

    def scores_of(self, *model_ids: str) -> dict[Benchmark, tuple[QualityScore, ...]]:
        """Scores of these models in the benchmarks that have one of each; the newest of each.

        A benchmark that lacks one of them is left out: its scores could only be set beside those
        of another test. Benchmarks in their order, models in the order asked.
        """
        scores: dict[Benchmark, tuple[QualityScore, ...]] = {}
        for benchmark in Benchmark:
            rows = [self.score(model_id, benchmark) for model_id in model_ids]
            whole = tuple(row for row in rows if row is not None)
            if rows and len(whole) == len(rows):
                scores[benchmark] = whole
        return scores

    def score(self, model_id: str, benchmark: Benchmark) -> QualityScore | None:
        """The newest score of a model in a benchmark; None: nobody published one."""
        rows = [s for s in self.scores if (s.model, s.benchmark) == (model_id, benchmark)]
        return max(rows, key=lambda row: row.source.as_of, default=None)

    def latency(self, option_id: str) -> PublishedLatency | None:
        """The newest latency that somebody published of this option."""
        rows = [row for row in self.latencies if row.option == machine_id(option_id)]
        return max(rows, key=lambda row: row.source.as_of, default=None)

    def assumption(self, assumption_id: str) -> Assumption:
        """The assumption with this id.

        Raises CatalogError where there is none: the product cannot do without it.
        """
        for row in self.assumptions:
            if row.id == assumption_id:
                return row
        raise CatalogError(f"assumptions.toml has no row with id {assumption_id!r}: add it")

    def option_ids(self) -> tuple[str, ...]:
        """Everything that can be compared: APIs, rented machines, cards to buy, this computer."""
        apis = [f"{p.id}/{offer.id}" for p in self.providers for offer in p.api_offers]
        rented = [f"{p.id}/{offer.id}" for p in self.providers for offer in p.machines]
        owned = [f"{OWNED_PREFIX}{card.id}" for card in self.cards if card.usd_new is not None]
        return (*apis, *rented, *owned, THIS_MACHINE)
