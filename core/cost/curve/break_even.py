"""Intersections of two piecewise-affine costs: every crossing, jump, touch and tie.

The difference of two costs is affine between their breakpoints, so its sign is settled by its
one-sided limits there. A staircase has endless breakpoints, but it runs between two parallel lines,
one step of cost apart. Where the lines of the two costs lie clear of each other no step can turn
the order, and none is looked at; where they overlap (the *doubtful* stretches) every step is. So
the answer holds at every volume without a horizon. One limit remains: two costs whose slopes agree
within 1/MAX_STEPS overlap for more steps than are listed; events then end at
:attr:`Meetings.examined_to_tokens`, beyond which the two differ by less than 1/MAX_STEPS.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.cost.curve.piecewise import STEP_GUARD_RELATIVE, Floats, Piecewise

MAX_STEPS = 2_000
"""Steps of one staircase that are examined in one doubtful stretch."""

TIE_RELATIVE = 1e-9
"""Two costs closer than this, relative to the greater, are equal."""

LEAST_USD = 1e-9
"""Two costs closer than this, USD/month, are equal: what rounding leaves of nothing is nothing."""

LEAST_TOKENS = 1.0
"""Nobody sends less than one token a month: below it nothing turns."""

_NO_VOLUME: Final = np.zeros(1)


class CrossingKind(StrEnum):
    """How two cost curves meet."""

    CROSS = "cross"
    """Equal there, with a change of sign."""
    JUMP = "jump"
    """The sign changes at a step of one of them."""
    TOUCH = "touch"
    """Equal there, the same one cheaper on both sides."""
    TIE = "tie"
    """Equal over a whole interval, its ends included."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One intersection of cost a with cost b. Signs are those of a - b: -1 where a is cheaper."""

    kind: CrossingKind
    tokens_per_month: float
    sign_below: int
    """Just below (a tie: below its start); 0 at zero volume."""
    sign_above: int
    """Just above (a tie: above its end; 0 where it does not end)."""
    until_tokens_per_month: float | None = None
    """End of a tie; None at a point, inf where it does not end."""


@dataclass(frozen=True, slots=True)
class Meetings:
    """All intersections of two costs, in rising volume, and the order at the ends of the axis."""

    events: tuple[Meeting, ...]
    sign_at_start: int
    """Sign of a - b just above zero volume."""
    sign_in_the_end: int
    """Sign of a - b as the volume grows without bound: beyond the last event, or, where the steps
    were not followed to their end, that of the asymptotic slopes (0: they are equal)."""
    examined_to_tokens: float
    """Volume up to which the events are complete; inf but for nearly parallel costs."""

    @property
    def first_cheaper_tokens(self) -> float | None:
        """Lowest volume from which a is cheaper than b; None where it never is."""
        if self.sign_at_start < 0:
            return 0.0
        for event in self.events:
            if event.sign_above < 0:
                until = event.until_tokens_per_month
                return event.tokens_per_month if until is None else until
        return None

    @property
    def never_cheaper(self) -> bool:
        """Whether a is cheaper nowhere, as far as that is decided."""
        return self.first_cheaper_tokens is None and self.sign_in_the_end >= 0

    @property
    def cheaper_for_good_tokens(self) -> float | None:
        """Lowest volume beyond which a is always cheaper; None where there is none."""
        if self.sign_in_the_end >= 0 or math.isfinite(self.examined_to_tokens):
            return None
        last = 0.0
        for event in self.events:
            if event.sign_below >= 0 or event.kind is CrossingKind.TIE:
                until = event.until_tokens_per_month
                last = event.tokens_per_month if until is None else until
        return last


def meetings(a: Piecewise, b: Piecewise) -> Meetings:
    """Every intersection of two costs."""
    points, examined_to = _points(a, b)
    above = _signs(a.just_above(points), b.just_above(points))
    at_point = _signs(a.at(points), b.at(points))
    if math.isinf(examined_to) and at_point[-1] == 0:
        # Near the last knot a small margin drowns in the fixed part; far out it decides.
        slopes = (a.asymptotic_usd_per_token, b.asymptotic_usd_per_token)
        at_point[-1] = _ratio_sign(*slopes)
    if _turns_below_a_token(a, b, points, above[0] * at_point[1]):
        above[0] = 0
    # Between two points the sign near either end is that of its limit or, where that is zero,
    # of the other end: the difference is affine there.
    right_limit, left_limit = above[:-1], at_point[1:]
    near_start = np.where(right_limit != 0, right_limit, left_limit)
    near_end = np.where(left_limit != 0, left_limit, right_limit)
    events = [
        *_zero_volume(at_point[0], above[0], near_start[0]),
        *_inside(a, b, points, right_limit, left_limit),
        *_at_points(points, at_point, above, near_start, near_end),
        *_ties(points, near_start),
    ]
    events.sort(key=lambda event: event.tokens_per_month)
    in_the_end = int(near_end[-1])
    if math.isfinite(examined_to):
        in_the_end = int(np.sign(a.asymptotic_usd_per_token - b.asymptotic_usd_per_token))
    return Meetings(tuple(events), int(near_start[0]), in_the_end, examined_to)


