"""What the kinds of hosted option have in common: from a machine to an option."""

from dataclasses import dataclass

from core.decide.capacity.answered import answers_enough, unanswered
from core.decide.capacity.meets_objective import blocked, loses_too_much, unknown_prediction
from core.decide.case import Case
from core.decide.load.cut_vectors import cut_remark, kept_dimensions
from core.decide.load.text_load import TextLoad
from core.decide.options.terms.remarks import cut_note, licence_note, reading_note
from core.decide.result.obstacle import Obstacle, Refusal
from core.decide.result.option import (
    CapacityUsed,
    Option,
    OptionKind,
    OwnedUsed,
    PowerUsed,
    PriceUsed,
)
from core.measurement.measured import Measurement
from core.measurement.server_fit import SERVER
from core.scenario import Hosting


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine with a model on it."""

    option_id: str
    label: str
    kind: OptionKind
    model: str
    price: PriceUsed
    capacity: CapacityUsed | None
    withdrawn: bool
    notes: tuple[str, ...]
    unpriced_reason: str
    unfit_reason: str = ""
    """Why the model's weights do not fit into it."""
    power: PowerUsed | None = None
    owned: OwnedUsed | None = None
    many: int | None = None
    """That there are; None: as many as the load needs."""


def as_option(machine: Machine, texts: TextLoad, case: Case) -> Option:
    """The option, with what stands in its way."""
    scenario, measured = case.scenario, case.measurements.get(machine.option_id)
    if swept_server(measured) is not None:  # its fit says at which rate the objective is kept
        measured = None
    model = case.catalog.model(machine.model)
    max_tokens = model.max_tokens if model else None
    reading = cut_note(texts) or reading_note(max_tokens, scenario.workload)
    dimensions = kept_dimensions(model, scenario.vectors.dimensions)
    notes = (*machine.notes, reading, licence_note(model), cut_remark(dimensions, model, None))
    tries, objective = scenario.serverless.max_attempts, scenario.objective
    answered = answers_enough(measured, tries, objective.max_unanswered_share)
    refusal = blocked(
        withdrawn=machine.withdrawn,
        unfit=machine.unfit_reason,
        lost=loses_too_much(max_tokens, texts, objective.max_lost_share),
        unanswered=unanswered(answered, None, objective.max_unanswered_share),
        measured=measured,
        demanded_p95_s=objective.demanded_p95_s,
    )
    fleet = fleet_of(scenario.hosting, machine.many)
    notes = (*notes, few_note(scenario.hosting, machine.many))
    quota = _quota(machine.capacity, fleet)
    return Option(
        id=machine.option_id,
        label=machine.label,
        kind=machine.kind,
        model=machine.model,
        price=machine.price,
        capacity=machine.capacity,
        max_tokens=max_tokens,
        ceiling_tokens_per_month=quota,
        ceiling_reason="" if quota is None else "replicas",
        notes=tuple(note for note in notes if note),
        unpriced_reason=machine.unpriced_reason,
        refusal=refusal or Refusal.of(Obstacle.LATENCY, too_slow(machine.capacity, measured)),
        answered=answered,
        unknown=unknown_prediction(
            machine.label,
            measured,
            machine.capacity.slowest_alone_s if machine.capacity else None,
            objective.demanded_p95_s,
        ),
        power=machine.power,
        owned=machine.owned,
        many=machine.many,
        lost_share=None if max_tokens is None else texts.lost_share,
    )


def swept_server(measured: Measurement | None) -> Measurement | None:
    """A measurement that is a sweep of a server; None for any other, or none."""
    fit = None if measured is None else measured.fit
    return measured if fit is not None and fit.engine == SERVER else None


def too_slow(capacity: CapacityUsed | None, measured: Measurement | None) -> str:
    """Why not even an idle replica answers in time; "" where it does, or where it was measured."""
    if capacity is None or capacity.replica is None or measured is not None:
        return ""
    return capacity.replica.infeasible


def fleet_of(hosting: Hosting, many: int | None) -> Hosting:
    """How replicas are run where there are so many: all of them, the spare ones within.

    Of one machine none is spare, whatever is wished. None: as the scenario says.
    """
    if many is None:
        return hosting
    spare = min(hosting.spare_replicas, many - 1)
    update = {"spare_replicas": spare, "minimum_replicas": many - spare, "maximum_replicas": many}
    return hosting.model_copy(update=update)


def few_note(hosting: Hosting, many: int | None) -> str:
    """How many there are, and how many of them are spare; "" where as many can be had as needed."""
    if many is None:
        return ""
    there = f"there {'is' if many == 1 else 'are'} {many}: paid at any load, and no more can be had"
    spare = fleet_of(hosting, many).spare_replicas
    if spare == hosting.spare_replicas:
        return there
    wished = hosting.spare_replicas
    return f"{there}; {spare or 'none'} of them spare, not the {wished} of the scenario"


def quota_of(hosting: Hosting, many: int | None = None) -> int | None:
    """Most replicas that can be had; None where no quota is stated."""
    if many is not None:
        return many
    at_most = Hosting.model_fields["maximum_replicas"].default
    return None if hosting.maximum_replicas == at_most else hosting.maximum_replicas


def _quota(capacity: CapacityUsed | None, hosting: Hosting) -> float | None:
    """Volume that the quota of replicas carries; None where none is stated."""
    quota = quota_of(hosting)
    if capacity is None or quota is None:
        return None
    working = quota - hosting.spare_replicas
    if working < hosting.minimum_replicas:  # fewer than are to run at any volume
        return 0.0
    return working * capacity.tokens_per_month
