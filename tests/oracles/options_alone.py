"""The options of a question without their bills."""

from core.decide.case import Case
from core.decide.options.options import billed_options
from core.decide.result.option import Option


def options(case: Case) -> tuple[Option, ...]:
    """Every option of the scenario, in its order, with all that its curve rests on."""
    return tuple(billed.option for billed in billed_options(case))
