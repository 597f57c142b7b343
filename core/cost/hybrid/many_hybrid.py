"""Costs of a hybrid in very many scenarios: each with its own best count of replicas.

The cost is straight in the count k between the places where it bends: where an hour's load is just
carried, where a tier of the API begins, and, of a base that follows the load, where an hour needs
no more. So the best whole number lies beside one of those.

Of a base that is up at all hours the places of the hours need not be tried one by one. At one price
of the API the cost is then convex in k: the k-th replica pays while it is used more than
u* = c_h/(C p), the break-even utilisation, so the best k lies beside the load that is exceeded for
that share of the hours (the newsvendor's fractile).
"""

import math
from collections.abc import Iterator
from typing import Final, Protocol

import numpy as np

from core.cost.by_replica.hosted_bill import HostedBill
from core.cost.curve.breakdown import CostLine
from core.cost.curve.piecewise import STEP_GUARD, Floats, Piecewise
from core.cost.under_factors.many_factors import Column, Factors

_FREE: Final = 1e-300
"""Stands for a price of nothing: what is free for each token is used whatever a replica costs."""


class Splitting(Protocol):
    """What is asked of a hybrid's bill, whose fields say what each is."""

    @property
    def base(self) -> HostedBill:
        """The self-hosted side."""
        ...

    @property
    def flat_capacity_tokens(self) -> float:
        """Of one replica, a month at an even load."""
        ...

    @property
    def relative_load(self) -> tuple[float, ...]:
        """Of each hour."""
        ...

    @property
    def api_alone(self) -> Piecewise:
        """The API's cost of everything."""
        ...

    @property
    def api_burst(self) -> Piecewise:
        """Of what exceeds the base."""
        ...

    @property
    def api_limit_tokens(self) -> float:
        """A month at an even load."""
        ...

    @property
    def alone_limit_tokens(self) -> float | None:
        """Of everything."""
        ...

    @property
    def quota(self) -> int | None:
        """Most replicas."""
        ...

    @property
    def by_month(self) -> tuple[CostLine, ...]:
        """What else is due."""
        ...

    def readiness(self) -> tuple[Floats, Floats]:
        """When the base is up."""
        ...


def hybrid_costs(bill: Splitting, factors: Factors, volume: Column) -> Column:
    """USD/month of the cheapest split of each scenario."""
    volumes = np.asarray(volume, dtype=np.float64)
    split = _Split(bill, factors, volumes)
    best = split.api_alone()
    for place in split.places():
        for count in (np.floor(place), np.ceil(place)):
            best = np.minimum(best, split.with_replicas(count))
    others = math.fsum(line.usd_per_month for line in bill.by_month)
    result: Column = best + others
    return result


