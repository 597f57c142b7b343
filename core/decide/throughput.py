"""What one replica carries: published, predicted or measured; within the objective; in time."""

from dataclasses import dataclass, replace

from core.catalog.schema import Card, Catalog, ModelCard, Source
from core.decide.replica import (
    BYTES_PER_GB,
    BYTES_PER_WEIGHT,
    PARAMS_PER_MILLION,
    Replica,
    batch_time_of_rate,
    one_at_a_time,
    replica_of,
)
from core.decide.result import CapacityUsed
from core.decide.rhythm import rhythm_of
from core.decide.texts import TextLoad
from core.errors import ModelInputError
from core.measurement import EngineFit, Measurement
from core.scenario import Scenario
from core.serving.batch_time import BatchTime
from core.serving.capacity import tokens_per_month, usable_tokens_per_s
from core.serving.physics import ModelShape
from core.serving.throughput import (
    DEFAULT_TOKENS_PER_TEXT,
    Nominal,
    PublishedRate,
    nominal_throughput,
)


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
    card: Card,
    gpu_count: int,
    texts: TextLoad,
    scenario: Scenario,
    catalog: Catalog,
    published: PublishedRates,
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
    length = nominal.reference.tokens_per_text or DEFAULT_TOKENS_PER_TEXT
    time = batch_time_of_rate(nominal.tokens_per_s, length, model, card, scenario)
    replica = replica_of(time, texts, None, scenario, catalog.queue)
    used = _of_replica(replica, gpu_count, texts, scenario)
    carried = used.nominal_tokens_per_s / nominal.tokens_per_s
    return (
        replace(
            used,
            basis=nominal.basis,
            low_tokens_per_s=_scaled(nominal.low_tokens_per_s, carried),
            high_tokens_per_s=_scaled(nominal.high_tokens_per_s, carried),
            explanation=_explained(nominal, length, texts.tokens, gpu_count),
            source=published.source_of(nominal.reference),
        ),
        nominal.warning,
    )


def measured_capacity(
    measured: Measurement, texts: TextLoad, scenario: Scenario, catalog: Catalog
) -> CapacityUsed | None:
    """Capacity of this computer as it was measured; None where the run gave no rate.

    A sweep of batches gives its batch time; a probe of single texts a lower bound.
    """
    where = measured.subject.hardware or "this computer"
    if measured.fit is not None:
        time, most, said = _of_fit(measured.fit, texts.tokens)
    elif measured.summary.tokens_per_s:
        rate = measured.summary.tokens_per_s
        time, most = one_at_a_time(rate), 1
        said = (
            f"{measured.how} {rate:,.0f} tokens/s of {measured.subject.model} on {where}, one "
            "text at a time: a lower bound of what full batches would do."
        )
    else:
        return None
    replica = replica_of(time, texts, most, scenario, catalog.queue)
    used = _of_replica(replica, 1, texts, scenario)
    if measured.fit is not None:
        said = (
            f"Measured on {where}: {used.nominal_tokens_per_s:,.0f} tokens/s of "
            f"{measured.subject.model} in full batches of your texts, from {said}"
        )
    return replace(used, basis="measured", explanation=said)


def _of_fit(fit: EngineFit, tokens_per_text: float) -> tuple[BatchTime, int, str]:
    """The batch time, the most texts of this length that memory was seen to hold, and a remark."""
    all_repeats = fit.mean_over_fit
    time = BatchTime(
        all_repeats * fit.start_s,
        all_repeats * fit.floor_s,
        all_repeats * fit.per_token_s,
        fit.hidden,
    )
    said = (
        f"a batch time of {fit.start_s * 1e3:.3g} ms and {fit.per_token_s * 1e6:.3g} us a token "
        f"fitted to {fit.shapes} shapes (residual {fit.log_spread:.0%}), times {all_repeats:.3g}, "
        "the mean of all repeats over the quickest."
    )
    most = max(1, int(fit.largest_batch * fit.largest_batch_tokens / tokens_per_text))
    return time, most, said


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
    replica: Replica, gpu_count: int, texts: TextLoad, scenario: Scenario
) -> CapacityUsed:
    """What a replica of several cards carries, each with a queue of its own."""
    ceiling = scenario.hosting.utilisation_ceiling
    allowed = replica.load_at_objective
    load = ceiling if allowed is None else min(ceiling, allowed)
    full = replica.full_tokens_per_s * gpu_count
    usable = usable_tokens_per_s(full, load)
    peak = rhythm_of(scenario.workload).peak
    return CapacityUsed(
        nominal_tokens_per_s=full,
        usable_tokens_per_s=usable,
        tokens_per_month=tokens_per_month(usable / texts.processed_share, peak, scenario.calendar),
        basis="published",
        low_tokens_per_s=full,
        high_tokens_per_s=None,
        explanation="",
        source=None,
        replica=replica,
        cards=gpu_count,
        processed_share=texts.processed_share,
        peak=peak,
        binding="objective" if load < ceiling else "ceiling",
    )


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _explained(nominal: Nominal, length: float, own_length: float, gpu_count: int) -> str:
    said = nominal.explanation
    if abs(own_length / length - 1) > 1e-3:
        said += f" Carried from texts of {length:g} tokens to your {own_length:,.4g}."
    if gpu_count > 1:
        said += f" The instance has {gpu_count} cards, counted in full."
    return said
