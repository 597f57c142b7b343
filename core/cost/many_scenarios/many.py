"""Costs of many options in very many scenarios at once, with steps, spares, tiers and minimums.

A scenario here multiplies the parameters of a bill: its price, the capacity of a replica, labour,
energy. Columns are worked through in pieces that stay in the processor's cache, which is several
times faster than one pass over a million at a time.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Final

import numpy as np

from core.cost.curve.piecewise import Floats
from core.cost.monthly_bill import MonthlyBill
from core.cost.under_factors.many_factors import SAME, Column, Factors, part_of
from core.errors import ModelInputError

__all__ = ["SAME", "Column", "Factors", "chunks", "costs_of_many"]

CHUNK: Final = 16_384
"""Scenarios worked on at a time: 128 KB a column."""


def costs_of_many(
    bills: Sequence[MonthlyBill],
    factors: Sequence[Factors],
    tokens_per_month: Column,
    scenarios: int,
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
            row[where] = bill.under(own.part(where), volume)
    return result


def chunks(scenarios: int, size: int = CHUNK) -> Iterator[slice]:
    """Consecutive ranges that cover so many scenarios."""
    for start in range(0, scenarios, size):
        yield slice(start, min(start + size, scenarios))


def _check(
    bills: Sequence[MonthlyBill],
    factors: Sequence[Factors],
    tokens_per_month: Column,
    scenarios: int,
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
