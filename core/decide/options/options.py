"""From a scenario's option ids to options with the bills that their curves rest on."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from core.catalog.option_names import with_model
from core.catalog.schema import Catalog
from core.cost.monthly_bill import MonthlyBill
from core.decide.capacity.answered import answers_enough
from core.decide.case import Case
from core.decide.demands.judged import judged
from core.decide.demands.of_budget import affordable
from core.decide.options.api_option import api_option
from core.decide.options.hosted_option import owned_option, rented_option, this_machine_option
from core.decide.options.hybrid_option import hybrid_option
from core.decide.options.terms.remarks import vectors_note, why_not_hosted
from core.decide.options.unpriced_option import unpriced
from core.decide.result.curves import OptionCurve
from core.decide.result.option import BY_USE, SELF_HOSTED, Option
from core.decide.result.replica_used import LEVEL
from core.errors import ScenarioError
from core.scenario import THIS_MACHINE, hybrid_parts, machine_and_model, machine_id


@dataclass(frozen=True, slots=True)
class Billed:
    """An option and its bill; None where nothing is priced, and the option says why."""

    option: Option
    bill: MonthlyBill | None


def is_self_hosted(option: Option) -> bool:
    """Whether an option is paid by the replica alone; a hybrid is not."""
    return option.kind in SELF_HOSTED


def is_by_use(option: Option) -> bool:
    """Whether an option is paid for what is used alone; a hybrid is not."""
    return option.kind in BY_USE


def served_up_to(option: Option) -> float:
    """Volume up to which an option can serve, tokens/month: 0 where it cannot, inf without end."""
    if option.blocked_reason:
        return 0.0
    ceiling = option.ceiling_tokens_per_month
    return math.inf if ceiling is None else ceiling


def served_from(
    option: Option, bill: MonthlyBill | None, cold_start_s: float, slo_p95_s: float
) -> float:
    """Volume from which an option can serve, tokens/month.

    Below it, so many requests meet a cold start that the p95 does, and it is beyond the objective.
    """
    if bill is None or not bill.starts_cold or option.capacity is None:
        return 0.0
    replica = option.capacity.replica
    idle = replica.response(0.0) if replica else None
    if idle is None or idle.p95_s + cold_start_s <= slo_p95_s:
        return 0.0
    return bill.tokens_delaying_at_most(1 - LEVEL)


def curve_of(
    item: Billed, cold_start_s: float, slo_p95_s: float, budget_usd: float | None = None
) -> OptionCurve:
    """An option with its cost and where it can serve, not drawn over any volumes yet."""
    option, bill = item.option, item.bill
    cost = None if bill is None else bill.curve()
    floor = served_from(option, bill, cold_start_s, slo_p95_s)
    within = None if cost is None or budget_usd is None else affordable(cost, budget_usd)
    nowhere = np.empty(0, dtype=bool)
    return OptionCurve(option, cost, None, None, nowhere, bill, floor, budget_usd, within)


def billed_options(case: Case) -> tuple[Billed, ...]:
    """Every option of the scenario, in its order.

    Raises ScenarioError for an id that the catalogue does not have.
    """
    return tuple(Billed(*_build(option_id, case)) for option_id in case.scenario.options)


def _build(option_id: str, case: Case) -> tuple[Option, MonthlyBill | None]:
    if (parts := hybrid_parts(option_id)) is not None:
        return hybrid_option(option_id, _build(parts[0], case), _build(parts[1], case), case)
    model_id = machine_and_model(option_id)[1]
    sold = case.whole.find_api(option_id) or case.whole.find_machine(option_id)
    now = case.catalog.find_api(option_id) or case.catalog.find_machine(option_id)
    asked, catalog, hosted = case.scenario, case.catalog, case.scenario.hosting.model
    if sold is not None and now is not None and not now[1].prices:
        measured, allowed = case.measurements.get(option_id), asked.objective.max_unanswered_share
        answered = answers_enough(measured, asked.serverless.max_attempts, allowed)
        day, model, bill = asked.as_of, model_id or hosted, None
        option = unpriced(option_id, sold[1], model, day, answered=answered)
    elif model_id is None:
        option, bill = _maker(option_id, catalog)(case)
    else:
        made = _maker(option_id, catalog)(case.running(model_id))
        option, bill = _named(*made, model_id, hosted, catalog)
    return judged(option, sold, case.whole, asked.demands, asked.objective.region), bill


def _named(
    option: Option, bill: MonthlyBill | None, model_id: str, hosted_model_id: str, catalog: Catalog
) -> tuple[Option, MonthlyBill | None]:
    """A machine by the name of its model; no bill, and the reason, where that cannot run."""
    refused = why_not_hosted(model_id, catalog)
    foreign = vectors_note(model_id, hosted_model_id, catalog)
    option = replace(
        option,
        label=with_model(option.label, model_id),
        notes=tuple(note for note in (*option.notes, foreign) if note),
        capacity=None if refused else option.capacity,
        unpriced_reason=refused or option.unpriced_reason,
        other_model=model_id if model_id != hosted_model_id else None,
    )
    return option, None if refused else bill


def _maker(option_id: str, catalog: Catalog) -> Callable[[Case], tuple[Option, Any]]:
    """What makes an option of a machine or an API, of a case that knows the machine's model.

    Raises ScenarioError for an id that the catalogue does not have.
    """
    machine = machine_id(option_id)
    if machine == THIS_MACHINE:
        return partial(this_machine_option, option_id)
    if catalog.owned_card(option_id) is not None:
        return partial(owned_option, option_id)
    if (api := catalog.find_api(option_id)) is not None:
        return partial(api_option, option_id, *api)
    if (gpu := catalog.find_machine(option_id)) is not None:
        return partial(rented_option, option_id, *gpu)
    if catalog.find_api(machine) is not None:
        raise ScenarioError(
            f"options: {machine} sells its own model, and no other can be put on it. Write "
            f"{machine}."
        )
    raise ScenarioError(
        f"options: the catalogue has nothing called {option_id!r}. Choose one of its options, "
        "or add the offer to the catalogue."
    )
