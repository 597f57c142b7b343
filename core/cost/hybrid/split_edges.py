"""The volumes at which the cost of a split may bend, jump or change its count of replicas."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.cost.curve.break_even import distinct
from core.cost.curve.piecewise import STEP_GUARD, Floats
from core.cost.hybrid.split_cost import SplitCost
from core.cost.hybrid.split_terms import SplitTerms
from core.cost.under_factors.many_factors import SAME

STRAIGHT_FROM: Final = 540.0
"""Replicas' worth of money from which parts of a replica are counted: half of one more or less is
0.1 % of the bill."""

NEAREST: Final = 5e-4
"""Of the replicas that are up: steps that raise them by less than this together are one edge."""

NOTHING: Final = 1e-12
"""Of the busiest hour's load: what comes in an hour of less bends nothing at any volume."""

FEW: Final = 52
"""Replicas that are always counted, whatever else the bill is made of."""

APART: Final = 1e-8
"""Volumes nearer than that, over the greater, are one."""

AT_ONCE: Final = 1_400
"""Stretches: later ones have fewer counts beside which the best may lie."""

_LOOKS: Final = 160
_FARTHEST: Final = 1e9
"""Times the volume of a few replicas: nothing that is counted lies beyond."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far whole replicas are counted."""

    until: float
    """From this volume on parts of replicas do."""
    places: tuple[float, ...]
    """Volume up to which each place may have the best count beside it."""


def reach(bill: SplitTerms) -> Reach:
    """The reach of a bill.

    A whole replica more than the best part costs one replica at most, so a place whose cost is two
    above the least has no best count beside it.
    """
    few = FEW * bill.flat_capacity_tokens / bill.load.peak
    volumes = few * np.geomspace(1.0, _FARTHEST, _LOOKS)
    split = SplitCost(bill, SAME, volumes, whole=False)
    counts = np.stack([place for (place,) in split.counts()])
    costs = split.with_replicas(counts)
    least, unit = np.minimum(split.api_alone(), costs.min(axis=0)), one_more_usd(bill)
    enough = int(np.argmax(np.append(least[:-1] >= STRAIGHT_FROM * unit, True)))
    near = costs <= least + 2 * unit
    # Beside an API that costs next to nothing no second replica is ever near the best.
    enough = min(enough, _after_last((near & (counts > 1)).any(axis=0)))
    last = [min(_after_last(row), enough) for row in near]
    if bill.load_of_enough is not None:
        last.append(enough)  # beside what is just enough, of whole replicas
    return Reach(float(volumes[enough]), tuple(float(volumes[i]) for i in last))


def one_more_usd(bill: SplitTerms) -> float:
    """What a replica more costs: its month, and more where its tokens are dearer than the API's.

    Those it has only where a limit of the API's asks for it.
    """
    unit = bill.base.usd_per_replica_month
    if math.isinf(bill.api_limit_tokens) and bill.least_load == 0:
        return unit
    dearer = bill.base.usd_per_token - bill.burst_curve.asymptotic_usd_per_token
    return unit + max(0.0, dearer) * bill.flat_capacity_tokens


def _after_last(true: NDArray[np.bool_]) -> int:
    """Place behind the last that is true, the first where none is; at most the last of all."""
    return min(int(np.flatnonzero(true)[-1]) + 1, true.size - 1) if true.any() else 0


def whole_edges(bill: SplitTerms, far: Reach) -> Floats:
    """Where the cost with whole replicas bends or jumps, from no volume to the reach."""
    places = [np.zeros(1), np.array([far.until]), *_limits(bill), *_counted(bill, far)]
    if bill.base.hours:
        places += [_first_loads(bill), _steps_of_stretches(bill, far)]
    edges = _within(np.concatenate(places), far.until)
    bends = list(_bends_between(bill, edges, far))
    edges = _within(np.concatenate((edges, *bends)), far.until) if bends else edges
    if bill.load_of_enough is None:
        return edges
    return _within(np.concatenate((edges, *_just_enough(bill, edges, far))), far.until)


