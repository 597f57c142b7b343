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


def test_an_amount_has_the_digits_asked_for_and_no_others() -> None:
    """Sixteen of them are three tenths, not what a float holds in its place."""
    assert amount(0.3, 16) == "0.3"
    assert amount(1_574.692, 6) == "1,574.69"
