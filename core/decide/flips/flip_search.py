"""The nearest value at which a decision changes, between a value and a limit."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

LOOKS: Final = 6
"""Values looked at from the present one to a limit before the flip is closed in on."""
NEAR: Final = 5e-4
"""Relative distance of the two sides at which a flip is found."""
FLOOR: Final = 1e-3
"""Share of the way at which the first look is taken on a linear scale."""

Winner = Callable[[float], str | None]
"""Who wins at a value; None where there is no answer, which is no other answer."""


def looks(now: float, limit: float, *, logarithmic: bool, whole: bool) -> list[float]:
    """Values from the present one to a limit, the present one first."""
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
    """The last value with the same winner, the first with another, and that other."""
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
    """Halve the stretch between two sides of a flip until they are near."""
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