def part_edges(bill: SplitTerms, start: float) -> Floats:
    """Where the cost with parts of replicas bends, from a volume on without end."""
    capacity, limit = bill.flat_capacity_tokens, bill.api_limit_tokens
    bounds = bill.tier_bounds
    quota = math.inf if bill.quota is None else bill.quota * capacity
    places = [np.array([start]), *_limits(bill)]
    spills = np.append(bill.load.excess, bill.load.exceeding(_others_that_bend(bill)))
    places += [bound / spills[spills > 0] for bound in bounds]
    # One replica at least, and no more than the quota, whatever the volume.
    for carried in (capacity, quota):
        if math.isfinite(carried):
            places += [carried / loads_of_hours(bill), carried / _others_that_bend(bill)]
            ends = np.array([carried])
            places += [bill.load.volumes_that_spill(ends, bound) for bound in bounds]
    if math.isfinite(limit):
        places.append((limit + np.array([capacity, quota])) / bill.load.peak)
        places += _beside_the_limit(bill, bounds)
    volumes = np.concatenate(places)
    return distinct(volumes[(volumes >= start) & np.isfinite(volumes)], APART)


def loads_of_hours(bill: SplitTerms) -> Floats:
    """Loads over the mean of the hours that have any, rising."""
    knots = bill.load.knots
    result: Floats = knots[knots > NOTHING * knots[-1]]
    return result


def _others_that_bend(bill: SplitTerms) -> Floats:
    """Loads over the mean, above 0, that no hour has and at which the cost of a split bends.

    Of a base that follows the load, what cannot wait is less than an hour's load; of an API that
    may not take everything, what it must not take.
    """
    loads = np.append(bill.bends_of_following, bill.least_load)
    result: Floats = loads[loads > NOTHING * bill.load.peak]
    return result


def _within(volumes: Floats, until: float) -> Floats:
    return distinct(volumes[(volumes >= 0) & (volumes <= until)], APART)


def _limits(bill: SplitTerms) -> Iterator[Floats]:
    """Where the API alone begins a tier, or takes no more."""
    yield bill.alone_curve.upper_tokens[:-1]
    limit = bill.alone_limit
    if math.isfinite(limit):
        yield np.array([limit])


def _counted(bill: SplitTerms, far: Reach) -> Iterator[Floats]:
    """Where a count that may be the best changes by one."""
    capacity, peak = bill.flat_capacity_tokens, bill.load.peak
    split = SplitCost(bill, SAME, np.ones(1))
    loads = [float(np.ravel(load)[0]) for load in split.loads()]
    for load, until in zip(loads, far.places, strict=False):
        if load > NOTHING * peak:
            yield _counts(bill, until * load / capacity) * (capacity / load)
    bounds = bill.tier_bounds
    for bound, until in zip(bounds, far.places[len(loads) :], strict=False):
        counts = _counts(bill, until * peak / capacity)
        yield bill.load.volumes_that_spill(counts * capacity, bound)
    if math.isfinite(bill.api_limit_tokens):
        beyond = max(0.0, far.until * peak - bill.api_limit_tokens)
        carried = np.append(0.0, _counts(bill, beyond / capacity)) * capacity
        yield (carried + bill.api_limit_tokens) / peak


def _first_loads(bill: SplitTerms) -> Floats:
    """Where a stretch of the month has load enough for its first replica."""
    loads = bill.readiness[1]
    result: Floats = STEP_GUARD * bill.flat_capacity_tokens / loads[loads > 0]
    return result


def _counts(bill: SplitTerms, replicas: float) -> Floats:
    """Whole replicas from 1 to one beyond so many; no more than can be had."""
    quota = math.inf if bill.quota is None else bill.quota
    return np.arange(1.0, math.floor(min(replicas, quota)) + 2)


def _most_replicas(bill: SplitTerms, far: Reach) -> float:
    """More than the best count is anywhere within the reach."""
    if math.isfinite(bill.api_limit_tokens):
        return far.until * bill.load.peak / bill.flat_capacity_tokens
    loads = bill.bends_of_following.tolist()
    # Of the places where a tier begins only the volume is known.
    loads += [bill.load.peak] * (len(far.places) - len(loads))
    tokens: float = max(load * until for load, until in zip(loads, far.places, strict=True))
    return 1 + tokens / bill.flat_capacity_tokens


def _steps_of_stretches(bill: SplitTerms, far: Reach) -> Floats:
    """Where a stretch of the month needs one more replica; small steps taken together.

    What it needs beyond the best count is not had, so those steps are none.
    """
    (shares, loads), most = bill.readiness, _most_replicas(bill, far)
    steps, rises = [], []
    for share, load in zip(shares.tolist(), loads.tolist(), strict=True):
        if load > NOTHING * loads[-1]:
            each = bill.flat_capacity_tokens / load
            steps.append(_counts(bill, min(far.until / each, most)) * each)
            rises.append(np.full(steps[-1].size, share))
    if not steps:
        return np.empty(0)
    order = np.argsort(np.concatenate(steps))
    up = 1 + np.cumsum(np.concatenate(rises)[order])
    level = np.floor(np.log(up) / math.log1p(NEAREST))
    result: Floats = np.concatenate(steps)[order][np.append(True, np.diff(level) > 0)]
    return result


