"""The lower envelope of many straight lines: the least of them, and where another takes over."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.cost.curve.piecewise import Floats, Piecewise

ROUNDING: Final = 1e-12
"""Of the dearest count's cost: nearer than that two counts cost the same."""


def _least_at(
    fixed: Floats, slope: Floats, starts: Floats, ends: Floats
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Line that is least at either end of each stretch; the first of equals.

    The least of straight lines is concave: one that is least at both ends is least between them.
    """
    at_start = fixed + slope * starts
    at_end = fixed + slope * ends
    first = np.argmin(at_start > _nearly_least(at_start), axis=0)
    last = np.argmin(at_end > _nearly_least(at_end), axis=0)
    # One that is least at both ends, if there is one, settles the stretch.
    both = at_start[last, np.arange(last.size)] <= _nearly_least(at_start)
    return np.where(both, last, first), last


def _only_turn(
    fixed: Floats,
    slope: Floats,
    starts: Floats,
    ends: Floats,
    best: tuple[NDArray[np.intp], NDArray[np.intp]],
) -> Floats:
    """Where the line that is least at the start of a stretch gives way to that of its end.

    NaN where a third one is less there: both being least at their meeting, the first is least up to
    it and the last from it on.
    """
    first, last = best
    stretch = np.arange(starts.size)
    with np.errstate(invalid="ignore", divide="ignore"):
        place = (fixed[last, stretch] - fixed[first, stretch]) / (
            slope[first, stretch] - slope[last, stretch]
        )
    inside = (starts < place) & (place < ends)
    usd = fixed + slope * np.where(inside, place, starts)
    least = usd[first, stretch] <= _nearly_least(usd)
    return np.where(inside & least, place, math.nan)


def _nearly_least(usd: Floats) -> Floats:
    """The least of each column, and what rounding may have added to it."""
    scale = np.where(np.isfinite(usd), np.abs(usd), 0.0).max(axis=0)
    result: Floats = usd.min(axis=0) + ROUNDING * scale
    return result


def _turns(
    fixed: Floats, slope: Floats, start: float, stop: float, upper: float
) -> list[tuple[float, float, float, int]]:
    """The least of the lines over one stretch, from one end to the other.

    Where several are least at a place the flattest goes on; slopes fall from turn to turn.
    """
    rows: list[tuple[float, float, float, int]] = []
    here = start
    k = _flattest_of_least(fixed, slope, here)
    while True:
        flatter = slope < slope[k]
        with np.errstate(invalid="ignore"):
            gap = np.where(flatter, fixed - fixed[k], math.inf)
        meets = gap / np.where(flatter, slope[k] - slope, 1.0)
        meets = np.where(meets > here, meets, math.inf)
        turn = float(meets.min())
        if turn >= stop:
            rows.append((upper, float(fixed[k]), float(slope[k]), k))
            return rows
        rows.append((turn, float(fixed[k]), float(slope[k]), k))
        here, k = turn, _flattest_of_least(fixed, slope, turn)


def _flattest_of_least(fixed: Floats, slope: Floats, place: float) -> int:
    usd = fixed + slope * place
    least = usd <= _nearly_least(usd)
    return int(np.argmin(np.where(least, slope, math.inf)))


def least_lines(
    fixed: Floats, slope: Floats, starts: Floats, ends: Floats, uppers: Floats
) -> tuple[Floats, Floats, Floats]:
    """Pieces of the least over stretches that follow on each other: upper bound, fixed, slope.

    ``fixed`` and ``slope`` have a row a line and a column a stretch; ``uppers`` are the bounds of
    the stretches, ``ends`` how far their lines are looked at.
    """
    best = first, last = _least_at(fixed, slope, starts, ends)
    once = _only_turn(fixed, slope, starts, ends, best)
    column = np.arange(starts.size)
    turns = np.isfinite(once)
    whole = (first == last) | turns
    parts = [
        (column[whole], uppers[whole], last[whole]),
        (column[turns], once[turns], first[turns]),
    ]
    for i in np.flatnonzero(~whole).tolist():
        limits = float(starts[i]), float(ends[i]), float(uppers[i])
        rows = _turns(fixed[:, i], slope[:, i], *limits)
        upper, _, _, lines = (np.array(values) for values in zip(*rows, strict=True))
        parts.append((np.full(upper.size, i), upper, lines))
    where, upper, line = (np.concatenate(values) for values in zip(*parts, strict=True))
    order = np.argsort(upper, kind="stable")
    where, line = where[order], line[order]
    return upper[order], fixed[line, where], slope[line, where]


def joined(pieces: Sequence[Floats]) -> Piecewise:
    """Upper bounds, fixed parts and slopes as one cost; neighbours of one line are one piece."""
    upper, fixed, slope = pieces
    same = np.isclose(slope[1:], slope[:-1], rtol=1e-9, atol=1e-18)
    same &= np.isclose(fixed[1:], fixed[:-1], rtol=1e-9, atol=1e-6)
    # Of those that are joined the first line goes on to the last one's bound.
    begins = np.append(True, ~same)
    return Piecewise(upper[np.append(~same, True)], fixed[begins], slope[begins])
