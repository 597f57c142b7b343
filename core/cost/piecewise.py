"""Monthly cost as an exact piecewise-affine function of the volume in tokens/month."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEP_GUARD = 1e-9
"""Share of a step by which a volume may pass it: exactly k capacities need k, despite rounding."""

STEP_GUARD_RELATIVE = 1e-12
"""Keeps the guard above the rounding of the quotient where there are millions of steps."""


@dataclass(frozen=True, slots=True)
class Piecewise:
    """Cost in USD/month over volume in tokens/month: affine pieces plus a regular staircase.

    Piece i holds for ``upper[i-1] < v <= upper[i]`` (the first one also at v = 0) and costs
    ``usd_fixed[i] + usd_per_token[i] * v``; the last upper bound is +inf. On top come
    ``step_usd * max(1, ceil(v / step_tokens))``: the replicas, carried without end instead of being
    listed, so a small replica costs no memory and no step is left out at any volume.
    At a step the value belongs to the lower one: exactly k capacities need k replicas.
    """

    upper_tokens: Floats
    usd_fixed: Floats
    usd_per_token: Floats
    step_tokens: float = math.inf
    """Volume that one replica carries; inf: no staircase."""
    step_usd: float = 0.0
    """USD/month of one replica."""

    def at(self, tokens_per_month: Floats | float) -> Floats:
        """Cost in USD/month at each volume (any shape); at a step, the lower side's."""
        volume = np.asarray(tokens_per_month, dtype=np.float64)
        piece = np.searchsorted(self.upper_tokens, volume, side="left")
        return self._affine(piece, volume) + self.step_usd * self.replicas_at(volume)

    def just_above(self, tokens_per_month: Floats | float) -> Floats:
        """Limit of the cost in USD/month as the volume falls to each value (any shape)."""
        volume = np.asarray(tokens_per_month, dtype=np.float64)
        piece = np.searchsorted(self.upper_tokens, volume, side="right")
        steps = volume / self.step_tokens
        replicas = np.floor(steps * (1 + STEP_GUARD_RELATIVE) + STEP_GUARD) + 1
        return self._affine(piece, volume) + self.step_usd * replicas

    def replicas_at(self, tokens_per_month: Floats | float) -> Floats:
        """Steps of the staircase that each volume needs: whole numbers, at least 1."""
        steps = np.asarray(tokens_per_month, dtype=np.float64) / self.step_tokens
        needed = np.ceil(steps * (1 - STEP_GUARD_RELATIVE) - STEP_GUARD)
        result: Floats = np.maximum(1.0, needed)
        return result

    @property
    def mean_usd_per_token(self) -> Floats:
        """Slope of each piece with its staircase averaged, USD/token."""
        return self.usd_per_token + self.step_usd / self.step_tokens

    @property
    def asymptotic_usd_per_token(self) -> float:
        """What a token costs in the end, as the volume grows without bound, USD."""
        return float(self.mean_usd_per_token[-1])

    def _affine(self, piece: NDArray[np.intp], volume: Floats) -> Floats:
        result: Floats = self.usd_fixed[piece] + self.usd_per_token[piece] * volume
        return result


def affine(usd_fixed: float, usd_per_token: float) -> Piecewise:
    """A cost with one fixed part (USD/month) and one slope (USD/token)."""
    return Piecewise(np.array([math.inf]), np.array([usd_fixed]), np.array([usd_per_token]))


def staircase(
    usd_fixed: float, usd_per_token: float, step_tokens: float, step_usd: float
) -> Piecewise:
    """An affine cost plus ``step_usd`` for every ``step_tokens`` begun, at least once."""
    return Piecewise(
        np.array([math.inf]),
        np.array([usd_fixed]),
        np.array([usd_per_token]),
        step_tokens,
        step_usd,
    )
