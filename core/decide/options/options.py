"""From a scenario's option ids to options with the bills that their curves rest on."""

import math
from dataclasses import dataclass

from core.cost.monthly_bill import MonthlyBill
from core.decide.case import Case
from core.decide.options.api_option import api_option
from core.decide.options.hosted_option import owned_option, rented_option, this_machine_option
from core.decide.options.hybrid_option import hybrid_option
from core.decide.result.option import BY_USE, SELF_HOSTED, Option
from core.decide.result.replica_used import LEVEL
from core.errors import ScenarioError
from core.scenario import OWNED_PREFIX, THIS_MACHINE, hybrid_parts


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


def billed_options(case: Case) -> tuple[Billed, ...]:
    """Every option of the scenario, in its order.

    Raises ScenarioError for an id that the catalogue does not have.
    """
    return tuple(Billed(*_build(option_id, case)) for option_id in case.scenario.options)


def _build(option_id: str, case: Case) -> tuple[Option, MonthlyBill | None]:
    catalog = case.catalog
    if (parts := hybrid_parts(option_id)) is not None:
        base, base_bill = _build(parts[0], case)
        burst, burst_bill = _build(parts[1], case)
        return hybrid_option(option_id, (base, base_bill), (burst, burst_bill), case)
    if option_id == THIS_MACHINE:
        return this_machine_option(case)
    if option_id.startswith(OWNED_PREFIX) and catalog.card(option_id.removeprefix(OWNED_PREFIX)):
        return owned_option(option_id, case)
    if (api := catalog.find_api(option_id)) is not None:
        return api_option(option_id, *api, case)
    if (gpu := catalog.find_gpu(option_id)) is not None:
        return rented_option(option_id, *gpu, case)
    raise ScenarioError(
        f"options: the catalogue has nothing called {option_id!r}. Choose one of its options, "
        "or add the offer to the catalogue."
    )
