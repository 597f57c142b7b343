"""A plan for a new run: what nobody has set is drawn for it."""

import secrets
from collections.abc import Collection
from typing import Any, Final

from core.probe.records.probe_plan import MOST_IN_FLIGHT, ProbePlan

_SEEDS: Final = 2**32
"""So many, that two runs hardly ever draw the same."""


def drawn_seed() -> int:
    """A seed that nobody has chosen."""
    return secrets.randbelow(_SEEDS)


def fresh(plan: ProbePlan, given: Collection[str]) -> ProbePlan:
    """The plan with what a run of its own needs; ``given``: fields that somebody has set.

    The arrivals are drawn anew for each run: repeated runs with the same arrivals would agree
    better with each other than with the truth. As many requests may be in flight as are due while
    one waits for its whole time: a smaller cap would take a pause of the server for its limit. No
    text comes twice: a server that remembers would be measured by its memory.
    """
    own: dict[str, Any] = {}
    if "seed" not in given:
        own |= {"seed": drawn_seed(), "seed_drawn": True}
    if "in_flight_cap" not in given:
        waiting = len(plan.targets) * plan.schedule.most_waiting(plan.timeout_s)
        own["in_flight_cap"] = min(MOST_IN_FLIGHT, max(plan.in_flight_cap, waiting))
    if "texts_once" not in given:
        own["texts_once"] = True
    return plan.model_copy(update=own)
