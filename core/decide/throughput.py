"""From catalogue rows to the capacity of one replica."""

from dataclasses import dataclass

from core.catalog.schema import Card, Catalog, ModelCard, Source
from core.decide.result import CapacityUsed
from core.errors import ModelInputError
from core.measurement import Measurement
from core.scenario import Scenario
from core.serving.capacity import tokens_per_month, usable_tokens_per_s
from core.serving.physics import ModelShape
from core.serving.throughput import Nominal, PublishedRate, nominal_throughput

PARAMS_PER_MILLION = 1e6
BYTES_PER_WEIGHT = 2
"""fp16 or bf16, which the published rates and the cards' tensor peaks are for."""
BYTES_PER_GB = 1e9


def shape_of(model: ModelCard | None) -> ModelShape | None:
    """What a model's work for a token depends on; None where the catalogue does not know."""
    if model is None or model.mixture_of_experts:
        return None
    if model.params_non_embedding_m is None or model.layers is None or model.hidden is None:
        return None
    return ModelShape(model.params_non_embedding_m * PARAMS_PER_MILLION, model.layers, model.hidden)


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
                shape=shape_of(catalog.model(row.model)),
                dense_tflops=card.dense_tflops,
            )
        )
        sources.append(row.source)
    return PublishedRates(tuple(rates), tuple(sources))


def card_capacity(
    card: Card, gpu_count: int, scenario: Scenario, catalog: Catalog, published: PublishedRates
) -> tuple[CapacityUsed, str]:
    """Capacity of a replica of ``gpu_count`` cards with the scenario's model, and any doubt.

    Raises ModelInputError with a sentence where no capacity can be stated.
    """
    model_id = scenario.hosting.model
    model = catalog.model(model_id)
    _check_fits(model, card)
    nominal = nominal_throughput(
        model_id, card.id, shape_of(model), card.dense_tflops, published.rates
    )
    if nominal is None:
        raise ModelInputError(
            f"No throughput of {model_id} on {card.name} is published, and none can be predicted: "
            "its size per token is not known. Choose another model for self-hosting."
        )
    return _of_replica(nominal, gpu_count, scenario, published), nominal.warning


def measured_capacity(measured: Measurement, scenario: Scenario) -> CapacityUsed | None:
    """Capacity of this computer as the probe saw it; None where the run gave no rate."""
    rate = measured.summary.tokens_per_s
    if not rate:
        return None
    where = measured.subject.hardware or "this computer"
    explanation = (
        f"Measured {rate:,.0f} tokens/s of {measured.subject.model} on {where}, one text at a "
        "time: a lower bound of what full batches would do."
    )
    usable = usable_tokens_per_s(rate, scenario.hosting.utilisation_ceiling)
    volume = tokens_per_month(usable, scenario.workload.peak_to_mean, scenario.calendar)
    return CapacityUsed(rate, usable, volume, "measured", rate, None, explanation, source=None)


def _check_fits(model: ModelCard | None, card: Card) -> None:
    if model is None or model.params_total_m is None:
        return
    weights_gb = model.params_total_m * PARAMS_PER_MILLION * BYTES_PER_WEIGHT / BYTES_PER_GB
    if weights_gb > card.memory_gb:
        raise ModelInputError(
            f"The weights of {model.id} take {weights_gb:.1f} GB in fp16; {card.name} has "
            f"{card.memory_gb:g} GB. Choose a larger card or a smaller model."
        )


def _of_replica(
    nominal: Nominal, gpu_count: int, scenario: Scenario, published: PublishedRates
) -> CapacityUsed:
    rate = nominal.tokens_per_s * gpu_count
    usable = usable_tokens_per_s(rate, scenario.hosting.utilisation_ceiling)
    low, high = nominal.low_tokens_per_s, nominal.high_tokens_per_s
    explanation = nominal.explanation
    if gpu_count > 1:
        explanation += f" The instance has {gpu_count} cards, counted in full."
    return CapacityUsed(
        nominal_tokens_per_s=rate,
        usable_tokens_per_s=usable,
        tokens_per_month=tokens_per_month(
            usable, scenario.workload.peak_to_mean, scenario.calendar
        ),
        basis=nominal.basis,
        low_tokens_per_s=None if low is None else low * gpu_count,
        high_tokens_per_s=None if high is None else high * gpu_count,
        explanation=explanation,
        source=published.source_of(nominal.reference),
    )
