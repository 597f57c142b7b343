"""The words of a bill's lines."""

import pytest

from core.cost.curve.breakdown import amount


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (1e10, "10,000,000,000"),
        (1_574.692, "1,575"),
        (2_818.4, "2,818"),
        (12.30, "12.3"),
        (0.000012345, "0.00001234"),
        (0.2, "0.2"),
        (-1_234_567.8, "-1,235,000"),
        (float("inf"), "inf"),
    ],
)
def test_an_amount_has_no_powers_of_ten(value: float, shown: str) -> None:
    """It is rounded, and written out with its thousands grouped."""
    assert amount(value) == shown
