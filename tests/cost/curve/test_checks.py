"""Arguments outside their domain are refused in sentences that name field and limit."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from core.cost.curve import checks
from core.errors import ModelInputError

NOT_NUMBERS = [math.nan, math.inf, -math.inf]


@pytest.mark.parametrize("value", [0.0, -1.0, *NOT_NUMBERS])
def test_positive_refuses_the_rest(value: float) -> None:
    """Zero, below it, unknown and endless are not positive."""
    with pytest.raises(ModelInputError, match=r"^price must be above 0 and finite, not"):
        checks.positive("price", value)


@pytest.mark.parametrize("value", [-1e-9, *NOT_NUMBERS])
def test_not_negative_refuses_the_rest(value: float) -> None:
    """Below zero, unknown and endless are refused; zero is not."""
    assert checks.not_negative("fee", 0.0) == 0
    with pytest.raises(ModelInputError, match=r"^fee must be at least 0 and finite, not"):
        checks.not_negative("fee", value)


@pytest.mark.parametrize("value", [-0.1, 1.1, *NOT_NUMBERS])
def test_a_share_lies_from_0_to_1(value: float) -> None:
    """Both ends belong to it."""
    assert [checks.share("share", v) for v in (0.0, 1.0)] == [0, 1]
    with pytest.raises(ModelInputError, match=r"^share must lie from 0 to 1, not"):
        checks.share("share", value)


@pytest.mark.parametrize("value", [-1.0, -2.0, *NOT_NUMBERS])
def test_growth_leaves_something(value: float) -> None:
    """A loss of everything in a month is refused."""
    with pytest.raises(ModelInputError, match=r"^growth must be above -1"):
        checks.above_minus_one("growth", value)


@pytest.mark.parametrize("value", [-1, 1.5, True, math.nan])
def test_a_count_is_a_whole_number(value: int) -> None:
    """Half a replica and a negative one are refused."""
    with pytest.raises(ModelInputError, match="months must be a whole number of at least 1"):
        checks.whole("months", value, 1)


@pytest.mark.parametrize("values", [np.array([]), np.ones((2, 2)), np.array(1.0)])
def test_a_row_has_at_least_one_value(values: np.ndarray) -> None:
    """No value, a table and a bare number are no rows."""
    with pytest.raises(ModelInputError, match="profile must be a row of at least one value"):
        checks.not_empty("profile", values)


@pytest.mark.parametrize("check", [checks.positive, checks.not_negative, checks.share])
def test_one_bad_element_spoils_an_array(check: Callable[[str, np.ndarray], np.ndarray]) -> None:
    """Arrays are checked element by element and handed back."""
    good = np.array([0.5, 1.0])
    assert check("rates", good) is good
    with pytest.raises(ModelInputError, match="rates"):
        check("rates", np.array([0.5, math.nan]))
