"""How many machines do a job by a deadline, how long they take, and which hours are paid.

A job of W machine hours shared by n machines, each of which starts for s hours that are paid, too:

n = ceil(W / (D - s)) by a deadline of D hours, and W + n s hours are paid, rounded up to the unit
in which they are billed. Where that is the hour, machines end one by one on their full hours, so
that the fewest machines are also the cheapest; a deadline counts in full hours then. Where it is
the month, each machine is paid for the months that it begins.
"""

import math
from dataclasses import dataclass
from typing import Final

from core.cost.curve.piecewise import STEP_GUARD
from core.errors import ModelInputError

HOUR: Final = 1.0
BY_THE_SECOND: Final = 0.0


@dataclass(frozen=True, slots=True)
class JobFleet:
    """Machines of one job."""

    machines: int
    hours: float
    """From the start of the machines to the end of the work."""
    paid_hours: float
    """Of all machines together."""


def fewest(
    work_hours: float, deadline_hours: float, start_hours: float, unit_hours: float
) -> int | None:
    """Fewest machines that are through by the deadline; None where none has started by then.

    ``unit_hours``: what is billed at the least, 0: every second. Raises ModelInputError.
    """
    if not (0 <= work_hours < math.inf and 0 <= start_hours < math.inf and deadline_hours > 0):
        raise ModelInputError(
            f"work of {work_hours} and starts of {start_hours} machine hours must be 0 or more, "
            f"and the deadline must lie ahead, not at {deadline_hours} hours"
        )
    each = _usable(deadline_hours, unit_hours) - start_hours
    return max(1, _up(work_hours / each)) if each > 0 else None


def fleet_of_job(
    work_hours: float, machines: int, start_hours: float, unit_hours: float
) -> JobFleet:
    """So many machines at the job, whatever the deadline is; units of an hour, 0 or months."""
    even = start_hours + work_hours / machines
    needed = work_hours + machines * start_hours
    if unit_hours == BY_THE_SECOND:
        return JobFleet(machines, even, needed)
    if unit_hours > HOUR:
        return JobFleet(machines, even, machines * max(1, _up(even / unit_hours)) * unit_hours)
    paid = max(machines, _up(needed))
    return JobFleet(machines, _longest(work_hours, machines, start_hours, paid), float(paid))


def cheapest_fleet(
    work_hours: float,
    deadline_hours: float,
    start_hours: float,
    unit_hours: float,
    usd: tuple[float, float],
    most: float = math.inf,
) -> JobFleet | None:
    """The cheapest machines that are through in time; None where none has started by then.

    ``usd``: of a paid hour, and of each machine once. ``most`` can be had: where even the fewest
    are more, the fewest come back all the same. Only by the month, more than the fewest may
    cost less: two for one month each, instead of one that begins a third.
    """
    least = fewest(work_hours, deadline_hours, start_hours, unit_hours)
    if least is None:
        return None
    counts = {least}
    if unit_hours > HOUR:
        units = _up(deadline_hours / unit_hours)
        lengths = (min(k * unit_hours, deadline_hours) - start_hours for k in range(1, units + 1))
        counts |= {max(least, _up(work_hours / each)) for each in lengths if each > 0}
    fleets = (
        fleet_of_job(work_hours, n, start_hours, unit_hours)
        for n in sorted(counts)
        if n == least or n <= most
    )
    return min(fleets, key=lambda fleet: fleet.paid_hours * usd[0] + fleet.machines * usd[1])


def _usable(deadline_hours: float, unit_hours: float) -> float:
    """A deadline in full hours, where hours are paid; one below an hour as it is."""
    if unit_hours != HOUR or deadline_hours < 1:
        return deadline_hours
    return float(math.floor(deadline_hours * (1 + STEP_GUARD)))


def _longest(work_hours: float, machines: int, start_hours: float, paid: int) -> float:
    """Until the last is through, where so many full hours are paid: some work one hour more."""
    each, longer = divmod(paid, machines)
    even = start_hours + work_hours / machines
    if longer == 0:
        return even
    by_shorter = (machines - longer) * max(0.0, each - start_hours)
    return max(even, start_hours + (work_hours - by_shorter) / longer)


def _up(value: float) -> int:
    return math.ceil(value * (1 - STEP_GUARD))
