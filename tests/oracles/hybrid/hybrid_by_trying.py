"""Self-hosting for the base load, an API with the same vectors for what exceeds it.

cost(k) = k c_h H + F [k > 0] + api(3600 sum_h (x_h - k C)+)

with k replicas of capacity C, and all fixed cost F once there is one. With tiers, minimums or F
that is not convex, so every k is tried, from none (the API alone) to as many as carry the busiest
hour (the API idle, in place of a spare). The least of them is therefore no dearer than either pure
option.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.cost.by_replica.replicas import replicas_needed
from core.cost.curve.break_even import TIE_RELATIVE
from core.cost.curve.checks import at_least, not_negative, positive, whole
from core.cost.curve.piecewise import Floats, Piecewise
from core.cost.hybrid.vector_space import VectorSource, why_not_mixed
from core.errors import ModelInputError
from core.units import SECONDS_PER_HOUR
from tests.oracles.hybrid.load_duration import LoadDurationCurve, burst_spill

MAX_REPLICAS: Final = 100_000
"""Counts of replicas that are tried at most."""

BURST_REACH_SD: Final = 6.0
"""Standard deviations above the busy hour's mean that the largest fleet carries: 1e-9 is left."""


@dataclass(frozen=True, slots=True)
class BaseFleet:
    """The self-hosted side."""

    vectors: VectorSource
    capacity_tokens_per_s: float
    """What one replica carries within the objective, C."""
    usd_per_replica_month: float
    """c_h H: rent, or capital and idle energy."""
    fixed_usd_per_month: float = 0.0
    """F: labour and what else comes with the first replica."""
    active_usd_per_token: float = 0.0
    """Energy above idle."""
    spare_replicas: int = 1
    """Kept by pure self-hosting; in a hybrid the API takes their place."""

    def __post_init__(self) -> None:
        positive("capacity of a replica in tokens/s", self.capacity_tokens_per_s)
        not_negative("price of a replica month", self.usd_per_replica_month)
        not_negative("fixed cost a month", self.fixed_usd_per_month)
        not_negative("energy of a token", self.active_usd_per_token)
        whole("spare replicas", self.spare_replicas)

    def usd_per_month(self, replicas: Floats, hosted_tokens: Floats) -> Floats:
        """Cost of so many replicas that process so many tokens a month."""
        running = replicas * self.usd_per_replica_month + self.active_usd_per_token * hosted_tokens
        result: Floats = np.where(replicas > 0, self.fixed_usd_per_month + running, 0.0)
        return result


@dataclass(frozen=True, slots=True)
class BurstApi:
    """The side that takes what the fleet does not carry."""

    vectors: VectorSource
    cost: Piecewise
    """Its bill over tokens/month."""


@dataclass(frozen=True, slots=True)
class Split:
    """How a month's tokens are split, and what that costs."""

    replicas: int
    api_share: float
    """Of the tokens."""
    hosted_usd: float
    api_usd: float

    @property
    def usd_per_month(self) -> float:
        """Both sides together."""
        return self.hosted_usd + self.api_usd


@dataclass(frozen=True, slots=True)
class HybridPlan:
    """The cheapest split beside the two pure options."""

    best: Split
    """Of every count of replicas and pure self-hosting; the fewest replicas of equals."""
    pure_api: Split
    pure_hosted: Split
    """With its spare replicas."""
    splits: tuple[Split, ...]
    """Of k = 0, 1, 2, ... replicas, up to as many as carry the busiest hour."""

    @property
    def saving_on_hosted_usd(self) -> float:
        """What the best saves on pure self-hosting with its spare, USD/month."""
        return _saving(self.pure_hosted.usd_per_month, self.best.usd_per_month)

    @property
    def saving_on_best_pure_usd(self) -> float:
        """What the best saves on the cheaper of the two pure options, USD/month."""
        pure = min(self.pure_api.usd_per_month, self.pure_hosted.usd_per_month)
        return _saving(pure, self.best.usd_per_month)


def plan_hybrid(
    load: LoadDurationCurve,
    fleet: BaseFleet,
    api: BurstApi,
    burst_cv: float = 0.0,
    burst_factor: float = 1.0,
) -> HybridPlan:
    """Try every count of replicas for a load in tokens/s.

    ``burst_cv`` is the standard deviation over the mean of the rate inside an hour, whose excess
    spills to the API. ``burst_factor`` is the peak over the busy hour that pure self-hosting, which
    has nowhere to spill, is bought for. Raises ModelInputError with the reason where the vectors of
    the two sides do not mix.
    """
    check_mixable(fleet.vectors, api.vectors)
    at_least(1.0, "burst factor", burst_factor)
    replicas = np.arange(_most_replicas(load, fleet, burst_cv) + 1, dtype=np.float64)
    spilled = spilled_tokens(load, fleet.capacity_tokens_per_s, replicas, burst_cv)
    splits = _splits(load, fleet, api, replicas, spilled)
    hosted = _pure_hosted(load, fleet, burst_factor)
    best = min((*splits, hosted), key=lambda split: split.usd_per_month)
    return HybridPlan(best, splits[0], hosted, splits)


