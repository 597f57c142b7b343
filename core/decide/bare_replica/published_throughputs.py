"""What the catalogue has of published throughputs, and of what predicts others."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    said: Mapping[tuple[str, str], tuple[PublishedRate, Source]] = field(default_factory=dict)
    """What is known of one machine, by its option id and the model; the newest of each."""

    def said_of(self, machine: str, model_id: str) -> PublishedRate | None:
        """The rate that somebody knows of this very machine."""
        known = self.said.get((machine, model_id))
        return None if known is None else known[0]

    def source_of(self, rate: PublishedRate) -> Source:
        """Who says so."""
        if rate in self.rates:
            return self.sources[self.rates.index(rate)]
        return self.said[rate.card, rate.model][1]


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
                batch_texts=row.batch_texts,
            )
        )
        sources.append(row.source)
    return PublishedRates(tuple(rates), tuple(sources), _said(catalog))


def _said(catalog: Catalog) -> dict[tuple[str, str], tuple[PublishedRate, Source]]:
    """Usable rates of single machines; of two of one machine and model the newer holds."""
    newest: dict[tuple[str, str], tuple[PublishedRate, Source]] = {}
    rows = [row for row in catalog.throughputs if row.usable and row.machine is not None]
    for row in sorted(rows, key=lambda row: (row.source.as_of, row.source.read)):
        if row.machine is None or row.tokens_per_s is None:
            continue
        length, batch = row.tokens_per_text, row.batch_texts
        rate = PublishedRate(row.model, row.machine, row.server, row.tokens_per_s, length, batch)
        newest[row.machine, row.model] = rate, row.source
    return newest


def _unit_of(row: Throughput, catalog: Catalog) -> tuple[str, int] | None:
    """Id of the card, or of the vCPU, that a rate is of, and how many worked together."""
    card = catalog.card(row.card) if row.card else None
    if card is not None:
        return card.id, row.gpu_count
    cpu = catalog.cpu(row.cpu) if row.cpu else None
    if cpu is None or cpu.fp32_tflops is None or row.vcpus is None:
        return None
    return cpu.id, row.vcpus
