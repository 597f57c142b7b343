"""Lognormal lengths, against numerical integration of their density."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.load.text_lengths import LognormalLengths, cut_share, truncated_mean
from core.errors import ModelInputError
from tests.oracles.closed_forms import kept_share, second_moment

laws = st.builds(LognormalLengths, st.floats(1.0, 1e5), st.floats(0.05, 5.0))
limits_over_mean = st.floats(0.01, 100.0)


def expectation(lengths: LognormalLengths, max_tokens: float, order: int) -> float:
    """E[min(X, K)^r] by Gauss-Legendre over the normal ln X, split where the text is cut."""
    s, mu = lengths.log_sd, lengths.log_mean
    low, high = -12.0, 12.0 + order * s
    cut = min(max((math.log(max_tokens) - mu) / s, low), high)
    nodes, weights = np.polynomial.legendre.leggauss(40)
    total = 0.0
    for start, end in ((low, cut), (cut, high)):
        edges = np.linspace(start, end, 41)
        for a, b in pairwise(edges):
            z = (a + b) / 2 + (b - a) / 2 * nodes
            density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
            value = np.minimum(np.exp(mu + s * z), max_tokens) ** order
            total += float(np.sum(weights * value * density)) * (b - a) / 2
    return total


@given(laws, limits_over_mean)
def test_the_truncated_mean_is_the_integral(lengths: LognormalLengths, ratio: float) -> None:
    """E[min(X, K)] agrees with quadrature to nine digits."""
    limit = ratio * lengths.mean_tokens
    exact = expectation(lengths, limit, 1)
    assert truncated_mean(lengths, limit) == pytest.approx(exact, rel=1e-9)
    assert kept_share(lengths, limit) == pytest.approx(exact / lengths.mean_tokens, rel=1e-9)


@given(laws, limits_over_mean)
def test_the_truncated_second_moment_is_the_integral(
    lengths: LognormalLengths, ratio: float
) -> None:
    """E[min(X, K)^2] agrees with quadrature to nine digits."""
    limit = ratio * lengths.mean_tokens
    assert second_moment(lengths, limit) == pytest.approx(expectation(lengths, limit, 2), rel=1e-9)


@given(laws, limits_over_mean)
def test_kept_and_excess_make_the_text(lengths: LognormalLengths, ratio: float) -> None:
    """min(X, K) + (X - K)+ is X."""
    limit = ratio * lengths.mean_tokens
    whole = truncated_mean(lengths, limit) + lengths.mean_excess(limit)
    assert whole == pytest.approx(lengths.mean_tokens, rel=1e-12)


@given(laws)
def test_the_two_moments_are_those_asked_for(lengths: LognormalLengths) -> None:
    """Mean m and variance (k m)^2, out of mu and s."""
    s, mu = lengths.log_sd, lengths.log_mean
    assert math.exp(mu + s * s / 2) == pytest.approx(lengths.mean_tokens, rel=1e-12)
    square = lengths.mean_tokens**2 * (1 + lengths.cv**2)
    assert math.exp(2 * mu + 2 * s * s) == pytest.approx(square, rel=1e-9)
    assert second_moment(lengths) == pytest.approx(square, rel=1e-12)


@given(laws, limits_over_mean, st.floats(1.01, 10.0))
def test_a_wider_window_keeps_more_and_cuts_fewer(
    lengths: LognormalLengths, ratio: float, factor: float
) -> None:
    """Kept share rises and cut share falls with the limit, both within 0 and 1."""
    narrow, wide = ratio * lengths.mean_tokens, factor * ratio * lengths.mean_tokens
    less, more = kept_share(lengths, narrow), kept_share(lengths, wide)
    assert 0 <= less <= more + 1e-12
    assert more <= 1
    assert 0 <= cut_share(lengths, wide) <= cut_share(lengths, narrow) <= 1


def test_a_window_of_about_the_mean_cuts_a_third_of_the_texts() -> None:
    """Mean 500, CV 1 and 512 tokens: 68.5 % of the tokens are kept, 32.8 % of the texts cut."""
    lengths = LognormalLengths(500, 1)
    assert kept_share(lengths, 512) == pytest.approx(0.685, abs=5e-4)
    assert cut_share(lengths, 512) == pytest.approx(0.328, abs=5e-4)


def test_equal_lengths_are_cut_or_not() -> None:
    """At CV 0 every text has the mean length; one exactly as long as the window is not cut."""
    lengths = LognormalLengths(500, 0)
    assert truncated_mean(lengths, 512) == 500
    assert truncated_mean(lengths, 100) == 100
    assert second_moment(lengths, 100) == 100**2
    assert [cut_share(lengths, limit) for limit in (499.0, 500.0, 501.0)] == [1, 0, 0]


def test_a_vanishing_spread_comes_down_to_equal_lengths() -> None:
    """The limit CV -> 0 is smooth."""
    assert truncated_mean(LognormalLengths(500, 1e-9), 100) == pytest.approx(100, rel=1e-12)
    assert truncated_mean(LognormalLengths(500, 1e-9), 512) == pytest.approx(500, rel=1e-12)


def test_without_a_limit_nothing_is_cut() -> None:
    """An endless window leaves mean and square alone."""
    lengths = LognormalLengths(500, 1)
    assert truncated_mean(lengths, math.inf) == 500
    assert cut_share(lengths, math.inf) == 0


@pytest.mark.parametrize(
    ("mean", "cv", "field"),
    [
        (0.0, 1.0, "mean tokens"),
        (-5.0, 1.0, "mean tokens"),
        (math.nan, 1.0, "mean tokens"),
        (math.inf, 1.0, "mean tokens"),
        (1e200, 1.0, "mean tokens"),
        (500.0, -0.1, "coefficient of variation"),
        (500.0, math.nan, "coefficient of variation"),
        (500.0, 1e200, "coefficient of variation"),
    ],
)
def test_impossible_lengths_are_refused(mean: float, cv: float, field: str) -> None:
    """The error names the field."""
    with pytest.raises(ModelInputError, match=field):
        LognormalLengths(mean, cv)


@pytest.mark.parametrize("limit", [0.0, -1.0, math.nan, -math.inf])
def test_an_impossible_window_is_refused(limit: float) -> None:
    """A model that reads nothing has no truncated mean."""
    with pytest.raises(ModelInputError, match="token limit"):
        truncated_mean(LognormalLengths(500, 1), limit)
