"""Laws of what is not known for certain: each turns a uniform draw from 0 to 1 into a value."""

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import Final

import numpy as np
from scipy.special import ndtri

from core.cost.curve.checks import positive
from core.cost.curve.piecewise import Floats
from core.errors import ModelInputError

TAIL: Final = 0.05
"""Share on either side of a range that is a normal or lognormal law's: 9 of 10 lie within."""

_Z_TAIL: Final = NormalDist().inv_cdf(1 - TAIL)
_INSIDE: Final = 1e-12
"""Draws are kept so far from 0 and 1 that no normal law is asked for infinity."""


class LawKind(StrEnum):
    """How values spread over a range."""

    FIXED = "known"
    """The value itself."""
    LOG_UNIFORM = "log-uniform"
    """Every ratio between low and high alike: the right ignorance of prices and speeds."""
    UNIFORM = "uniform"
    TRIANGULAR = "triangular"
    """From low to high, most likely at the value."""
    NORMAL = "normal"
    """Mean at the value; 9 of 10 fall into a range as wide as low to high."""
    LOG_NORMAL = "log-normal"
    """Median at the value; 9 of 10 fall into a ratio as wide as high over low."""
    TWO_STATES = "either end"
    """Low or high, equally likely: a price that is cut or not."""


@dataclass(frozen=True, slots=True)
class Law:
    """A value with its range."""

    kind: LawKind
    low: float
    value: float
    high: float

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.low, self.value, self.high))):
            raise ModelInputError("a range needs finite numbers for low, value and high")
        if self.low > self.high:
            raise ModelInputError(
                f"the range is upside down: low {self.low:g} is above high {self.high:g}"
            )
        if not self.low <= self.value <= self.high:
            raise ModelInputError(
                f"the value {self.value:g} lies outside its range of {self.low:g} to {self.high:g}"
            )
        if self.kind in (LawKind.LOG_UNIFORM, LawKind.LOG_NORMAL) and self.spread > 0:
            positive(f"low end of a {self.kind} range", self.low)

    @property
    def spread(self) -> float:
        """Width of the range; 0 of what is known."""
        return 0.0 if self.kind is LawKind.FIXED else self.high - self.low

    def at(self, draws: Floats) -> Floats:
        """The value at each share of the probability (any shape)."""
        if self.spread == 0:
            return np.full(draws.shape, self.value)
        match self.kind:
            case LawKind.LOG_UNIFORM:
                ratio = math.log(self.high / self.low)
                result: Floats = self.low * np.exp(ratio * draws)
            case LawKind.UNIFORM:
                result = self.low + (self.high - self.low) * draws
            case LawKind.TRIANGULAR:
                result = self._triangular(draws)
            case LawKind.TWO_STATES:
                result = np.where(draws < 0.5, self.low, self.high)
            case LawKind.NORMAL:
                result = self.value + self._sd * normal_scores(draws)
            case _:
                result = self.value * np.exp(self._log_sd * normal_scores(draws))
        return result

    @property
    def ends(self) -> tuple[float, float]:
        """The values that 5 % fall below and 5 % above."""
        low, high = self.at(np.array([TAIL, 1 - TAIL]))
        return float(low), float(high)

    @property
    def _sd(self) -> float:
        return (self.high - self.low) / (2 * _Z_TAIL)

    @property
    def _log_sd(self) -> float:
        return math.log(self.high / self.low) / (2 * _Z_TAIL)

    def _triangular(self, draws: Floats) -> Floats:
        width = self.high - self.low
        turn = (self.value - self.low) / width
        rising = self.low + np.sqrt(draws * width * (self.value - self.low))
        falling = self.high - np.sqrt((1 - draws) * width * (self.high - self.value))
        return np.where(draws < turn, rising, falling)


def known(value: float) -> Law:
    """A value that is taken as certain."""
    return Law(LawKind.FIXED, value, value, value)


def normal_scores(draws: Floats) -> Floats:
    """Quantiles of the standard normal law."""
    result: Floats = ndtri(np.clip(draws, _INSIDE, 1 - _INSIDE))
    return result
