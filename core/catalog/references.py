"""What one row alone cannot show: ids are unique, and every reference points at something."""

from collections.abc import Iterable

from core.catalog.schema import Catalog
from core.errors import CatalogError


def check_references(catalog: Catalog) -> None:
    """Raise CatalogError at the first id that is given twice or points at nothing."""
    _unique("cards.toml", (card.id for card in catalog.cards))
    _unique("cpus.toml", (cpu.id for cpu in catalog.cpus))
    _unique("currencies.toml", (currency.id for currency in catalog.currencies))
    _unique("models.toml", (model.id for model in catalog.models))
    _unique("assumptions.toml", (row.id for row in catalog.assumptions))
    _check_offers(catalog)
    _check_throughputs(catalog)
    for i, score in enumerate(catalog.scores):
        _known_model(catalog, f"quality.toml, scores[{i}]", score.model)
    _check_latencies(catalog)


def _check_offers(catalog: Catalog) -> None:
    for provider in catalog.providers:
        for api in provider.api_offers:
            where = f"{provider.id}.toml, api_offers ({api.id})"
            _known_model(catalog, where, api.model)
            _known_card(catalog, where, api.card)
        for machine in provider.machines:
            where = f"{provider.id}.toml, machines ({machine.id})"
            _known_card(catalog, where, machine.card)
            _known_cpu(catalog, where, machine.cpu)


def _check_throughputs(catalog: Catalog) -> None:
    for i, row in enumerate(catalog.throughputs):
        where = f"throughput.toml, throughputs[{i}]"
        _known_model(catalog, where, row.model)
        _known_card(catalog, where, row.card)
        _known_cpu(catalog, where, row.cpu)


def _check_latencies(catalog: Catalog) -> None:
    options = set(catalog.option_ids())
    for i, row in enumerate(catalog.latencies):
        if row.option not in options:
            raise CatalogError(
                f"latency.toml, latencies[{i}]: option {row.option!r} is sold by no provider "
                "here: correct it to <provider>/<offer>, or add the offer"
            )


def _known_model(catalog: Catalog, where: str, model_id: str | None) -> None:
    if model_id is not None and catalog.model(model_id) is None:
        raise CatalogError(
            f"{where}: model {model_id!r} is not in models.toml: add it there, or correct the id"
        )


def _known_card(catalog: Catalog, where: str, card_id: str | None) -> None:
    if card_id is not None and catalog.card(card_id) is None:
        raise CatalogError(
            f"{where}: card {card_id!r} is not in cards.toml: add it there, or correct the id"
        )


def _known_cpu(catalog: Catalog, where: str, cpu_id: str | None) -> None:
    if cpu_id is not None and catalog.cpu(cpu_id) is None:
        raise CatalogError(
            f"{where}: cpu {cpu_id!r} is not in cpus.toml: add it there, or correct the id"
        )


def _unique(file: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for i in ids:
        if i in seen:
            raise CatalogError(f"{file}: two rows have the id {i!r}: rename or remove one")
        seen.add(i)
