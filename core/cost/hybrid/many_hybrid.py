"""Costs of a hybrid in very many scenarios: each with its own best count of replicas."""

import math
from typing import Protocol

import numpy as np

from core.cost.curve.breakdown import CostLine
from core.cost.hybrid.split_cost import SplitCost, Splitting
from core.cost.under_factors.many_factors import Column, Factors


class Billed(Splitting, Protocol):
    """A hybrid's bill with what is due beside the split."""

    @property
    def by_month(self) -> tuple[CostLine, ...]:
        """What else is due."""
        ...


def hybrid_costs(bill: Billed, factors: Factors, volume: Column) -> Column:
    """USD/month of the cheapest split of each scenario."""
    volumes = np.asarray(volume, dtype=np.float64)
    shape = np.broadcast_shapes(volumes.shape, *(np.shape(column) for column in factors.columns))
    split = SplitCost(bill, factors, np.broadcast_to(volumes, shape).reshape(-1))
    others = math.fsum(line.usd_per_month for line in bill.by_month)
    result: Column = split.least().reshape(shape) + others
    return result