def _signs(a_usd: Floats, b_usd: Floats) -> NDArray[np.int8]:
    """Sign of a - b, 0 within the tolerance of a tie."""
    difference = a_usd - b_usd
    tolerance = TIE_RELATIVE * np.maximum(np.abs(a_usd), np.abs(b_usd))
    equal = np.abs(difference) <= np.maximum(tolerance, LEAST_USD)
    return np.where(equal, 0, np.sign(difference)).astype(np.int8)


def _ratio_sign(a_slope: float, b_slope: float) -> int:
    """Sign of a - b far out, where the slopes alone count: 0 where they are equal."""
    if abs(a_slope - b_slope) <= TIE_RELATIVE * max(abs(a_slope), abs(b_slope)):
        return 0
    return 1 if a_slope > b_slope else -1


def _turns_below_a_token(a: Piecewise, b: Piecewise, points: Floats, signs: int) -> bool:
    """Whether the order turns within the first token; ``signs``: before times after."""
    if signs >= 0:
        return False
    first = float(a.just_above(0.0) - b.just_above(0.0))
    end = float(a.at(points[1]) - b.at(points[1]))
    return float(points[1]) * first / (first - end) < LEAST_TOKENS


def _points(a: Piecewise, b: Piecewise) -> tuple[Floats, float]:
    """Volumes between which the difference is affine, or its sign is beyond doubt.

    0, the bounds of the pieces, the steps in the doubtful stretches, and a volume beyond all of
    them. Also the volume up to which the steps were followed.
    """
    knots = distinct(np.concatenate((_NO_VOLUME, a.upper_tokens[:-1], b.upper_tokens[:-1])), 0.0)
    staircases = _staircases(a, b)
    points = [knots]
    examined_to = math.inf
    last = float(knots[-1])
    for low, high in _doubtful(a, b, knots, staircases):
        last = max(last, high if math.isfinite(high) else low)
        for step_tokens in staircases.step_tokens:
            steps, followed_to = _steps(step_tokens, low, high)
            points.append(steps)
            examined_to = min(examined_to, followed_to)
    merged = distinct(np.concatenate(points), STEP_GUARD_RELATIVE)
    merged = merged[(merged == 0) | (merged >= LEAST_TOKENS)]
    if math.isfinite(examined_to):
        return merged[merged <= examined_to], examined_to
    beyond = np.array([2 * max(last, float(merged[-1])) + 1])
    return np.concatenate((merged, beyond)), examined_to


@dataclass(frozen=True, slots=True)
class _Staircases:
    """What the staircases do to the difference of two costs."""

    lowest_usd: float
    highest_usd: float
    """The difference lies within these of what it is with the staircases averaged."""
    step_tokens: tuple[float, ...]
    """Lengths of the steps that it has."""


def _staircases(a: Piecewise, b: Piecewise) -> _Staircases:
    """Staircases of one step length (the same card at two prices) go up as one."""
    merged: list[tuple[float, int, float]] = []
    for stair, sign in [*((s, 1) for s in a.stairs), *((s, -1) for s in b.stairs)]:
        for i, (tokens, least, rise) in enumerate(merged):
            same_length = math.isclose(tokens, stair.tokens, rel_tol=STEP_GUARD_RELATIVE)
            if same_length and least == stair.least:
                merged[i] = (tokens, least, rise + sign * stair.usd)
                break
        else:
            merged.append((stair.tokens, stair.least, sign * stair.usd))
    # A count lies above its average by one step at most, by `least` where that many always stand.
    spans = [rise * max(1, least) for _, least, rise in merged]
    return _Staircases(
        math.fsum(span for span in spans if span < 0),
        math.fsum(span for span in spans if span > 0),
        tuple(tokens for tokens, _, rise in merged if rise != 0),
    )


def _doubtful(
    a: Piecewise, b: Piecewise, knots: Floats, staircases: _Staircases
) -> list[tuple[float, float]]:
    """Stretches where the bands of the two costs overlap, one at most between two knots.

    With the staircases averaged the difference is alpha + beta v; the order is in doubt while
    that lies between -highest and -lowest. Without staircases this is one point: the root.
    """
    of_a = a.upper_tokens.searchsorted(knots, side="right")
    of_b = b.upper_tokens.searchsorted(knots, side="right")
    alpha = a.usd_fixed[of_a] - b.usd_fixed[of_b]
    beta = a.mean_usd_per_token[of_a] - b.mean_usd_per_token[of_b]
    ends = np.append(knots[1:], math.inf)
    low_usd, high_usd = -staircases.highest_usd, -staircases.lowest_usd
    level = beta == 0
    slope = np.where(level, 1.0, beta)
    roots = np.sort(np.stack(((low_usd - alpha) / slope, (high_usd - alpha) / slope)), axis=0)
    overlap = (low_usd <= alpha) & (alpha <= high_usd)
    starts = np.where(level, knots, np.maximum(knots, roots[0]))
    stops = np.where(level, ends, np.minimum(ends, roots[1]))
    in_doubt = np.where(level, overlap, starts <= stops)
    return list(zip(starts[in_doubt].tolist(), stops[in_doubt].tolist(), strict=True))


