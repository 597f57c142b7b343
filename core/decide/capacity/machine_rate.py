"""How quick a machine is with a model: by the user's own word, or by what is known of its parts."""

from collections.abc import Callable, Sequence
from typing import Final

from core.catalog.schema import Catalog, MachineOffer, ModelCard
from core.decide.bare_replica.published_throughputs import PublishedRates, shape_of
from core.decide.capacity.processor_capacity import (
    as_processor,
    processor_nominal,
    unheld_reason,
)
from core.decide.capacity.replica_capacity import (
    card_nominal,
    machine_of,
    measured_capacity,
    of_nominal,
    unfit_reason,
)
from core.decide.case import Case
from core.decide.result.option import CapacityUsed
from core.errors import ModelInputError
from core.grade import Grade
from core.measurement.measured import Measurement
from core.scenario import machine_id
from core.serving.law.batch_law import Machine
from core.serving.law.published_rates import (
    SERVED,
    Nominal,
    PublishedRate,
    Served,
    said_throughput,
)

_BASIS_NOTES: Final = {
    Grade.PREDICTED: "throughput predicted",
    Grade.CLAIMED: "throughput as you said it",
}


def machine_nominal(
    option_id: str,
    offer: MachineOffer,
    model_id: str,
    catalog: Catalog,
    published: PublishedRates,
) -> Nominal:
    """How quick one card of a machine is, or its processor where it has none.

    A rate that the user knows of this very machine holds before all that is known of its parts.
    Raises ModelInputError where it cannot be stated.
    """
    known_rate = published.said_of(machine_id(option_id), model_id)
    if known_rate is None:
        return rented_nominal(offer, model_id, catalog, published.rates)
    works, served = _parts(offer, catalog)
    shape = shape_of(catalog.model(model_id))
    return said_throughput(known_rate, shape, works, served, offer.card_count)


def _parts(offer: MachineOffer, catalog: Catalog) -> tuple[Machine, Served]:
    """What does the work there, as the law of size knows it. Raises ModelInputError."""
    card, cpu = catalog.card(offer.card or ""), catalog.cpu(offer.cpu or "")
    if card is not None:
        each = offer.vcpus and offer.vcpus / offer.card_count
        return machine_of(card, each, catalog), SERVED
    if cpu is None or offer.vcpus is None:
        raise ModelInputError("Its card is not in the catalogue: add it to cards.toml.")
    return as_processor(cpu, offer.vcpus)


def rented_nominal(
    offer: MachineOffer, model_id: str, catalog: Catalog, rates: Sequence[PublishedRate]
) -> Nominal:
    """How quick one card of a rented machine is, or its processor where it has none.

    Raises ModelInputError where that cannot be stated.
    """
    card, cpu = catalog.card(offer.card or ""), catalog.cpu(offer.cpu or "")
    if card is not None:
        each = offer.vcpus and offer.vcpus / offer.card_count
        return card_nominal(model_id, card, each, catalog, rates)
    if cpu is None or offer.vcpus is None or offer.memory_gib is None:
        raise ModelInputError("Its card is not in the catalogue: add it to cards.toml.")
    if unheld := unheld_reason(catalog.model(model_id), offer.memory_gib):
        raise ModelInputError(unheld)
    return processor_nominal(model_id, cpu, offer.vcpus, catalog, rates)


def capacity_or_reason(
    swept: Measurement | None,
    stated: Callable[[], Nominal],
    card_count: int,
    case: Case,
    network_s: float = 0.0,
) -> tuple[CapacityUsed | None, tuple[str, ...], str]:
    """Capacity, remarks on it, and why there is none; a sweep takes the place of what is stated.

    ``network_s``: there and back between who asks and the machine, s; a sweep has it within.
    """
    if swept is not None and (used := measured_capacity(swept, case.hosted_texts, case)):
        return used, ("throughput measured: a sweep of your own server",), ""
    try:
        nominal = stated()
        capacity = of_nominal(nominal, card_count, case, network_s)
    except ModelInputError as why:
        return None, (), str(why)
    return capacity, (_BASIS_NOTES.get(capacity.basis, ""), nominal.warning), ""


def unfit_of(offer: MachineOffer, model: ModelCard | None, catalog: Catalog) -> str:
    """Why the weights of a model have no room there; "" where they have, or nobody knows."""
    if offer.card is not None:
        return unfit_reason(model, catalog.card(offer.card))
    return unheld_reason(model, offer.memory_gib)
