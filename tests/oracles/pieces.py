"""Costs of known shape, for laws that hold of any cost."""

import math

import numpy as np
from numpy.typing import ArrayLike

from core.cost.curve.checks import not_negative, whole
from core.cost.curve.piecewise import STEP_GUARD, STEP_GUARD_RELATIVE, Floats, Piecewise, Stair


def staircase(
    usd_fixed: float, usd_per_token: float, step_tokens: float, step_usd: float, least: int = 1
) -> Piecewise:
    """An affine cost plus ``step_usd`` for every ``step_tokens`` begun, ``least`` at least."""
    return Piecewise(
        np.array([math.inf]),
        np.array([usd_fixed]),
        np.array([usd_per_token]),
        (Stair(step_tokens, step_usd, least),),
    )


def calls_needed(items: ArrayLike, items_per_call: int) -> Floats:
    """Calls that carry so many items, ceil(items/items per call); 0 for none (any shape)."""
    count = not_negative("items", np.asarray(items, dtype=np.float64))
    calls = count / whole("items in a call", items_per_call, 1)
    result: Floats = np.maximum(0.0, np.ceil(calls * (1 - STEP_GUARD_RELATIVE) - STEP_GUARD))
    return result
