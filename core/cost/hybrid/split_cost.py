"""What a split between so many replicas and an API costs, for very many volumes at once.

The cost is straight in the count k between the places where it bends: where an hour's load is just
carried, where a tier of the API begins, and, of a base that follows the load, where an hour needs
no more, or where what stands for what cannot wait begins to be enough for all that is carried. So
the best whole number lies beside one of those.

Of a base that is up at all hours the places of the hours need not be tried one by one. At one price
of the API the cost is then convex in k: the k-th replica pays while it is used more than
u* = c_h/(C p), the break-even utilisation, so the best k lies beside the load that is exceeded for
that share of the hours (the newsvendor's fractile).
"""

import math
from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np

from core.cost.curve.piecewise import STEP_GUARD, STEP_GUARD_RELATIVE, Floats, whole_steps
from core.cost.hybrid.split_terms import SplitTerms
from core.cost.under_factors.many_factors import Column, Factors

_FREE: Final = 1e-300
"""Stands for a price of nothing: what is free for each token is used whatever a replica costs."""


class SplitCost:
    """The split of each scenario's volume between so many replicas and the API."""

    def __init__(
        self, bill: SplitTerms, factors: Factors, volumes: Floats, *, whole: bool = True
    ) -> None:
        """``whole``: replicas are counted; otherwise parts of one are had for a part of it."""
        self._bill, self._factors, self._volumes, self._whole = bill, factors, volumes, whole
        self._load = bill.load
        self._api = Factors(price=factors.burst)
        self._carried = bill.flat_capacity_tokens * factors.capacity
        """Tokens a month that one replica carries at an even load."""
        base = bill.base
        rent = base.acquisition.usd_per_month
        idle = base.usd_per_replica_month - rent
        self._unit_usd: Column = rent * factors.price + idle * factors.idle_energy
        others = base.usd_per_token - base.active_usd_per_token
        self._usd_per_token: Column = base.active_usd_per_token * factors.active_energy + others
        labour = base.labour_usd_per_month
        self._fixed_usd: Column = labour * factors.labour + (base.fixed_usd_per_month - labour)

    def api_alone(self) -> Floats:
        """No replica; inf where the API's limit does not let everything through."""
        bill = self._bill
        usd = np.asarray(bill.api_alone.under(self._api, self._volumes))
        passed = self._volumes > bill.alone_limit * (1 + STEP_GUARD)
        result: Floats = np.where(passed, math.inf, usd)
        return result

    def places(self) -> Iterator[Floats]:
        """Counts beside which the cheapest lies, as they come out: no whole numbers yet."""
        many = self._volumes / self._carried
        for load in self.loads():
            yield load * many
        volumes = np.where(self._volumes > 0, self._volumes, 1.0)
        for bound in self._bill.api_burst.bends(self._factors.burst):
            yield self._load.exceeded_by(bound / volumes) * many

    def loads(self) -> Iterator[Column]:
        """Loads over the mean that the best base may just carry."""
        bill, burst = self._bill, self._bill.burst_curve
        if bill.base.hours:
            yield from bill.bends_of_following.tolist()
            return
        if bill.least_load > 0:
            yield bill.least_load
        if burst.usd_fixed[0] > 0:
            yield self._load.peak  # nothing spills: not even a minimum is due
        # Where a token is free up to a bound, the fewest that stay within it stand at the bound.
        *within, last = burst.usd_per_token.tolist()
        for usd_per_token in dict.fromkeys((*filter(None, within), last)):
            yield self._load.exceeded_for(self._break_even_use(usd_per_token))

    def _break_even_use(self, api_usd_per_token: float) -> Floats:
        """u*: share of its time that a replica must be used, at an even load, to pay."""
        fees = self._bill.api_burst.fees_usd_per_token
        saved = (api_usd_per_token - fees) * self._factors.burst + fees - self._usd_per_token
        worth = np.maximum(saved, _FREE) * self._carried
        result: Floats = np.asarray(self._unit_usd / worth, dtype=np.float64)
        return result

    def counts(self) -> Iterator[tuple[Floats, ...]]:
        """Counts that may be the cheapest: by place the whole ones beside it, or it itself.

        Those that are just enough come last, where what can wait is gathered.
        """
        for place in self.places():
            yield tuple(map(self.allowed, _whole_beside(place) if self._whole else (place,)))
        if self._whole and (load := self._bill.load_of_enough) is not None:
            yield tuple(map(self.allowed, self._enough(load)))

    def allowed(self, count: Floats) -> Floats:
        """At least one, as many as the API's limits demand, within the quota."""
        count = np.maximum(count, self._least)
        return count if self._bill.quota is None else np.minimum(count, self._bill.quota)

    @cached_property
    def _least(self) -> Column:
        """Fewest replicas beside which the API may take the rest, and its limit lets it through."""
        bill = self._bill
        asked: Column = 1.0
        if math.isfinite(bill.api_limit_tokens):
            limit = bill.api_limit_tokens * (1 + STEP_GUARD)
            asked = np.maximum(asked, (self._volumes * self._load.peak - limit) / self._carried)
        if bill.least_load > 0:
            asked = np.maximum(asked, self._volumes * bill.least_load / self._carried)
        return whole_steps(np.asarray(asked)) if self._whole else asked

    def with_replicas(self, count: Floats) -> Floats:
        """Cost with so many, whether or not that many are allowed."""
        bill = self._bill
        spilled = self._load.spilled(self._volumes, count * self._carried)
        api = bill.api_burst.under(self._api, spilled) * (spilled > 0)
        hosted = self._paid(count, spilled) * self._unit_usd
        if bill.base.usd_per_token > 0:
            hosted = hosted + self._usd_per_token * (self._volumes - spilled)
        result: Floats = self._fixed_usd + hosted + api
        return result

    def paid(self, count: Floats) -> Floats:
        """Replicas paid for on average over the month."""
        return self._paid(count, self._load.spilled(self._volumes, count * self._carried))

    def _paid(self, count: Floats, spilled: Floats) -> Floats:
        """Those that stand, or as many as are full with all that does not spill."""
        if self._bill.load_of_enough is None:
            return self._up(count)
        result: Floats = np.maximum(self._up(count), (self._volumes - spilled) / self._carried)
        return result

    def short(self, count: Floats) -> Floats:
        """Replicas by which those that stand for what cannot wait are too few; below 0: room."""
        spilled = self._load.spilled(self._volumes, count * self._carried)
        result: Floats = (self._volumes - spilled) / self._carried - self._up(count)
        return result

    def _enough(self, load: float) -> tuple[Floats, Floats]:
        """Most replicas that are short, and one more: found by halving, up to those of a load.

        Up to the level of the valleys all are full; from there on every one more stands longer for
        what cannot wait than it carries.
        """
        many = self._volumes / self._carried
        low = np.floor(self._load.lowest * many)
        high = np.ceil(load * many) + 1
        while np.any(high - low > 1):
            middle = np.floor((low + high) / 2)
            short = self.short(middle) > 0
            low, high = np.where(short, middle, low), np.where(short, high, middle)
        return low, high

    def least(self) -> Floats:
        """Cost of the cheapest split."""
        best = self.api_alone()
        for count in chain.from_iterable(self.counts()):
            best = np.minimum(best, self.with_replicas(count))
        return best

    def best_count(self) -> Floats:
        """Replicas of the cheapest split, 0: the API alone; of equals the fewest."""
        counts = np.stack([np.zeros_like(self._volumes), *chain.from_iterable(self.counts())])
        usd = np.concatenate((self.api_alone()[np.newaxis], self.with_replicas(counts[1:])))
        result: Floats = np.where(usd == usd.min(axis=0), counts, math.inf).min(axis=0)
        return result

    def _up(self, count: Floats) -> Floats:
        """Replicas that stand on average: fewer where they follow the load.

        The sum over the stretches of the month of the lesser of the count and what each needs.
        """
        if not self._bill.base.hours:
            return count
        loads = self._bill.readiness[1]
        # A stretch needs fewer than k while its load is within what k - 1 carry.
        within = (count - 1) * (1 + STEP_GUARD_RELATIVE) + STEP_GUARD if self._whole else count
        with np.errstate(divide="ignore"):  # of no volume any load is within
            carried = within * self._carried / self._volumes
        below = np.searchsorted(loads, carried, side="right")
        columns = np.arange(self._volumes.size)
        up = self._needed_up_to[below, columns] + self._share_from[below] * count
        result: Floats = np.maximum(up, self._bill.base.shortest_run)
        return result

    @cached_property
    def _share_from(self) -> Floats:
        """Share of the month that each stretch, in rising load, and all after it take; then 0."""
        return np.append(np.cumsum(self._bill.readiness[0][::-1])[::-1], 0.0)

    @cached_property
    def _needed_up_to(self) -> Floats:
        """Sum of what the first stretches, in rising load, need: shape (stretches + 1, volumes)."""
        shares, loads = self._bill.readiness
        sums = np.zeros((loads.size + 1, self._volumes.size))
        # In place: to allocate so large an array takes longer than to fill it.
        needed = np.multiply.outer(loads, self._volumes / self._carried, out=sums[1:])
        if self._whole:
            whole_steps(needed, out=needed)
        np.maximum(0.0, needed, out=needed)
        needed *= shares[:, np.newaxis]
        np.cumsum(needed, axis=0, out=needed)
        return sums


def _whole_beside(place: Floats) -> tuple[Floats, Floats]:
    """The whole numbers on either side of each place; twice it where it is one but for rounding."""
    return np.floor(place * (1 + STEP_GUARD_RELATIVE) + STEP_GUARD), whole_steps(place)
