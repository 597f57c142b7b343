"""A fleet bought in several ways: on demand, reserved, or spot that may be taken away."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from core.cost.breakdown import CostLine
from core.cost.checks import not_negative, positive, whole
from core.cost.piecewise import Floats
from core.errors import ModelInputError


class Purchase(StrEnum):
    """How replicas are paid for."""

    ON_DEMAND = "on demand"
    RESERVED = "reserved"
    """Paid for the whole term, used or not."""
    SPOT = "spot"
    """Cheaper, and taken away at any time."""


@dataclass(frozen=True, slots=True)
class Tranche:
    """Replicas of a fleet that are bought alike."""

    purchase: Purchase
    replicas: int
    usd_per_hour: float
    interruptions_per_hour: float = 0.0
    """iota, of one spot replica while it is up."""
    recovery_hours: float = 0.0
    """t_rec: from an interruption until its successor works."""

    def __post_init__(self) -> None:
        whole("replicas", self.replicas)
        not_negative("price of a replica hour", self.usd_per_hour)
        not_negative("interruptions an hour", self.interruptions_per_hour)
        not_negative("recovery in hours", self.recovery_hours)
        if self.purchase is not Purchase.SPOT and self.interruptions_per_hour > 0:
            raise ModelInputError(
                f"interruptions an hour must be 0 for {self.purchase} replicas: only spot "
                "replicas are taken away"
            )

    @property
    def availability(self) -> float:
        """Chance that one of them works at a moment, 1/(1 + iota t_rec)."""
        return 1 / self._lost_time_factor

    @property
    def usd_per_useful_hour(self) -> float:
        """Price of an hour of work, p (1 + iota t_rec): the time lost in recovery is paid."""
        return self.usd_per_hour * self._lost_time_factor

    @property
    def _lost_time_factor(self) -> float:
        return 1 + self.interruptions_per_hour * self.recovery_hours


def fleet_lines(tranches: Sequence[Tranche], hours_per_month: float) -> tuple[CostLine, ...]:
    """One line a tranche, n p (1 + iota t_rec) H: n replicas' worth of work in all hours."""
    positive("hours a month", hours_per_month)
    return tuple(
        CostLine(
            f"Rent, {tranche.purchase}",
            tranche.replicas * tranche.usd_per_useful_hour * hours_per_month,
            f"{tranche.replicas} x ${tranche.usd_per_useful_hour:.6g} a useful hour x "
            f"{hours_per_month:g} h",
        )
        for tranche in tranches
    )


def fleet_usd_per_month(tranches: Sequence[Tranche], hours_per_month: float) -> float:
    """The fleet's month, sum of n p (1 + iota t_rec) H."""
    return math.fsum(line.usd_per_month for line in fleet_lines(tranches, hours_per_month))


def chance_enough(tranches: Sequence[Tranche], needed: int) -> float:
    """Chance that at least so many replicas work at a moment; they fail independently.

    Binomial in each tranche, so that the whole is the convolution of the tranches.
    """
    whole("replicas needed", needed)
    working = np.array([1.0])
    for tranche in tranches:
        working = np.convolve(working, _binomial(tranche.replicas, tranche.availability))
    # Summed from the smaller side, so that 1 - 1e-20 and 1e-20 both keep their digits.
    short, enough = float(working[:needed].sum()), float(working[needed:].sum())
    return enough if enough < short else 1 - short


def replicas_for_chance(tranche: Tranche, needed: int, chance: float) -> int:
    """Fewest replicas bought like this of which ``needed`` work with at least this chance."""
    if not 0 < chance < 1:
        raise ModelInputError(f"chance must lie between 0 and 1, not {chance}")
    if whole("replicas needed", needed) == 0:
        return 0
    most = _MOST_SPARES * needed
    enough = bisect_left(
        range(needed, most + 1),
        chance,
        key=lambda replicas: chance_enough([replace(tranche, replicas=replicas)], needed),
    )
    if needed + enough > most:
        raise ModelInputError(
            f"availability of {tranche.availability:.3g} is too low: even {most} replicas "
            f"do not give {needed} with a chance of {chance:g}"
        )
    return needed + enough


_MOST_SPARES: Final = 20
"""Times the need beyond which nobody would buy replicas to be safe."""


def _binomial(n: int, p: float) -> Floats:
    """P(k of n), k = 0 ... n, by logarithms so that no factor overflows."""
    if p == 1:
        return np.append(np.zeros(n), 1.0)
    k = np.arange(n + 1)
    log_factorial = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, n + 1)))))
    log_choose = log_factorial[n] - log_factorial - log_factorial[::-1]
    result: Floats = np.exp(log_choose + k * math.log(p) + (n - k) * math.log1p(-p))
    return result
