"""The normal law, against the standard library and against itself."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.load.normal import normal_cdf, normal_pdf
from tests.oracles.hybrid.load_duration import normal_loss

STANDARD = NormalDist()
z_values = st.floats(-8.0, 8.0)


@given(z_values)
def test_it_is_the_standard_librarys_normal_law(z: float) -> None:
    """Distribution and density agree with another implementation."""
    assert float(normal_cdf(z)) == pytest.approx(STANDARD.cdf(z), rel=1e-9, abs=1e-15)
    assert float(normal_pdf(z)) == pytest.approx(STANDARD.pdf(z), rel=1e-13)


def test_the_tails_keep_their_digits() -> None:
    """Phi(-10) = 7.6198530241605e-24; adding it to 1 would lose it."""
    assert float(normal_cdf(-10.0)) == pytest.approx(7.61985302416052606e-24, rel=1e-12)
    assert float(normal_cdf(-math.inf)) == 0
    assert float(normal_cdf(math.inf)) == 1


@given(z_values)
def test_the_loss_is_what_lies_above(z: float) -> None:
    """E[(Z - z)+] is the integral of the upper tail from z on."""
    grid = np.linspace(z, 12.0, 4_001)
    tail = normal_cdf(-grid)
    # Simpson's rule.
    step = grid[1] - grid[0]
    integral = step / 3 * (tail[0] + tail[-1] + 4 * tail[1:-1:2].sum() + 2 * tail[2:-1:2].sum())
    assert float(normal_loss(z)) == pytest.approx(integral, rel=1e-9, abs=1e-18)


@given(z_values)
def test_what_lies_above_less_what_lies_below_is_the_mean(z: float) -> None:
    """E[(Z - z)+] - E[(z - Z)+] = -z, because Z has mean 0."""
    assert float(normal_loss(z) - normal_loss(-z)) == pytest.approx(-z, abs=1e-12)


def test_shapes_are_kept() -> None:
    """A table of values gives a table of the same shape."""
    assert normal_loss(np.zeros((2, 3))).shape == (2, 3)
