"""Servers of one's own for the page: sweep one, say which machine it is, what was predicted."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pydantic import SecretStr

from core.catalog.schema import Catalog
from core.decide.capacity.machine_rate import rented_nominal
from core.decide.capacity.replica_capacity import card_nominal
from core.errors import ModelInputError
from core.measurement.server_found import ServerCell
from core.probe.records.probe_plan import ProbePlan
from core.runs.spending.worst_case import worst_case_usd
from core.runs.starting.candidates import Candidate
from core.runs.starting.server_plan import server_plan
from core.runs.trust.stands_for import option_said
from core.runs.trust.stands_for import unit_words as unit_of
from core.scenario import THIS_MACHINE, Scenario, machine_and_model
from core.serving.law.published_rates import Nominal
from dashboard.resources.cached import cached_answer, cached_catalogue, cached_store
from dashboard.resources.reach import page_reach

__all__ = [
    "Candidate",
    "adopted_for",
    "catalogue_models",
    "machines",
    "plan",
    "predicted_s",
    "release",
    "start",
    "unit_words",
    "use_for",
    "worst_case",
]


def machines() -> Mapping[str, str]:
    """Machines that a server may be, with their labels: rented, owned, and this computer."""
    own = cached_catalogue.own_machines()
    labels = {
        name: label for name, label in cached_catalogue.option_labels().items() if name in own
    }
    return labels | {THIS_MACHINE: cached_catalogue.option_label(THIS_MACHINE)}


def catalogue_models() -> tuple[str, ...]:
    """Ids of the models that may run on them."""
    return cached_catalogue.known().models


def unit_words(machine: str) -> str:
    """What one machine of an option is, with its cards."""
    return unit_of(cached_catalogue.catalog(), machine)


def plan(
    asked: Candidate,
    slo_p95_s: float,
    tokens: int,
    largest_batch: int,
    longest_s: float,
    machines: int,
) -> ProbePlan:
    """The plan of its sweep. Raises RunError for numbers that cannot be."""
    return server_plan(
        asked,
        cached_store.settings().place,
        slo_p95_s=slo_p95_s,
        load_tokens=tokens,
        largest_batch=largest_batch,
        longest_s=longest_s,
        machines=machines,
    )


def worst_case(planned: ProbePlan, asked: Candidate) -> Decimal:
    """The most that it can cost, USD."""
    return worst_case_usd(planned, asked.rate)


def start(
    planned: ProbePlan, asked: Candidate, key: SecretStr | None, machine: str, model_id: str
) -> str:
    """Start the sweep; returns its id. Raises one of our errors, and then nothing was sent.

    ``machine``: the machine that it stands for with this model once it is done; "" for none.
    """
    option_id = _option(machine, model_id)
    typed = page_reach.servers_allowed([asked])
    runs = cached_store.runs()
    return runs.start(planned, rate=asked.rate, key=key, typed=typed, stands_for=option_id)


def _option(machine: str, model_id: str) -> str | None:
    if not machine:
        return None
    return option_said(cached_catalogue.catalog(), f"{machine}@{model_id}", model_id)


def use_for(run_id: str, machine: str, model_id: str) -> None:
    """Let a sweep measure a machine with a model. Raises RunError or StoreError."""
    cached_store.runs().adopt(run_id, option_id=_option(machine, model_id))
    cached_store.forget_measurements()


def release(option_id: str) -> None:
    """Let the catalogue's rate count again. Raises StoreError."""
    cached_store.runs().release(option_id)
    cached_store.forget_measurements()


def adopted_for(run_id: str) -> tuple[str, ...]:
    """The options that a run measures, by a person's word. Raises StoreError."""
    adopted = cached_store.runs().adoptions()
    return tuple(sorted(option_id for option_id, chosen in adopted.items() if chosen == run_id))


def predicted_s(
    option_id: str, cells: Sequence[ServerCell], scenario: Scenario
) -> tuple[float | None, ...]:
    """What the catalogue says of such requests on one card of a machine, s; Nones: nothing.

    Published or by the law of size, with the batch start of the scenario, as the comparison has it.
    """
    machine, model_id = machine_and_model(option_id)
    case = cached_answer.case(scenario)
    try:
        nominal = _nominal(machine, model_id or "", case.catalog, scenario)
    except ModelInputError:
        nominal = None
    if nominal is None:
        return (None,) * len(cells)
    start_s = scenario.hosting.batch_start_s - nominal.time.start_s
    return tuple(
        nominal.time.seconds(cell.texts, cell.tokens / cell.texts) + start_s
        if cell.tokens
        else None
        for cell in cells
    )


def _nominal(machine: str, model_id: str, catalog: Catalog, scenario: Scenario) -> Nominal | None:
    """Raises ModelInputError where nothing is published or can be predicted."""
    rates = cached_answer.case(scenario).published.rates
    if (rented := catalog.find_machine(machine)) is not None:
        return rented_nominal(rented[1], model_id, catalog, rates)
    card = catalog.owned_card(machine)
    return None if card is None else card_nominal(model_id, card, None, catalog, rates)
