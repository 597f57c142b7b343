"""What the catalogue has of published throughputs, and of what predicts others."""

from dataclasses import dataclass

from core.catalog.schema import Catalog, ModelCard, Source, Throughput
from core.decide.bare_replica.replica import PARAMS_PER_MILLION
from core.serving.batch.physics import ModelShape
from core.serving.law.published_rates import PublishedRate


def shape_of(model: ModelCard | None) -> ModelShape | None:
    """What a model's work for a token depends on; None where its weights are not known.

    A mixture of experts works with its active weights and stores them all.
    """
    if model is None or model.params_non_embedding_m is None:
        return None
    stored = model.params_non_embedding_m * PARAMS_PER_MILLION
    if not model.mixture_of_experts:
        return ModelShape(stored, model.layers, model.hidden)
    if model.params_active_m is None:
        return None
    active = model.params_active_m * PARAMS_PER_MILLION
    return ModelShape(active, model.layers, model.hidden, params_stored=stored)


@dataclass(frozen=True, slots=True)
class PublishedRates:
    """The usable published rates of the catalogue, each with its source."""

    rates: tuple[PublishedRate, ...]
    sources: tuple[Source, ...]

    def source_of(self, rate: PublishedRate) -> Source:
        """Who says so."""
        return self.sources[self.rates.index(rate)]


def published_rates(catalog: Catalog) -> PublishedRates:
    """Every usable row on a known card, per card, or on a known processor, per vCPU."""
    rates, sources = [], []
    for row in catalog.throughputs:
        unit = _unit_of(row, catalog)
        if not row.usable or unit is None or row.tokens_per_s is None:
            continue
        name, units = unit
        rates.append(
            PublishedRate(
                model=row.model,
                card=name,
                server=row.server,
                tokens_per_s=row.tokens_per_s / units,
                tokens_per_text=row.tokens_per_text,
            )
        )
        sources.append(row.source)
    return PublishedRates(tuple(rates), tuple(sources))


def _unit_of(row: Throughput, catalog: Catalog) -> tuple[str, int] | None:
    """Id of the card, or of the vCPU, that a rate is of, and how many worked together."""
    card = catalog.card(row.card) if row.card else None
    if card is not None:
        return card.id, row.gpu_count
    cpu = catalog.cpu(row.cpu) if row.cpu else None
    if cpu is None or cpu.fp32_tflops is None or row.vcpus is None:
        return None
    return cpu.id, row.vcpus
