"""What the kinds of hosted option have in common: from a machine to an option."""

from dataclasses import dataclass

from core.decide.capacity.answered import answers_enough, unanswered
from core.decide.capacity.meets_objective import blocked, loses_too_much
from core.decide.case import Case
from core.decide.load.text_load import TextLoad
from core.decide.options.terms.remarks import cut_note, licence_note, reading_note
from core.decide.result.obstacle import Obstacle, Refusal
from core.decide.result.option import CapacityUsed, Option, OptionKind, PowerUsed, PriceUsed
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


def as_option(machine: Machine, texts: TextLoad, case: Case) -> Option:
    """The option, with what stands in its way."""
    scenario, measured = case.scenario, case.measurements.get(machine.option_id)
    if swept_server(measured) is not None:  # its fit says at which rate the objective is kept
        measured = None
    model = case.catalog.model(machine.model)
    max_tokens = model.max_tokens if model else None
    reading = cut_note(texts) or reading_note(max_tokens, scenario.workload)
    notes = (*machine.notes, reading, licence_note(model))
    tries, objective = scenario.serverless.max_attempts, scenario.objective
    answered = answers_enough(measured, tries, objective.max_unanswered_share)
    refusal = blocked(
        withdrawn=machine.withdrawn,
        unfit=machine.unfit_reason,
        lost=loses_too_much(max_tokens, texts, objective.max_lost_share),
        unanswered=unanswered(answered, None, objective.max_unanswered_share),
        measured=measured,
        slo_p95_s=objective.slo_p95_s,
    )
    quota = _quota(machine.capacity, scenario.hosting)
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
        power=machine.power,
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


def quota_of(hosting: Hosting) -> int | None:
    """Most replicas that can be had; None where no quota is stated."""
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
