"""The nearest value at which a decision changes, between a value and a limit."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

LOOKS: Final = 6
"""Steps of the search grid from the present value to a limit; bisection follows."""
NEAR: Final = 5e-4
"""Relative tolerance of the bisection, between the two sides of a flip."""
FLOOR: Final = 1e-3
"""First step of a linear grid, as a share of the whole way."""

Winner = Callable[[float], str | None]
"""Who wins at a value; None where there is no answer, which is no other answer."""


def looks(now: float, limit: float, *, logarithmic: bool, whole: bool) -> list[float]:
    """Search grid from the present value to a limit, the present one first."""
    if now == limit:
        return [now]
    if logarithmic and min(now, limit) > 0:
        values = np.geomspace(now, limit, LOOKS + 1)
    else:
        values = now + (limit - now) * _spaced()
    grid = [now, *values[1:-1].tolist(), limit]
    return list(dict.fromkeys(float(round(value)) for value in grid)) if whole else grid


def _spaced() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Shares of the way, denser near the present value: a nearer flip matters more."""
    return np.concatenate(([0.0], np.geomspace(FLOOR, 1.0, LOOKS)))


def edge(
    winner: Winner, before: str, values: Sequence[float], *, whole: bool
) -> tuple[float, float, str] | None:
    """Bracket of a flip: last value with the same winner, first with another, and that other."""
    still = values[0]
    for value in values[1:]:
        who = winner(value)
        if who is not None and who != before:
            return _closed_in(winner, before, still, value, who, whole=whole)
        still = value
    return None


def _closed_in(
    winner: Winner, before: str, still: float, beyond: float, who: str, *, whole: bool
) -> tuple[float, float, str]:
    """Bisection: halve the bracket of a flip until its two sides are near."""
    while abs(beyond - still) > (1.0 if whole else NEAR * max(abs(still), abs(beyond))):
        both_above = min(still, beyond) > 0
        middle = math.sqrt(still * beyond) if both_above else (still + beyond) / 2
        middle = float(round(middle)) if whole else middle
        if middle in (still, beyond):
            middle = (still + beyond) // 2 if whole else middle
            if middle in (still, beyond):
                break
        cheapest = winner(middle)
        if cheapest is None or cheapest == before:
            still = middle
        else:
            beyond, who = middle, cheapest
    return still, beyond, who
