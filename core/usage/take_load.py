"""Takes a load that was found into the question: whole, or not at all."""

from core.cost.curve.breakdown import amount
from core.errors import LoadImportError
from core.scenario import Scenario, Workload, limits
from core.usage.load_found import LoadFound

DIGITS = 6
"""Of what is taken: more would say more than a log knows, and stand in every link."""
DAYS_OF_A_MONTH = 30.0
"""Of the sentence alone: the question has its own calendar."""


def with_load(scenario: Scenario, load: LoadFound) -> Scenario:
    """The scenario with the load; what the file does not say stays.

    Raises LoadImportError for a value that a question cannot have: nothing is taken then.
    """
    wanted = {
        "requests_per_day": load.requests_per_day,
        "tokens_per_request": load.tokens_per_request,
        "length_cv": load.length_cv,
        "peak_to_mean": load.peak_to_mean,
    }
    update: dict[str, object] = {}
    for field, value in wanted.items():
        if value is None:
            continue
        low, high = limits(Workload, field)
        if not low <= value <= high:
            raise LoadImportError(
                f"The file says {amount(value)} {field.replace('_', ' ')}, and a question has "
                f"from {amount(low, 9)} to {amount(high, 9)}. Choose the columns by hand: one may "
                "count something else."
            )
        update[field] = float(f"{value:.{DIGITS}g}")
    if load.hour_weights:
        update["hour_weights"] = load.hour_weights
    workload = scenario.workload.model_copy(update=update)
    return scenario.model_copy(update={"workload": workload})


def sentence_of(load: LoadFound) -> str:
    """What a file says, in one sentence to be agreed to."""
    volume = "of unknown length"
    if load.tokens_per_request is not None and load.tokens_per_day is not None:
        month = load.tokens_per_day * DAYS_OF_A_MONTH
        volume = f"x {amount(load.tokens_per_request)} tokens = {amount(month)} tokens in 30 days"
    peak = "" if load.peak_to_mean is None else f", peak {load.peak_to_mean:.3g}"
    return (
        f"This file says {amount(load.requests_per_day)} requests/day {volume}{peak}, from "
        f"{load.days:,.3g} days."
    )
