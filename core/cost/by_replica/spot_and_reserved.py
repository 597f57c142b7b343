"""A fleet bought in several ways: on demand, reserved, or spot that may be taken away."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.cost.curve.checks import not_negative, whole
from core.cost.curve.piecewise import Floats
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


def _binomial(n: int, p: float) -> Floats:
    """P(k of n), k = 0 ... n, by logarithms so that no factor overflows."""
    if p == 1:
        return np.append(np.zeros(n), 1.0)
    k = np.arange(n + 1)
    log_factorial = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, n + 1)))))
    log_choose = log_factorial[n] - log_factorial - log_factorial[::-1]
    result: Floats = np.exp(log_choose + k * math.log(p) + (n - k) * math.log1p(-p))
    return result
