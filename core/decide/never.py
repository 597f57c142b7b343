"""Why a self-hosted option never becomes cheaper than an API, and what would change it."""

import math

import numpy as np

from core.cost.hosting import HostedBill
from core.cost.piecewise import Piecewise
from core.decide.result import NeverReason, Option
from core.units import TOKENS_PER_MTOK


def never_reason(
    challenger: Option, bill: HostedBill, incumbent: Piecewise, utilisation_ceiling: float
) -> NeverReason:
    """Floor of the challenger's cost, and the price or ceiling from which it would catch up."""
    floor = bill.curve().asymptotic_usd_per_token * TOKENS_PER_MTOK
    share = highest_acquisition_usd(bill, incumbent)
    # Rent and capital are proportional to the price, so the price scales as they do.
    usd, acquisition = challenger.price.usd, bill.acquisition.usd_per_month
    catches_up = share > 0 and usd is not None and acquisition > 0
    growth = lowest_capacity_tokens(bill, incumbent) / bill.capacity_tokens_per_month
    return NeverReason(
        floor_usd_per_mtok=floor,
        price_that_would_change_it=usd * share / acquisition if catches_up and usd else None,
        price_unit=challenger.price.unit,
        ceiling_that_would_change_it=growth * utilisation_ceiling
        if math.isfinite(growth)
        else None,
    )


def highest_acquisition_usd(bill: HostedBill, incumbent: Piecewise) -> float:
    """Rent (or capital) of a replica, USD/month, below which it is cheaper at some volume.

    With n replicas for V tokens the bill is lower while the rent is below
    (incumbent(V) - labour - active V) / (n + spare) - idle. Between two bounds of the incumbent's
    tiers that is monotone in V and in n, so the supremum is at a bound, at the last full replica
    around one, or in the limit of many replicas.
    """
    capacity = bill.capacity_tokens_per_month
    idle = bill.usd_per_replica_month - bill.acquisition.usd_per_month
    bounds = incumbent.upper_tokens[:-1]
    whole = np.concatenate(([1.0], np.floor(bounds / capacity), np.ceil(bounds / capacity)))
    volumes = np.concatenate((bounds, capacity * np.maximum(1.0, whole)))
    replicas = bill.curve().replicas_at(volumes) + bill.spare_replicas
    left = incumbent.at(volumes) - bill.labour_usd_per_month - bill.active_usd_per_token * volumes
    in_the_limit = (incumbent.asymptotic_usd_per_token - bill.active_usd_per_token) * capacity
    return max(in_the_limit, float(np.max(left / replicas))) - idle


def lowest_capacity_tokens(bill: HostedBill, incumbent: Piecewise) -> float:
    """Volume a month that a replica must carry to be cheaper somewhere; inf: none would do.

    n replicas catch up from the volume v_n at which the incumbent, less the energy of the tokens,
    costs as much as they do; each must then carry v_n / n. Within a tier that is monotone in n, so
    the lowest is at n = 1, at the counts around a bound, or in the limit of many replicas.
    """
    unit = bill.usd_per_replica_month
    fixed = bill.labour_usd_per_month + bill.spare_replicas * unit
    margin_per_token = incumbent.usd_per_token - bill.active_usd_per_token
    limit = unit / margin_per_token[-1] if margin_per_token[-1] > 0 else math.inf
    if unit <= 0 or np.any(margin_per_token <= 0):
        return float(limit) if unit > 0 else math.inf
    bounds = incumbent.upper_tokens[:-1]
    at_bounds = (incumbent.at(bounds) - bill.active_usd_per_token * bounds - fixed) / unit
    counts = np.concatenate(([1.0], np.floor(at_bounds), np.ceil(at_bounds)))
    counts = np.maximum(1.0, counts)
    cost = fixed + counts * unit
    knots_usd = incumbent.at(bounds) - bill.active_usd_per_token * bounds
    tier = np.searchsorted(knots_usd, cost, side="left")
    volumes = (cost - incumbent.usd_fixed[tier]) / margin_per_token[tier]
    return min(float(limit), float(np.min(volumes / counts)))
