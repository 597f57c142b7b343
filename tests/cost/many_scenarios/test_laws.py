"""Laws over a range: their quantiles, their ends, and ranges that make no sense."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.many_scenarios.laws import Law, LawKind, known
from core.errors import ModelInputError
from tests.oracles.closed_forms import States

EVEN = (np.arange(100_000) + 0.5) / 100_000
"""Draws in the middle of equal shares: means over them are quadrature, not chance."""

kinds = st.sampled_from(LawKind)


@given(kinds, st.lists(st.floats(0.01, 100), min_size=3, max_size=3))
def test_values_rise_with_the_draw(kind: LawKind, numbers: list[float]) -> None:
    """Every law is a quantile function; bounded ones stay within the range."""
    low, value, high = sorted(numbers)
    found = Law(kind, low, value, high).at(EVEN[::1000])
    assert np.all(np.diff(found) >= -1e-12)
    if kind in (LawKind.UNIFORM, LawKind.LOG_UNIFORM, LawKind.TRIANGULAR):
        assert found.min() >= low * (1 - 1e-12)
        assert found.max() <= high * (1 + 1e-12)


@pytest.mark.parametrize(
    ("kind", "mean"),
    [
        (LawKind.UNIFORM, 2.5),
        (LawKind.LOG_UNIFORM, 3 / math.log(4)),
        (LawKind.TRIANGULAR, (1 + 2 + 4) / 3),
        (LawKind.NORMAL, 2.0),
        (LawKind.LOG_NORMAL, 2 * math.exp((math.log(4) / (2 * 1.6448536269514722)) ** 2 / 2)),
        (LawKind.FIXED, 2.0),
        (LawKind.TWO_STATES, 2.5),
    ],
)
def test_means_are_those_of_the_textbook(kind: LawKind, mean: float) -> None:
    """The mean of each law over the range 1 to 4 with value 2."""
    assert Law(kind, 1.0, 2.0, 4.0).at(EVEN).mean() == pytest.approx(mean, rel=1e-4)


@pytest.mark.parametrize("kind", [LawKind.NORMAL, LawKind.LOG_NORMAL])
def test_nine_of_ten_fall_into_the_range_of_a_normal_law(kind: LawKind) -> None:
    """Low and high are the ends that 5 % fall beyond, where the value lies in their middle."""
    value = 2.5 if kind is LawKind.NORMAL else 2.0
    assert Law(kind, 1.0, value, 4.0).ends == pytest.approx((1.0, 4.0), rel=1e-9)


@given(kinds, st.floats(-5, 5))
def test_a_range_of_no_width_is_its_value(kind: LawKind, value: float) -> None:
    """Zero variance is no error, whatever the law."""
    law = Law(kind, value, value, value)
    assert law.spread == 0
    assert law.at(np.array([0.0, 0.3, 1.0])).tolist() == [value] * 3
    assert known(value).ends == (value, value)


@pytest.mark.parametrize(
    ("kind", "numbers", "message"),
    [
        (LawKind.UNIFORM, (3.0, 2.0, 1.0), "upside down"),
        (LawKind.UNIFORM, (1.0, 5.0, 2.0), "lies outside its range of 1 to 2"),
        (LawKind.LOG_UNIFORM, (0.0, 1.0, 2.0), "low end of a log-uniform range must be above 0"),
        (LawKind.LOG_NORMAL, (-1.0, 1.0, 2.0), "low end of a log-normal range must be above 0"),
        (LawKind.NORMAL, (math.nan, 1.0, 2.0), "finite numbers"),
        (LawKind.NORMAL, (0.0, 1.0, math.inf), "finite numbers"),
    ],
)
def test_ranges_that_make_no_sense_are_refused(
    kind: LawKind, numbers: tuple[float, float, float], message: str
) -> None:
    """Inverted, off-centre, and logarithms of nothing."""
    with pytest.raises(ModelInputError, match=message):
        Law(kind, *numbers)


def test_states_come_with_their_chances() -> None:
    """Weights need not sum to one; a state of weight 0 never comes."""
    states = States((5.0, 7.0, 9.0), (1.0, 0.0, 3.0))
    found = states.at(EVEN)
    assert set(found.tolist()) == {5.0, 9.0}
    assert (found == 9.0).mean() == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("values", "weights", "message"),
    [
        ((), (), "at least one"),
        ((1.0,), (1.0, 2.0), "as many weights"),
        ((1.0,), (0.0,), "must not all be 0"),
        ((1.0,), (-1.0,), "must be at least 0"),
        ((math.inf,), (1.0,), "finite"),
    ],
)
def test_states_without_sense_are_refused(
    values: tuple[float, ...], weights: tuple[float, ...], message: str
) -> None:
    """Missing, negative or infinite entries."""
    with pytest.raises(ModelInputError, match=message):
        States(values, weights)
