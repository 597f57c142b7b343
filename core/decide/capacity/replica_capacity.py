"""What one replica carries: published, predicted or measured; within the objective; in time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from core.catalog.schema import Card, Catalog, ModelCard
from core.decide.bare_replica.published_throughputs import shape_of
from core.decide.bare_replica.replica import (
    PARAMS_PER_MILLION,
    most_texts_in_batch,
    one_at_a_time,
    replica_of,
)
from core.decide.capacity.seen_loads import allowed_load
from core.decide.case import Case
from core.decide.load.text_load import TextLoad
from core.decide.result.option import CapacityUsed
from core.decide.result.replica_used import LEVEL, Replica
from core.errors import ModelInputError
from core.grade import Grade
from core.measurement.measured import Measurement
from core.measurement.server_fit import SERVER
from core.measurement.sweep import EngineFit
from core.serving.batch.batch_time import BatchTime
from core.serving.batch.month_capacity import tokens_per_month, usable_tokens_per_s
from core.serving.law.batch_law import BYTES_PER_WEIGHT, Machine
from core.serving.law.near_rows import has_server, why_far
from core.serving.law.published_rates import SERVED, Nominal, PublishedRate, nominal_throughput
from core.serving.response.varied import VariedTexts
from core.units import BYTES_PER_GB, Calendar

NO_TIME_S: Final = 1e-6
"""No text is embedded within it: what is left of an objective that the network alone exceeds."""


def card_nominal(
    model_id: str,
    card: Card,
    vcpus: float | None,
    catalog: Catalog,
    rates: Sequence[PublishedRate],
) -> Nominal:
    """How quick one card beside so many vCPUs is with a model.

    ``vcpus`` None: as many as the catalogue assumes.
    Raises ModelInputError with a sentence where that cannot be stated.
    """
    model = catalog.model(model_id)
    if unfit := unfit_reason(model, card):
        raise ModelInputError(unfit)
    nominal = nominal_on(model_id, card, vcpus, catalog, rates)
    if nominal is None:
        raise ModelInputError(
            f"No throughput of {model_id} on {card.name} is published, and none can be "
            f"predicted: {_unpredictable(card)}. Choose another model for self-hosting."
        )
    far = _far(nominal, card, vcpus, model, catalog)
    return replace(nominal, warning="; ".join(filter(None, (nominal.warning, far))))


def of_nominal(
    nominal: Nominal, card_count: int, case: Case, network_s: float = 0.0
) -> CapacityUsed:
    """What a replica carries of the scenario's texts, from the time of its batches.

    ``card_count``: as many of them work side by side, each with a queue of its own.
    ``network_s``: there and back between who asks and the machine, s.
    """
    hosting, texts = case.scenario.hosting, case.hosted_texts
    time = replace(nominal.time, start_s=hosting.batch_start_s)
    used = _capacity(time, None, card_count, texts, case, network_s=network_s)
    rate, published = used.nominal_tokens_per_s, nominal.reference
    return replace(
        used,
        basis=nominal.basis,
        low_tokens_per_s=rate * nominal.low_share,
        high_tokens_per_s=rate * nominal.high_share,
        explanation=_explained(nominal, texts.tokens, card_count),
        source=None if published is None else case.published.source_of(published),
        vcpus_assumed=nominal.vcpus_assumed,
        slowest_alone_s=_alone_s(time.slower(1 / nominal.low_share), texts) + network_s,
    )


def _alone_s(time: BatchTime, texts: TextLoad) -> float:
    """p95 of texts that find the machine idle, s."""
    return float(np.quantile(VariedTexts(time, texts.lengths).alone_s, LEVEL))


def _far(
    nominal: Nominal, card: Card, vcpus: float | None, model: ModelCard | None, catalog: Catalog
) -> str:
    """Whether a prediction lies far from all that the law was fitted to; "" where it does not."""
    shape = shape_of(model)
    if nominal.basis != "predicted" or shape is None:
        return ""
    return why_far(card.name, shape, machine_of(card, vcpus, catalog))


def nominal_on(
    model_id: str,
    card: Card,
    vcpus: float | None,
    catalog: Catalog,
    rates: Sequence[PublishedRate],
) -> Nominal | None:
    """What is published or predicted of a model on a card beside so many vCPUs."""
    shape, machine = shape_of(catalog.model(model_id)), machine_of(card, vcpus, catalog)
    if not card.predictable and all((r.model, r.card) != (model_id, card.id) for r in rates):
        return None
    served = replace(SERVED, card_has_server=has_server(card.name))
    return nominal_throughput(model_id, card.id, shape, machine, rates, served)


def _unpredictable(card: Card) -> str:
    return (
        "its size per token is not known"
        if card.predictable
        else "the law of size was fitted to NVIDIA's cards alone"
    )


def machine_of(card: Card, vcpus: float | None, catalog: Catalog) -> Machine:
    """A card with its host, as the law of size knows it; vCPUs that nobody says are assumed."""
    if vcpus:
        return Machine(card.dense_tflops, card.bandwidth_gb_s, vcpus)
    row = catalog.assumption("vcpus-per-card")
    ends = (row.low or row.value, row.high or row.value)
    return Machine(card.dense_tflops, card.bandwidth_gb_s, row.value, ends)


def measured_capacity(measured: Measurement, texts: TextLoad, case: Case) -> CapacityUsed | None:
    """Capacity of a replica as it was measured; None where the run gave no rate.

    A sweep of batches gives its batch time; a probe of single texts, of this computer, a lower
    bound. What a server's sweep saw work side by side are workers, each with a queue of its own.
    """
    where = _where(measured)
    if measured.fit is not None:
        time, most, explanation = _of_fit(measured.fit, texts.tokens)
    elif measured.summary.tokens_per_s:
        rate = measured.summary.tokens_per_s
        time, most = one_at_a_time(rate), 1
        explanation = (
            f"{measured.how} {rate:,.0f} tokens/s of {measured.subject.model} on {where}, one "
            "text at a time: a lower bound of what full batches would do."
        )
    else:
        return None
    workers = 1 if measured.fit is None else measured.fit.workers
    used = _capacity(time, most, workers, texts, case, measured.fit)
    if measured.fit is not None:
        explanation = (
            f"Measured on {where}: {used.nominal_tokens_per_s:,.0f} tokens/s of "
            f"{measured.subject.model} in full batches of your texts, from {explanation}"
            f"{used.explanation}"
        )
    return replace(used, basis=Grade.MEASURED, explanation=explanation)


def _where(measured: Measurement) -> str:
    """On what it was measured; of a server that it is behind an address, from where, and when."""
    subject = measured.subject
    if measured.fit is None or measured.fit.engine != SERVER:
        return subject.hardware or "this computer"
    place = f" from {subject.place}" if subject.place else ""
    day = f"{measured.started_at:%Y-%m-%d}"
    return f"{subject.label}{place}, {day}{measured.said_of_it}"


def _of_fit(fit: EngineFit, tokens_per_text: float) -> tuple[BatchTime, int, str]:
    """The batch time, the most texts of this length that memory was seen to hold, and a remark."""
    all_repeats = fit.mean_over_fit
    time = BatchTime(
        all_repeats * fit.start_s,
        all_repeats * fit.floor_s,
        all_repeats * fit.per_token_s,
        fit.hidden,
        per_text_s=all_repeats * fit.per_text_s,
    )
    by_text = f", {fit.per_text_s * 1e3:.3g} ms a text" if fit.per_text_s else ""
    over = (
        f"with {fit.workers} at a time, as under full load, in requests of up to {fit.most_texts} "
        "texts"
        if fit.engine == SERVER
        else "the mean of all repeats over the quickest"
    )
    remark = (
        f"a batch time of {fit.start_s * 1e3:.3g} ms{by_text} and {fit.per_token_s * 1e6:.3g} us a "
        f"token fitted to {fit.shapes} shapes (residual {fit.log_spread:.0%}), times "
        f"{all_repeats:.3g}, {over}."
    )
    most = max(1, int(fit.largest_batch * fit.largest_batch_tokens / tokens_per_text))
    return time, min(most, fit.most_texts or most), remark


def unfit_reason(model: ModelCard | None, card: Card | None) -> str:
    """Why a model's weights do not fit into a card's memory; "" where they do, or none is known."""
    if model is None or card is None or model.params_total_m is None:
        return ""
    weights_gb = model.params_total_m * PARAMS_PER_MILLION * BYTES_PER_WEIGHT / BYTES_PER_GB
    if card.memory_gb is None or weights_gb <= card.memory_gb:
        return ""
    return (
        f"The weights of {model.id} take {weights_gb:.1f} GB in fp16; {card.name} has "
        f"{card.memory_gb:g} GB. Choose a larger card or a smaller model."
    )


def _capacity(
    time: BatchTime,
    memory_texts: int | None,
    card_count: int,
    texts: TextLoad,
    case: Case,
    fit: EngineFit | None = None,
    network_s: float = 0.0,
) -> CapacityUsed:
    """What a replica carries of these texts, ``memory_texts`` of which fit into its memory.

    ``fit``: a sweep, whose measured rates bound the load at the objective; they speak in the
    explanation. ``network_s``: beside what the machine takes; a sweep has it within its times.
    """
    hosting, slo_p95_s = case.scenario.hosting, case.scenario.objective.slo_p95_s
    most = most_texts_in_batch(hosting.max_batch_tokens, texts.tokens)
    most = min(most, memory_texts or most)
    left_s = max(NO_TIME_S, slo_p95_s - network_s)
    replica = replica_of(time, texts, most, left_s, case.catalog.queue)
    replica = _over_network(replica, network_s, slo_p95_s)
    evidence = ""
    if fit is not None and fit.engine == SERVER:
        full = replica.full_tokens_per_s * card_count
        allowed = allowed_load(replica.load_at_objective, full, fit, texts, slo_p95_s)
        replica, evidence = _within(replica, allowed.load), f" {allowed.said}"
    ceiling, calendar = hosting.utilisation_ceiling, case.scenario.calendar
    used = _of_replica(
        replica, card_count, texts.processed_share, ceiling, case.load.rhythm.peak, calendar
    )
    return replace(used, explanation=evidence)


def _over_network(replica: Replica, network_s: float, slo_p95_s: float) -> Replica:
    """The same replica, asked over a network."""
    if network_s == 0:
        return replica
    alone_s = float(np.quantile(replica.texts.alone_s, LEVEL))
    why = (
        f"A request that finds the replica idle takes {alone_s + network_s:.4g} s at p95, "
        f"{network_s:g} s of it on the network; the objective is {slo_p95_s:.4g} s. Run it nearer, "
        "or allow more."
    )
    return replace(replica, network_s=network_s, infeasible=replica.infeasible and why)


def _within(replica: Replica, load: float | None) -> Replica:
    """The same replica, as far as it was seen to keep the objective."""
    infeasible = replica.infeasible if load is None else ""
    return replace(replica, load_at_objective=load, infeasible=infeasible)


def _of_replica(
    replica: Replica,
    card_count: int,
    processed_share: float,
    ceiling: float,
    peak: float,
    calendar: Calendar,
) -> CapacityUsed:
    """What a replica of several cards carries, each with a queue of its own."""
    allowed = replica.load_at_objective
    load = ceiling if allowed is None else min(ceiling, allowed)
    full = replica.full_tokens_per_s * card_count
    usable = usable_tokens_per_s(full, load)
    return CapacityUsed(
        nominal_tokens_per_s=full,
        usable_tokens_per_s=usable,
        tokens_per_month=tokens_per_month(usable / processed_share, peak, calendar),
        basis=Grade.PUBLISHED,
        low_tokens_per_s=full,
        high_tokens_per_s=None,
        explanation="",
        source=None,
        replica=replica,
        cards=card_count,
        processed_share=processed_share,
        peak=peak,
        binding="objective" if load < ceiling else "ceiling",
    )


def _explained(nominal: Nominal, own_length: float, card_count: int) -> str:
    explanation, length = nominal.explanation, nominal.tokens_per_text
    if abs(own_length / length - 1) > 1e-3:
        explanation += f" Carried from texts of {length:g} tokens to your {own_length:,.4g}."
    if card_count > 1:
        explanation += f" The instance has {card_count} cards, counted in full."
    return explanation
