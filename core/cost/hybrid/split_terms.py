"""What a split between own replicas and an API depends on, whatever the volume."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.cost.by_replica.hosted_bill import HostedBill
from core.cost.by_use.usage_bill import UsageBill
from core.cost.curve.break_even import distinct
from core.cost.curve.checks import not_empty, not_negative, positive, share
from core.cost.curve.piecewise import STEP_GUARD, Floats, Piecewise
from core.cost.hybrid.hours_by_load import HoursByLoad


@dataclass(frozen=True)
class SplitTerms:
    """Replicas for the base load, an API for the rest: their costs, capacity, load and limits."""

    base: HostedBill
    """The self-hosted side; its spare ones and minimum take no part."""
    flat_capacity_tokens: float
    """What one replica carries in a month at an even load, tokens."""
    relative_load: tuple[float, ...]
    """Load of each hour over the mean."""
    api_alone: UsageBill
    """The API's bill of everything: its batch discount included."""
    api_burst: UsageBill
    """The API's bill of what exceeds the base: that cannot wait."""
    api_limit_tokens: float = math.inf
    """What the API's rate limit lets through in a month at an even load."""
    alone_limit_tokens: float | None = None
    """What it lets through of everything in a month; None: the limit over the busiest hour."""
    quota: int | None = None
    """Most replicas that can be had; None: no end."""
    most_api_share: float = 1.0
    """Of all tokens, what the API may take at most; below 1 it never takes everything."""

    def __post_init__(self) -> None:
        positive("capacity of a replica", self.flat_capacity_tokens)
        not_negative("load of an hour", not_empty("hourly load", np.array(self.relative_load)))
        share("share that the API may take", self.most_api_share)

    @cached_property
    def load(self) -> HoursByLoad:
        """The hours by their load over the mean."""
        return HoursByLoad(self.relative_load)

    @cached_property
    def readiness(self) -> tuple[Floats, Floats]:
        """Shares of the month, and the load over the mean that replicas are up for in each, rising.

        One share without end where they do not follow the load: the base is up at all hours.
        """
        if not self.base.hours:
            return np.array([1.0]), np.array([math.inf])
        ordered = sorted(self.base.hours, key=lambda part: part.load)
        shares = np.array([part.share for part in ordered])
        return shares, self.load.peak * np.array([part.load for part in ordered])

    @cached_property
    def load_of_enough(self) -> float | None:
        """Load from which replicas that stand for what cannot wait are enough for all they carry.

        None: at every load, or nothing is gathered.
        """
        return self.load.load_of_enough(*self.readiness) if self.base.gathers else None

    @cached_property
    def bends_of_following(self) -> Floats:
        """Loads over the mean, rising, at which the cost of a base that follows the load bends."""
        if not self.base.hours:
            return np.empty(0)
        more = [] if self.load_of_enough is None else [self.load_of_enough]
        loads = (self.load.knots, self.readiness[1], more, [self.least_load])
        return distinct(np.concatenate(loads), STEP_GUARD)

    @cached_property
    def least_load(self) -> float:
        """Load over the mean that replicas carry at least, so that the API takes what it may.

        0: it may take everything.
        """
        if self.most_api_share == 1:
            return 0.0
        return float(self.load.exceeded_by(np.array(self.most_api_share)))

    @property
    def alone_limit(self) -> float:
        """Volume up to which the API takes everything."""
        if self.most_api_share < 1:
            return 0.0
        limit = self.alone_limit_tokens
        return self.api_limit_tokens / self.load.peak if limit is None else limit

    @cached_property
    def alone_curve(self) -> Piecewise:
        """The API's cost of everything over the volume."""
        return self.api_alone.curve()

    @cached_property
    def burst_curve(self) -> Piecewise:
        """The API's cost of what exceeds the base over how much that is."""
        return self.api_burst.curve()

    @property
    def tier_bounds(self) -> list[float]:
        """Tokens a month at which a tier of the API's bursts ends."""
        bounds: list[float] = self.burst_curve.upper_tokens[:-1].tolist()
        return bounds
