"""What a way through the months costs, added up step by step."""

from collections.abc import Sequence
from itertools import pairwise

from core.cost.over_months.switching import Journey, Stay


def cost_of(journey: Journey, stays: Sequence[Stay]) -> float:
    """What a given path costs."""
    first = stays[0]
    usd = float(journey.first_segments[first.option, first.end])
    for before, stay in pairwise(stays):
        usd += float(journey.changes[before.option, stay.option, stay.first])
        usd += float(journey.segments[stay.option, stay.first, stay.end])
    return usd
