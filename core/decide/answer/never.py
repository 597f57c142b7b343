"""Why a self-hosted option never becomes cheaper than an API, and what would change it."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.cost.by_replica.hosted_bill import HostedBill
from core.cost.curve.piecewise import Floats, Piecewise
from core.decide.result.curves import NeverReason
from core.decide.result.option import CapacityUsed, Option
from core.units import TOKENS_PER_MTOK

STEPS_TRIED: Final = 64
"""Of each staircase. One alone needs only its first; several interlock, and the best of their first
steps is within 1/64 of the best of all."""


def never_reason(
    challenger: Option, bill: HostedBill, incumbent: Piecewise, beside_usd: float = 0.0
) -> NeverReason:
    """Floor of the challenger's cost, and the price or ceiling from which it would catch up.

    ``beside_usd`` is bought with every replica, whatever the price of that: a card's host.
    """
    floor = bill.curve().asymptotic_usd_per_token * TOKENS_PER_MTOK
    growth = lowest_capacity_tokens(bill, incumbent) / bill.capacity_tokens_per_month
    load = growth * _load(challenger.capacity)
    return NeverReason(
        floor_usd_per_mtok=floor,
        price_that_would_change_it=_price(challenger, bill, incumbent, beside_usd),
        price_unit=challenger.price.unit,
        ceiling_that_would_change_it=load if _allowed(load, challenger.capacity) else None,
    )


def _price(
    challenger: Option, bill: HostedBill, incumbent: Piecewise, beside_usd: float
) -> float | None:
    """Price below which it would catch up; None: none would, not even nothing."""
    usd, acquisition = challenger.price.usd, bill.acquisition.usd_per_month
    if usd is None or acquisition <= 0:
        return None
    # Rent and capital are proportional to all that is bought of a replica.
    bought_usd = (usd + beside_usd) / acquisition * highest_acquisition_usd(bill, incumbent)
    left = bought_usd - beside_usd
    return left if left > 0 else None


def _load(capacity: CapacityUsed | None) -> float:
    """Load over full batches that a replica is run at."""
    if capacity is None:
        return math.inf
    return capacity.usable_tokens_per_s / capacity.nominal_tokens_per_s


def _allowed(load: float, capacity: CapacityUsed | None) -> bool:
    """Whether a higher ceiling could bring this load: where the latency objective would not."""
    if not math.isfinite(load):
        return False
    if capacity is None or capacity.replica is None:
        return True
    at_most = capacity.replica.load_at_objective
    return load > 1 or (at_most is not None and load <= at_most)


def highest_acquisition_usd(bill: HostedBill, incumbent: Piecewise) -> float:
    """Rent (or capital) of a replica, USD/month, below which it is cheaper at some volume.

    With n replicas for V tokens the bill is lower while the rent is below
    (incumbent(V) - fixed - tokens V) / n - idle. Between two bounds of the incumbent's tiers that
    is monotone in V and in n, so the supremum is at a bound, at the last full replica around one,
    or in the limit of many replicas.
    """
    idle = bill.usd_per_replica_month - bill.acquisition.usd_per_month
    corners = _corners(bill, incumbent)
    left = corners.incumbent_usd - bill.fixed_usd_per_month - bill.usd_per_token * corners.tokens
    margin = incumbent.asymptotic_usd_per_token - bill.usd_per_token
    in_the_limit = margin / _replicas_per_token(bill)
    return max(in_the_limit, float(np.max(left / corners.replicas))) - idle


def lowest_capacity_tokens(bill: HostedBill, incumbent: Piecewise) -> float:
    """Volume a month that a replica must carry to be cheaper somewhere; inf: none would do.

    A capacity g times as large takes every step to g times its volume. The fleet that stands up to
    a step w catches up from the volume v at which the incumbent, less the energy of the tokens,
    costs as much as it does, so g = v/w. Within a tier that is monotone in the number of replicas:
    the lowest is at the first step, around a bound, or in the limit of many replicas.
    """
    unit = bill.usd_per_replica_month
    margin_per_token = incumbent.usd_per_token - bill.usd_per_token
    if unit <= 0:
        return math.inf
    in_the_limit = math.inf
    if margin_per_token[-1] > 0:
        in_the_limit = unit * _replicas_per_token(bill) / float(margin_per_token[-1])
    corners = _corners(bill, incumbent, around_usd=True)
    fleet_usd = bill.fixed_usd_per_month + corners.replicas * unit
    reached = _reached_at(incumbent, bill.usd_per_token, fleet_usd)
    growth = min(in_the_limit, float(np.min(reached / corners.tokens, initial=math.inf)))
    return growth * bill.capacity_tokens_per_month


@dataclass(frozen=True, slots=True)
class _Corners:
    """Volumes at which the comparison is closest, with the fleet that still stands there."""

    tokens: Floats
    replicas: Floats
    """Replica-months paid for, spare ones included."""
    incumbent_usd: Floats


def _corners(bill: HostedBill, incumbent: Piecewise, *, around_usd: bool = False) -> _Corners:
    """Last volumes of fleets: the first steps, those around the incumbent's bounds, the bounds.

    ``around_usd`` looks around the bounds by what the fleet costs instead of what it carries.
    """
    bounds = incumbent.upper_tokens[:-1]
    steps = [bounds] if not around_usd else []
    paid = np.empty(0)
    if around_usd:
        left = incumbent.at(bounds) - bill.usd_per_token * bounds - bill.fixed_usd_per_month
        paid = left / bill.usd_per_replica_month - bill.spare_replicas
    for stair in bill.stairs:
        if math.isinf(stair.tokens):
            continue
        around = paid if around_usd else bounds / stair.tokens
        whole = np.concatenate((np.floor(around), np.ceil(around)))
        first = np.arange(1, 2 if len(bill.stairs) == 1 else STEPS_TRIED + 1)
        least = max(1, stair.least)
        steps.append(stair.tokens * np.maximum(least, np.concatenate((first, whole))))
    if bill.mean_load > 0:
        steps += _where_full(bill, [np.zeros(1), *steps], paid)
    tokens = np.concatenate(steps) if steps else np.empty(0)
    tokens = tokens[tokens > 0]
    return _Corners(tokens, bill.replica_months(tokens), incumbent.at(tokens))


def _where_full(bill: HostedBill, steps: list[Floats], paid: Floats) -> list[Floats]:
    """Volumes at which the replicas that stand before each step are full, and so many are."""
    full_tokens = bill.capacity_tokens_per_month / bill.mean_load
    standing = [bill.replica_months(step) - bill.spare_replicas for step in steps]
    return [full_tokens * replicas for replicas in (*standing, paid)]


def _replicas_per_token(bill: HostedBill) -> float:
    """Replica-months for a token, as the volume grows without bound."""
    if not bill.hours:
        return 1 / bill.capacity_tokens_per_month
    standing = math.fsum(part.share * part.load for part in bill.hours)
    return max(standing, bill.mean_load) / bill.capacity_tokens_per_month


def _reached_at(incumbent: Piecewise, usd_per_token: float, levels_usd: Floats) -> Floats:
    """First volume at which the incumbent, less what tokens cost here, reaches each level."""
    starts = np.concatenate(([0.0], incumbent.upper_tokens[:-1]))
    slopes = incumbent.usd_per_token - usd_per_token
    levels = levels_usd[:, np.newaxis]
    at_start = incumbent.usd_fixed + slopes * starts
    rising = slopes > 0
    crossing = (levels - incumbent.usd_fixed) / np.where(rising, slopes, 1.0)
    crossing = np.where(rising, np.maximum(crossing, starts), math.inf)
    crossing = np.where(at_start >= levels, starts, crossing)
    crossing = np.where(crossing <= incumbent.upper_tokens, crossing, math.inf)
    result: Floats = crossing.min(axis=1, initial=math.inf)
    return result
