"""The domain of an argument, checked where it enters: each sentence names field and limit.

Every check returns the value, so it can stand where the value is used, and takes a number or an
array. NaN fails all of them.
"""

import math
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelInputError

Value = TypeVar("Value", float, NDArray[np.float64])


Truth = bool | NDArray[np.bool_]


def _every(holds: Truth) -> bool:
    """Whether something holds of a number, or of all of an array; numpy is slow on one number."""
    return holds if isinstance(holds, bool) else bool(np.all(holds))


def positive(name: str, value: Value) -> Value:
    """``value``, if it is above 0 and finite."""
    if not (_every(value > 0) and _every(value < math.inf)):
        raise ModelInputError(f"{name} must be above 0 and finite, not {value}")
    return value


def at_least(limit: float, name: str, value: Value) -> Value:
    """``value``, if it is finite and not below ``limit``."""
    if not (_every(value >= limit) and _every(value < math.inf)):
        raise ModelInputError(f"{name} must be at least {limit:g} and finite, not {value}")
    return value


def not_negative(name: str, value: Value) -> Value:
    """``value``, if it is finite and 0 or more."""
    return at_least(0.0, name, value)


def between(low: float, high: float, name: str, value: Value) -> Value:
    """``value``, if it lies from ``low`` to ``high``, both included."""
    if not (_every(value >= low) and _every(value <= high)):
        raise ModelInputError(f"{name} must lie from {low:g} to {high:g}, not {value}")
    return value


def share(name: str, value: Value) -> Value:
    """``value``, if it lies from 0 to 1."""
    return between(0.0, 1.0, name, value)


def above_minus_one(name: str, value: float) -> float:
    """A rate of growth, if something is left of what it acts on."""
    if not (value > -1 and math.isfinite(value)):
        raise ModelInputError(f"{name} must be above -1 and finite, not {value}")
    return value


def whole(name: str, value: int, minimum: int = 0) -> int:
    """``value``, if it is a whole number of at least ``minimum``."""
    if not isinstance(value, int) or isinstance(value, bool) or value < minimum:
        raise ModelInputError(f"{name} must be a whole number of at least {minimum}, not {value}")
    return value


def not_empty(name: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """``values``, if they are a row of at least one number."""
    if values.ndim != 1 or values.size == 0:
        raise ModelInputError(f"{name} must be a row of at least one value")
    return values
