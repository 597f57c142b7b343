"""What the catalogue has of published throughputs, and of what predicts others."""

from dataclasses import dataclass

from core.catalog.schema import Catalog, ModelCard, Source
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
    """Every usable row on a known card, per card."""
    rates, sources = [], []
    for row in catalog.throughputs:
        card = catalog.card(row.card) if row.card else None
        if not row.usable or card is None:
            continue
        rates.append(
            PublishedRate(
                model=row.model,
                card=card.id,
                server=row.server,
                tokens_per_s=row.tokens_per_s / row.gpu_count,
                tokens_per_text=row.tokens_per_text,
            )
        )
        sources.append(row.source)
    return PublishedRates(tuple(rates), tuple(sources))
