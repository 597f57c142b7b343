"""Tiers of a price list for very many volumes at once."""

from itertools import pairwise

import numpy as np

from core.cost.under_factors.many_factors import Column

Tiers = tuple[tuple[float, float], ...]


def graduated(tiers: Tiers, tokens_per_unit: float, billed: Column) -> Column:
    """Sum of (p_i - p_(i-1)) (u - t_i)+: each bound changes the price of what lies above it."""
    usd = billed * (tiers[0][1] / tokens_per_unit)
    for (bound, before), (_, after) in pairwise(tiers):
        above = np.maximum(billed - bound * tokens_per_unit, 0.0)
        usd = usd + above * ((after - before) / tokens_per_unit)
    return usd


def all_units(tiers: Tiers, tokens_per_unit: float, billed: Column) -> Column:
    """p_i(u) u: each bound passed changes the price of everything."""
    price = np.full(np.shape(billed), tiers[0][1] / tokens_per_unit)
    for (bound, before), (_, after) in pairwise(tiers):
        price += (billed > bound * tokens_per_unit) * ((after - before) / tokens_per_unit)
    result: Column = price * billed
    return result