def spilled_tokens(
    load: LoadDurationCurve, capacity_tokens_per_s: float, replicas: Floats, burst_cv: float = 0.0
) -> Floats:
    """Tokens a month that so many replicas leave over: all of them where there is none."""
    capacity = replicas * capacity_tokens_per_s
    if burst_cv == 0:
        # Capacities that meet the peak but for rounding leave nothing.
        enough = replicas >= float(replicas_needed(load.peak_rate, capacity_tokens_per_s, 0))
        return np.where(enough, 0.0, load.above(capacity))
    spilled = np.zeros(replicas.size)
    rates, counts = np.unique(load.rates, return_counts=True)
    for rate, count in zip(rates, counts, strict=True):
        spilled += count * burst_spill(rate, capacity, burst_cv)
    result: Floats = spilled * load.hours_each * SECONDS_PER_HOUR
    return np.where(replicas > 0, result, load.total)


def paying_replicas(load: LoadDurationCurve, fleet: BaseFleet, api_usd_per_token: float) -> int:
    """Replicas that each earn their own cost, by the marginal test: the best k at a flat API price.

    The k-th pays if p 3600 sum_h min(C, (x_h - (k - 1) C)+) > c_h H, p being what a token saves.
    What it carries falls with k, so the first that does not pay ends the count. Fixed cost is left
    out: it decides whether to begin, not how far to go.
    """
    not_negative("the API's price of a token", api_usd_per_token)
    counts = np.arange(_most_replicas(load, fleet, 0.0) + 1, dtype=np.float64)
    left_over = spilled_tokens(load, fleet.capacity_tokens_per_s, counts)
    carried_by_each = left_over[:-1] - left_over[1:]
    saved = (api_usd_per_token - fleet.active_usd_per_token) * carried_by_each
    pays = saved > fleet.usd_per_replica_month
    return int(np.argmin(np.append(pays, False)))


def _most_replicas(load: LoadDurationCurve, fleet: BaseFleet, burst_cv: float) -> int:
    reach = 1 + BURST_REACH_SD * not_negative("variation inside the hour", burst_cv)
    most = float(replicas_needed(load.peak_rate * reach, fleet.capacity_tokens_per_s, 0))
    if most > MAX_REPLICAS:
        raise ModelInputError(
            f"capacity of a replica is too small: the busiest hour needs {most:,.0f} replicas, "
            f"and at most {MAX_REPLICAS:,} are tried"
        )
    return int(most)


def _splits(
    load: LoadDurationCurve, fleet: BaseFleet, api: BurstApi, replicas: Floats, spilled: Floats
) -> tuple[Split, ...]:
    hosted_usd = fleet.usd_per_month(replicas, load.total - spilled)
    # An API that takes nothing is not subscribed to, so its minimum is not due either.
    used = (spilled > 0) | (replicas == 0)
    api_usd = np.where(used, api.cost.at(spilled), 0.0)
    share = spilled / load.total if load.total > 0 else np.ones_like(spilled)
    columns = (replicas, share, hosted_usd, api_usd)
    return tuple(
        Split(int(k), part, hosted, billed)
        for k, part, hosted, billed in zip(*(column.tolist() for column in columns), strict=True)
    )


def _pure_hosted(load: LoadDurationCurve, fleet: BaseFleet, burst_factor: float) -> Split:
    peak = load.peak_rate * burst_factor
    replicas = replicas_needed(peak, fleet.capacity_tokens_per_s, 1, fleet.spare_replicas)
    usd = fleet.usd_per_month(replicas, np.asarray(load.total))
    return Split(int(replicas), 0.0, float(usd), 0.0)


def _saving(dearer_usd: float, cheaper_usd: float) -> float:
    """The difference, 0 where it is within the tolerance of a tie."""
    difference = dearer_usd - cheaper_usd
    return 0.0 if abs(difference) <= TIE_RELATIVE * abs(dearer_usd) else difference


def check_mixable(one: VectorSource, other: VectorSource) -> None:
    """Raise ModelInputError with the reason where vectors of the two do not mix."""
    reason = why_not_mixed(one, other)
    if reason:
        raise ModelInputError(f"No hybrid: {reason}.")