def _steps(step_tokens: float, low: float, high: float) -> tuple[Floats, float]:
    """Volumes of the steps from low to high, one more at either end, and how far they reach."""
    if math.isinf(step_tokens):
        return np.empty(0), math.inf
    first = max(1.0, math.floor(low / step_tokens))
    wanted = high / step_tokens - first + 2
    complete = wanted <= MAX_STEPS
    count = math.ceil(wanted) if complete else MAX_STEPS
    steps = (first + np.arange(count, dtype=np.float64)) * step_tokens
    return steps, math.inf if complete else float(steps[-1])


def distinct(volumes: Floats, relative: float) -> Floats:
    """The volumes in rising order, without those that repeat the one before but for rounding.

    Of finite ones. Calling numpy's ``unique`` and ``diff`` takes longer than this does.
    """
    rising = np.sort(volumes)
    is_new = np.ones(rising.size, dtype=np.bool_)
    np.greater(rising[1:] - rising[:-1], relative * rising[1:], out=is_new[1:])
    result: Floats = rising[is_new]
    return result


def _zero_volume(at_zero: int, above: int, near_start: int) -> list[Meeting]:
    """The touch of two costs that are equal at no volume at all."""
    if near_start == 0 or (at_zero != 0 and above != 0):
        return []
    return [Meeting(CrossingKind.TOUCH, 0.0, 0, int(near_start))]


def _inside(
    a: Piecewise,
    b: Piecewise,
    points: Floats,
    right_limit: NDArray[np.int8],
    left_limit: NDArray[np.int8],
) -> list[Meeting]:
    """Crossings strictly between two points: the root of the affine difference."""
    where = np.flatnonzero(right_limit * left_limit < 0)
    if where.size == 0:
        return []
    start, end = points[where], points[where + 1]
    from_usd = a.just_above(start) - b.just_above(start)
    to_usd = a.at(end) - b.at(end)
    roots = start + (end - start) * (from_usd / (from_usd - to_usd))
    return [
        Meeting(CrossingKind.CROSS, float(root), int(right_limit[i]), int(left_limit[i]))
        for root, i in zip(roots, where, strict=True)
    ]


def _at_points(
    points: Floats,
    at_point: NDArray[np.int8],
    above: NDArray[np.int8],
    near_start: NDArray[np.int8],
    near_end: NDArray[np.int8],
) -> list[Meeting]:
    """Crossings, jumps and touches at the points between two pieces."""
    below_sign, above_sign = near_end[:-1], near_start[1:]
    left, right = at_point[1:-1], above[1:-1]
    changes = below_sign * above_sign < 0
    equal = (left == 0) & (right == 0)
    touches = (below_sign * above_sign > 0) & ((left == 0) | (right == 0))
    events = []
    for i in np.flatnonzero(changes | touches):
        if touches[i]:
            kind = CrossingKind.TOUCH
        else:
            kind = CrossingKind.CROSS if equal[i] else CrossingKind.JUMP
        volume = float(points[i + 1])
        events.append(Meeting(kind, volume, int(below_sign[i]), int(above_sign[i])))
    return events


def _ties(points: Floats, near_start: NDArray[np.int8]) -> list[Meeting]:
    """Stretches of equal cost; neighbouring pieces are one stretch."""
    if near_start.all():
        return []
    padded = np.concatenate(([1], near_start, [1]))
    edges = np.flatnonzero(np.diff((padded == 0).astype(np.int8)))
    events = []
    for first, after in zip(edges[::2], edges[1::2], strict=True):
        endless = after == near_start.size
        events.append(
            Meeting(
                CrossingKind.TIE,
                float(points[first]),
                int(near_start[first - 1]) if first else 0,
                0 if endless else int(near_start[after]),
                math.inf if endless else float(points[after]),
            )
        )
    return events


def turning_volumes(intersections: Meetings) -> list[float]:
    """Volumes at which the order of two costs may change."""
    volumes = [event.tokens_per_month for event in intersections.events]
    volumes += [
        event.until_tokens_per_month
        for event in intersections.events
        if event.until_tokens_per_month is not None and math.isfinite(event.until_tokens_per_month)
    ]
    return volumes