class _Split:
    """The split of each scenario's volume between so many replicas and the API."""

    def __init__(self, bill: Splitting, factors: Factors, volumes: Floats) -> None:
        self._bill, self._factors, self._volumes = bill, factors, volumes
        self._load = _Load(bill.relative_load)
        self._carried = bill.flat_capacity_tokens * factors.capacity
        """Tokens a month that one replica carries at an even load."""
        base = bill.base
        rent = base.acquisition.usd_per_month
        idle = base.usd_per_replica_month - rent
        self._unit_usd: Column = rent * factors.price + idle * factors.idle_energy
        others = base.usd_per_token - base.active_usd_per_token
        self._usd_per_token: Column = base.active_usd_per_token * factors.active_energy + others

    def api_alone(self) -> Floats:
        """No replica; inf where the API's limit does not let everything through."""
        bill = self._bill
        usd = np.asarray(bill.api_alone.at(self._volumes) * self._factors.burst)
        limit = bill.alone_limit_tokens
        limit = bill.api_limit_tokens / self._load.peak if limit is None else limit
        result: Floats = np.where(self._volumes > limit * (1 + STEP_GUARD), math.inf, usd)
        return result

    def places(self) -> Iterator[Floats]:
        """Counts beside which the cheapest lies, as they come out: no whole numbers yet."""
        burst, volumes = self._bill.api_burst, self._volumes
        many = volumes / self._carried
        yield self._load.peak * many  # nothing spills: not even a minimum is due
        for bound in burst.upper_tokens[:-1].tolist():
            yield self._load.exceeded_by(bound / np.where(volumes > 0, volumes, 1.0)) * many
        if self._bill.base.hours:
            for load in self._load.knots.tolist():
                yield load * many
            for load in self._bill.readiness()[1].tolist():
                yield np.ceil(load * many * (1 - STEP_GUARD))
            return
        # Where a token is free up to a bound, the fewest that stay within it stand at the bound.
        *within, last = burst.usd_per_token.tolist()
        for usd_per_token in dict.fromkeys((*filter(None, within), last)):
            yield self._load.exceeded_for(self._break_even_use(usd_per_token)) * many

    def _break_even_use(self, api_usd_per_token: float) -> Floats:
        """u*: share of its time that a replica must be used, at an even load, to pay."""
        saved = api_usd_per_token * self._factors.burst - self._usd_per_token
        worth = np.maximum(saved, _FREE) * self._carried
        result: Floats = np.asarray(self._unit_usd / worth, dtype=np.float64)
        return result

    def with_replicas(self, count: Floats) -> Floats:
        """Cost with so many: at least one, as many as the API's limit demands, within the quota."""
        bill, factors = self._bill, self._factors
        count = np.maximum(self._least(), count)
        if bill.quota is not None:
            count = np.minimum(count, bill.quota)
        spilled = self._load.spilled(self._volumes, count * self._carried)
        api = np.where(spilled > 0, bill.api_burst.at(spilled), 0.0) * factors.burst
        labour = bill.base.labour_usd_per_month
        fixed = labour * factors.labour + (bill.base.fixed_usd_per_month - labour)
        hosted = self._up(count) * self._unit_usd + self._usd_per_token * (self._volumes - spilled)
        result: Floats = fixed + hosted + api
        return result

    def _least(self) -> Column:
        """Fewest replicas beside which the API's limit lets the rest through."""
        limit = self._bill.api_limit_tokens
        if math.isinf(limit):
            return 1.0
        beyond = (self._volumes * self._load.peak - limit * (1 + STEP_GUARD)) / self._carried
        return np.maximum(1.0, np.ceil(beyond - STEP_GUARD))

    def _up(self, count: Floats) -> Floats:
        """Replicas paid for on average: fewer where they follow the load."""
        if not self._bill.base.hours:
            return count
        shares, loads = self._bill.readiness()
        up = np.zeros_like(count)
        for share, load in zip(shares.tolist(), loads.tolist(), strict=True):
            needed = np.ceil(load * self._volumes / self._carried * (1 - STEP_GUARD))
            up += share * np.minimum(count, needed)
        return up


class _Load:
    """The hours of the month by their load over the mean."""

    def __init__(self, relative_load: tuple[float, ...]) -> None:
        hours = np.array(relative_load)
        self._falling = np.sort(hours)[::-1]
        self.knots = np.unique(np.append(hours, 0.0))
        self._excess = np.maximum(0.0, hours - self.knots[:, np.newaxis]).mean(axis=1)
        self.peak = float(hours.max())

    def exceeded_for(self, share: Floats) -> Floats:
        """Load over the mean that is exceeded for at most this share of the hours."""
        place = np.minimum(share * self._falling.size, self._falling.size).astype(np.intp)
        padded = np.append(self._falling, 0.0)
        result: Floats = padded[place]
        return result

    def exceeded_by(self, share: Floats) -> Floats:
        """Load over the mean above which this share of all tokens lies."""
        result: Floats = np.interp(share, self._excess[::-1], self.knots[::-1])
        return result

    def spilled(self, volumes: Floats, carried: Floats) -> Floats:
        """Tokens a month beyond what is carried, mean over the hours of (V w - k c)+."""
        ratio = carried / np.where(volumes > 0, volumes, 1.0)
        result: Floats = volumes * np.interp(ratio, self.knots, self._excess)
        return result
