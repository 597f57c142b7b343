"""Monthly cost, exactly piecewise affine in tokens/month, plus step functions (staircases)."""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEP_GUARD = 1e-9
"""Share of a step by which a volume may pass it: exactly k capacities need k, despite rounding."""

STEP_GUARD_RELATIVE = 1e-12
"""Keeps the guard above the rounding of the quotient where there are millions of steps."""

_FEW: Final = 6
"""Pieces whose bounds are quicker compared one by one than searched."""


def whole_steps(steps: Floats, out: Floats | None = None) -> Floats:
    """Whole steps that parts of steps need (any shape): exactly k need k, despite rounding.

    No more than a guard of nothing needs none.
    """
    scaled = np.multiply(steps, 1 - STEP_GUARD_RELATIVE, out=out)
    lowered = np.subtract(scaled, STEP_GUARD, out=out)
    result: Floats = np.ceil(lowered, out=out)
    return result


@dataclass(frozen=True, slots=True)
class Stair:
    """A step function (staircase): ``usd`` for every ``tokens`` a month begun, at least ``least``.

    Replicas, carried without end instead of being listed, so a small replica costs no memory and no
    step is left out at any volume. At a step the count is the lower one: exactly k capacities need
    k replicas.
    """

    tokens: float
    """Volume that one step carries, tokens/month; inf: the count stays at ``least``."""
    usd: float
    """USD/month of one step."""
    least: int = 1
    """Steps that stand at any volume; 0: none without a token."""

    def count(self, tokens_per_month: Floats | float) -> Floats:
        """Steps that each volume needs: whole numbers, at least ``least``."""
        steps = np.asarray(tokens_per_month, dtype=np.float64) / self.tokens
        needed = whole_steps(steps)
        if self.least == 0:
            # The guard is for whole steps; the first token needs the first one.
            needed = np.where(steps > 0, np.maximum(needed, 1.0), needed)
        result: Floats = np.maximum(needed, float(self.least))
        return result

    def count_just_above(self, tokens_per_month: Floats | float) -> Floats:
        """Limit of the count as the volume falls to each value."""
        steps = np.asarray(tokens_per_month, dtype=np.float64) / self.tokens
        begun = np.floor(steps * (1 + STEP_GUARD_RELATIVE) + STEP_GUARD) + 1
        if math.isinf(self.tokens):
            begun = np.zeros_like(steps)
        result: Floats = np.maximum(float(self.least), begun)
        return result

    @property
    def usd_per_token(self) -> float:
        """Its slope with the steps averaged, USD/token."""
        return self.usd / self.tokens


@dataclass(frozen=True, slots=True)
class Piecewise:
    """Cost in USD/month over volume in tokens/month: affine pieces plus regular step functions.

    Piece i holds for ``upper[i-1] < v <= upper[i]`` (the first one also at v = 0) and costs
    ``usd_fixed[i] + usd_per_token[i] * v``; the last upper bound is +inf.
    """

    upper_tokens: Floats
    usd_fixed: Floats
    usd_per_token: Floats
    stairs: tuple[Stair, ...] = ()
    """On top of the pieces. A fleet that follows the load has one for each hour of the day."""

    def at(self, tokens_per_month: Floats | float) -> Floats:
        """Cost in USD/month at each volume (any shape); at a step, the lower side's."""
        volume = np.asarray(tokens_per_month, dtype=np.float64)
        result = self._affine(volume, np.greater, "left")
        for stair in self.stairs:
            result = result + stair.usd * stair.count(volume)
        return result

    def just_above(self, tokens_per_month: Floats | float) -> Floats:
        """Limit of the cost in USD/month as the volume falls to each value (any shape)."""
        volume = np.asarray(tokens_per_month, dtype=np.float64)
        result = self._affine(volume, np.greater_equal, "right")
        for stair in self.stairs:
            result = result + stair.usd * stair.count_just_above(volume)
        return result

    @property
    def mean_usd_per_token(self) -> Floats:
        """Slope of each piece with its staircases averaged, USD/token."""
        return self.usd_per_token + math.fsum(stair.usd_per_token for stair in self.stairs)

    @property
    def asymptotic_usd_per_token(self) -> float:
        """What a token costs in the end, as the volume grows without bound, USD."""
        return float(self.mean_usd_per_token[-1])

    def steps(self, most: int) -> Floats:
        """Volumes at which the cost may bend or jump, the first ``most`` of each staircase."""
        steps = [stair.tokens * np.arange(1, most + 1) for stair in self.stairs]
        found = np.concatenate([self.upper_tokens, *steps])
        result: Floats = np.unique(found[np.isfinite(found)])
        return result

    def _affine(self, volume: Floats, passes: np.ufunc, side: Literal["left", "right"]) -> Floats:
        """Of the piece that each volume lies in; few bounds are compared, many are searched."""
        if self.upper_tokens.size == 1:
            only: Floats = self.usd_fixed[0] + self.usd_per_token[0] * volume
            return only
        piece = np.zeros(volume.shape, dtype=np.intp)
        if self.upper_tokens.size <= _FEW:
            for bound in self.upper_tokens[:-1].tolist():
                piece += passes(volume, bound)
        else:
            piece = np.asarray(np.searchsorted(self.upper_tokens, volume, side=side))
        result: Floats = self.usd_fixed.take(piece) + self.usd_per_token.take(piece) * volume
        return result


def affine(usd_fixed: float, usd_per_token: float) -> Piecewise:
    """A cost with one fixed part (USD/month) and one slope (USD/token)."""
    return Piecewise(np.array([math.inf]), np.array([usd_fixed]), np.array([usd_per_token]))
