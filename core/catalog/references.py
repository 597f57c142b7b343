"""What one row alone cannot show: ids are unique, and every reference points at something."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.catalog.schema import Catalog
from core.errors import CatalogError


def check_references(catalog: Catalog) -> None:
    """Raise CatalogError at the first id that is given twice or points at nothing."""
    _unique("cards.toml", (card.id for card in catalog.cards))
    _unique("cpus.toml", (cpu.id for cpu in catalog.cpus))
    _unique("currencies.toml", (currency.id for currency in catalog.currencies))
    _unique("models.toml", (model.id for model in catalog.models))
    _unique("assumptions.toml", (row.id for row in catalog.assumptions))
    known = _Known.of(catalog)
    _check_offers(catalog, known)
    _check_throughputs(catalog, known)
    for i, score in enumerate(catalog.scores):
        known.model(f"quality.toml, scores[{i}]", score.model)
    _check_latencies(catalog)


def _check_offers(catalog: Catalog, known: "_Known") -> None:
    for provider in catalog.providers:
        for api in provider.api_offers:
            where = f"{provider.id}.toml, api_offers ({api.id})"
            known.model(where, api.model)
            known.card(where, api.card)
        for machine in provider.machines:
            where = f"{provider.id}.toml, machines ({machine.id})"
            known.card(where, machine.card)
            known.cpu(where, machine.cpu)


def _check_throughputs(catalog: Catalog, known: "_Known") -> None:
    for i, row in enumerate(catalog.throughputs):
        where = f"throughput.toml, throughputs[{i}]"
        known.model(where, row.model)
        known.card(where, row.card)
        known.cpu(where, row.cpu)
        if row.machine is not None and catalog.find_machine(row.machine) is None:
            raise CatalogError(
                f"{where}: machine {row.machine!r} is rented by no provider here: correct it to "
                "<provider>/<machine>, or add the machine"
            )


def _check_latencies(catalog: Catalog) -> None:
    options = set(catalog.option_ids())
    for i, row in enumerate(catalog.latencies):
        if row.option not in options:
            raise CatalogError(
                f"latency.toml, latencies[{i}]: option {row.option!r} is sold by no provider "
                "here: correct it to <provider>/<offer>, or add the offer"
            )


@dataclass(frozen=True, slots=True)
class _Known:
    """Ids that may be referred to."""

    models: frozenset[str]
    cards: frozenset[str]
    cpus: frozenset[str]

    @classmethod
    def of(cls, catalog: Catalog) -> "_Known":
        """Those of a catalogue."""
        rows = (catalog.models, catalog.cards, catalog.cpus)
        return cls(*(frozenset(row.id for row in each) for each in rows))

    def model(self, where: str, model_id: str | None) -> None:
        """Raise CatalogError for one that is not there."""
        _is_there(where, "model", model_id, self.models, "models.toml")

    def card(self, where: str, card_id: str | None) -> None:
        """Raise CatalogError for one that is not there."""
        _is_there(where, "card", card_id, self.cards, "cards.toml")

    def cpu(self, where: str, cpu_id: str | None) -> None:
        """Raise CatalogError for one that is not there."""
        _is_there(where, "cpu", cpu_id, self.cpus, "cpus.toml")


def _is_there(where: str, what: str, name: str | None, ids: frozenset[str], file: str) -> None:
    if name is not None and name not in ids:
        raise CatalogError(
            f"{where}: {what} {name!r} is not in {file}: add it there, or correct the id"
        )


def _unique(file: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for i in ids:
        if i in seen:
            raise CatalogError(f"{file}: two rows have the id {i!r}: rename or remove one")
        seen.add(i)
