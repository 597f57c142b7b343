"""What a scenario multiplies in the parameters of a bill."""

import math
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from core.cost.curve.piecewise import Floats

Column = Floats | float
"""One value for each scenario, or one for all."""


@dataclass(frozen=True, slots=True)
class Factors:
    """What a scenario multiplies in one option's bill."""

    price: Column = 1.0
    """Price of a unit, rent or capital."""
    capacity: Column = 1.0
    """Volume that one replica carries."""
    labour: Column = 1.0
    idle_energy: Column = 1.0
    active_energy: Column = 1.0
    """Energy of a token above idle."""
    burst: Column = 1.0
    """Price of the API that takes what exceeds a hybrid's replicas."""
    units: Column = 1.0
    """Billed units of a token: seconds of compute."""
    api_labour: Column = 1.0
    """People's time around an API."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """All of them, in the order of the fields."""
        return tuple(getattr(self, field.name) for field in fields(self))

    def part(self, where: slice) -> "Factors":
        """The factors of some of the scenarios."""
        return Factors(*(part_of(column, where) for column in self.columns))


def bought(units: float, price: Column) -> Column:
    """Units that a sum of money buys where it bought so many: inf where they cost nothing."""
    if isinstance(price, np.ndarray):
        free = np.full(price.shape, math.inf if units > 0 else 0.0)
        result: Floats = np.divide(units, price, out=free, where=price > 0)
        return result
    if price > 0:
        return units / price
    return math.inf if units > 0 else 0.0


SAME: Final = Factors()
"""The bill as it is."""


def part_of(column: Column, where: slice) -> Column:
    """Some of the values of a column."""
    return column[where] if isinstance(column, np.ndarray) else column