def best_counts(bill: SplitTerms, volumes: Floats, far: Reach) -> tuple[Floats, NDArray[np.bool_]]:
    """Whole counts that may be the best at rising volumes: shape (counts, volumes).

    Each volume has its own, at the top; below them, where the mask is False, it has none.
    """
    listed: list[tuple[NDArray[np.intp], Floats]] = []
    before: tuple[Floats, ...] = ()
    for until, beside in zip(far.places, SplitCost(bill, SAME, volumes).counts(), strict=True):
        within = int(np.searchsorted(volumes, until, side="right"))
        if within == 0:
            continue
        here: list[Floats] = []
        for count in (row[:within] for row in beside):
            new = np.ones(within, dtype=np.bool_)
            # Places rise, and most have the same whole numbers beside them as the one before.
            for other in (*before, *here):
                new[: other.size] &= count[: other.size] != other[:within]
            where = np.flatnonzero(new)
            listed.append((where, count[where]))
            here.append(count)
        before = tuple(here)
    return _in_columns(listed, volumes.size)


def _in_columns(
    listed: list[tuple[NDArray[np.intp], Floats]], size: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """Values with the places that they are for, as columns that are filled from the top."""
    filled = np.zeros(size, dtype=np.intp)
    rows = []
    for where, values in listed:
        rows.append((filled[where], where, values))
        filled[where] += 1
    columns = np.ones((int(filled.max(initial=0)), size))
    for row, where, values in rows:
        columns[row, where] = values
    return columns, np.arange(columns.shape[0])[:, np.newaxis] < filled


def _bends_between(bill: SplitTerms, edges: Floats, far: Reach) -> Iterator[Floats]:
    """Where the cost of a count that may be the best between two edges bends."""
    loads = loads_of_hours(bill)
    for starts, ends in stretches(edges):
        counts, near = best_counts(bill, (starts + ends) / 2, far)
        carried = counts[near] * bill.flat_capacity_tokens
        low, high = (np.broadcast_to(side, near.shape)[near] for side in (starts, ends))
        # Hours whose load it just carries somewhere between the two.
        first = np.searchsorted(loads, carried / high, side="right")
        with np.errstate(divide="ignore"):
            after = np.searchsorted(loads, carried / low, side="left")
        number = np.maximum(0, after - first)
        each = np.repeat(np.arange(carried.size), number)
        place = np.arange(each.size) - np.repeat(np.cumsum(number) - number, number) + first[each]
        yield carried[each] / loads[place]
        for bound in bill.tier_bounds:
            bends = bill.load.volumes_that_spill(carried, bound)
            yield bends[(bends > low) & (bends < high)]


def _just_enough(bill: SplitTerms, edges: Floats, far: Reach) -> Iterator[Floats]:
    """Where between two edges the replicas of a count that may be the best are just enough."""
    for starts, ends in stretches(edges):
        spans = ends - starts
        counts, near = best_counts(bill, (starts + ends) / 2, far)
        before, after = (
            SplitCost(bill, SAME, starts + part * spans).short(counts) for part in (0.1, 0.9)
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            part = 0.1 + 0.8 * before / (before - after)
            places = starts + part * spans
        yield places[near & (part > 0) & (part < 1)]


def stretches(edges: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Starts and ends between the edges, some hundreds at once."""
    for first in range(0, edges.size - 1, AT_ONCE):
        part = edges[first : first + AT_ONCE + 1]
        yield part[:-1], part[1:]


def _beside_the_limit(bill: SplitTerms, bounds: list[float]) -> Iterator[Floats]:
    """Where as many replicas as the API's limit demands bend: limit = V (peak - load)."""
    loads, limit = bill.load.knots[:-1], bill.api_limit_tokens
    others = _others_that_bend(bill)
    yield limit / (bill.load.peak - others[others < bill.load.peak])
    volumes = limit / (bill.load.peak - loads)
    yield volumes
    # Beside them ever less spills as the volume rises.
    spilled = volumes * bill.load.excess[:-1]
    for bound in bounds:
        if spilled[-1] < bound < spilled[0]:
            yield np.array([np.interp(bound, spilled[::-1], volumes[::-1])])
