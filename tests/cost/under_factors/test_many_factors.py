"""What money buys at another price."""

import math

import numpy as np
import pytest

from core.cost.under_factors.many_factors import SAME, bought, part_of


@pytest.mark.parametrize(
    ("units", "price", "buys"),
    [
        (10.0, 0.5, 20.0),
        (10.0, 1.0, 10.0),
        (10.0, 4.0, 2.5),
        (10.0, 0.0, math.inf),
        (0.5, 0.0, math.inf),
        (0.0, 0.5, 0.0),
        (0.0, 0.0, 0.0),
    ],
)
def test_money_buys_twice_as_much_at_half_the_price(
    units: float, price: float, buys: float
) -> None:
    """Without end where nothing is asked, nothing for nothing; of one scenario as of many."""
    assert bought(units, price) == buys
    assert np.asarray(bought(units, np.array([price, 1.0]))).tolist() == [buys, units]


def test_a_part_of_the_scenarios_has_their_own_values() -> None:
    """A column is cut, one value for all is not."""
    assert np.asarray(part_of(np.array([1.0, 2.0, 3.0]), slice(1, 3))).tolist() == [2.0, 3.0]
    assert part_of(2.0, slice(1, 3)) == 2.0
    assert SAME.part(slice(0, 1)) == SAME
