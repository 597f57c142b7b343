"""Costs of many options in very many scenarios at once, with steps, spares, tiers and minimums.

A scenario here multiplies the parameters of a bill: its price, the capacity of a replica, labour,
energy. Columns are worked through in pieces that stay in the processor's cache, which is several
times faster than one pass over a million at a time.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import pairwise
from typing import Final

import numpy as np

from core.cost.api import ApiBill
from core.cost.bill import TierRule, UsageBill
from core.cost.hosting import HostedBill
from core.cost.hybrid_bill import HybridBill
from core.cost.many_factors import SAME, Column, Factors, part_of
from core.cost.many_hybrid import hybrid_costs
from core.cost.per_second import PerSecondBill
from core.cost.piecewise import STEP_GUARD, STEP_GUARD_RELATIVE, Floats, Piecewise
from core.errors import ModelInputError

__all__ = ["SAME", "Bill", "Column", "Factors", "chunks", "costs_of_many"]

Bill = ApiBill | UsageBill | HostedBill | PerSecondBill | HybridBill | Piecewise
"""What can be priced; a bare curve follows the volume alone."""

CHUNK: Final = 16_384
"""Scenarios worked on at a time: 128 KB a column."""


def costs_of_many(
    bills: Sequence[Bill], factors: Sequence[Factors], tokens_per_month: Column, scenarios: int
) -> Floats:
    """USD/month, one row a bill and one column a scenario.

    ``factors`` has one entry a bill. Every column among factors and volumes has ``scenarios``
    values. Sample by sample this is what the bill's own curve says with its parameters multiplied.
    """
    _check(bills, factors, tokens_per_month, scenarios)
    result = np.empty((len(bills), scenarios))
    for where in chunks(scenarios):
        volume = part_of(tokens_per_month, where)
        for row, bill, own in zip(result, bills, factors, strict=True):
            row[where] = _cost(bill, own.part(where), volume)
    return result


def chunks(scenarios: int, size: int = CHUNK) -> Iterator[slice]:
    """Consecutive ranges that cover so many scenarios."""
    for start in range(0, scenarios, size):
        yield slice(start, min(start + size, scenarios))


def _cost(bill: Bill, factors: Factors, volume: Column) -> Column:
    match bill:
        case HostedBill():
            return _hosted(bill, factors, volume)
        case UsageBill():
            return _usage(bill, factors.price, volume)
        case ApiBill():
            return _graduated(bill.tiers, bill.tokens_per_unit, volume) * factors.price
        case HybridBill():
            return hybrid_costs(bill, factors, volume)
        case PerSecondBill():
            return _per_second(bill, factors, volume)
        case Piecewise():
            return bill.at(volume)


def _hosted(bill: HostedBill, factors: Factors, volume: Column) -> Column:
    """Labour + (replicas + spare) (rent + idle) + tokens, each with its factor.

    Replicas are max(least, ceil(V/C)), or the mean of that over the groups of hours of a fleet that
    follows the load.
    """
    unit_usd = bill.usd_per_replica_month
    idle_usd = unit_usd - bill.acquisition.usd_per_month
    groups = [(1.0, 1.0)] if not bill.hours else [(part.share, part.load) for part in bill.hours]
    paid: Column = float(bill.spare_replicas)
    for share, load in groups:
        carried = bill.capacity_tokens_per_month / load if load > 0 else math.inf
        needed = volume / (carried * factors.capacity)
        needed = needed * (1 - STEP_GUARD_RELATIVE)
        needed -= STEP_GUARD
        paid = paid + share * np.maximum(float(bill.minimum_replicas), np.ceil(needed))
    usd = paid * (bill.acquisition.usd_per_month * factors.price + idle_usd * factors.idle_energy)
    by_token = bill.usd_per_token - bill.active_usd_per_token
    if bill.usd_per_token > 0:
        usd = usd + (bill.active_usd_per_token * factors.active_energy + by_token) * volume
    others_usd = bill.fixed_usd_per_month - bill.labour_usd_per_month
    return usd + (bill.labour_usd_per_month * factors.labour + others_usd)


def _per_second(bill: PerSecondBill, factors: Factors, volume: Column) -> Column:
    """A faster replica is billed as one that has so much less to do: time-outs apart, it is."""
    by_token = math.fsum(line.usd_per_token for line in bill.by_token)
    others_usd = math.fsum(line.usd_per_month for line in bill.by_month)
    equivalent = volume / factors.capacity
    compute = bill.curve().at(equivalent) - by_token * equivalent
    compute -= bill.labour_usd_per_month + others_usd
    fixed_usd = bill.labour_usd_per_month * factors.labour + others_usd
    return compute * factors.price + by_token * volume + fixed_usd


def _usage(bill: UsageBill, price: Column, volume: Column) -> Column:
    """max(minimum, fixed + tiers(max(0, U rho - free)) (1 - q d)) + calls, prices multiplied."""
    attempts = bill.retries.billed_attempts
    billed = volume * attempts
    if bill.free_units > 0:
        billed = np.maximum(0.0, billed - bill.free_units * bill.tokens_per_unit)
    tiers = _graduated if bill.rule is TierRule.GRADUATED else _all_units
    usd = tiers(bill.tiers, bill.tokens_per_unit, billed) * price
    usd = usd * (1 - bill.batch_share * bill.batch_discount) + bill.fixed_usd
    if bill.minimum_usd > 0:
        usd = np.maximum(bill.minimum_usd, usd)
    if bill.calls is not None:
        usd = usd + bill.calls.usd_per_token * attempts * volume
    return usd + math.fsum(line.usd_per_month for line in bill.by_month)


Tiers = tuple[tuple[float, float], ...]


def _graduated(tiers: Tiers, tokens_per_unit: float, billed: Column) -> Column:
    """Sum of (p_i - p_(i-1)) (u - t_i)+: each bound changes the price of what lies above it."""
    usd = billed * (tiers[0][1] / tokens_per_unit)
    for (bound, before), (_, after) in pairwise(tiers):
        above = np.maximum(0.0, billed - bound * tokens_per_unit)
        usd = usd + above * ((after - before) / tokens_per_unit)
    return usd


def _all_units(tiers: Tiers, tokens_per_unit: float, billed: Column) -> Column:
    """p_i(u) u: each bound passed changes the price of everything."""
    price = np.full(np.shape(billed), tiers[0][1] / tokens_per_unit)
    for (bound, before), (_, after) in pairwise(tiers):
        price += (billed > bound * tokens_per_unit) * ((after - before) / tokens_per_unit)
    result: Column = price * billed
    return result


def _check(
    bills: Sequence[Bill], factors: Sequence[Factors], tokens_per_month: Column, scenarios: int
) -> None:
    if len(bills) != len(factors):
        raise ModelInputError(f"{len(bills)} bills need as many factors, not {len(factors)}")
    _check_column("volume in tokens a month", tokens_per_month, scenarios)
    for own in factors:
        for name, column in zip(_FACTOR_NAMES, own.columns, strict=True):
            _check_column(name, column, scenarios)


_FACTOR_NAMES: Final = tuple(f"factor on {f.name.replace('_', ' ')}" for f in fields(Factors))
_ABOVE_ZERO: Final = "factor on capacity"


def _check_column(name: str, column: Column, scenarios: int) -> None:
    """Refuse a column of another length, or one with a value out of its domain."""
    low = high = column
    if isinstance(column, np.ndarray):
        if column.shape != (scenarios,):
            raise ModelInputError(f"{name} must have {scenarios:,} values, not {column.shape}")
        if scenarios == 0:
            return
        # Two numbers stand for all: a NaN makes both of them NaN.
        low, high = column.min(), column.max()
    if low >= 0 and high < math.inf and (low > 0 or name != _ABOVE_ZERO):
        return
    limit = "above 0" if name == _ABOVE_ZERO else "at least 0"
    raise ModelInputError(f"{name} must be {limit} and finite, not {low} to {high}")
