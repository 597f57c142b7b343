"""Total Sobol indices against the closed forms of sums and products."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from core.cost.curve.piecewise import Floats
from core.cost.many_scenarios.sobol import total_indices
from core.cost.many_scenarios.value_of_information import Estimated
from core.errors import ModelInputError

N = 20_000


def exchanged(
    of: Callable[[Floats], Floats], inputs: Floats, again: Floats
) -> tuple[Floats, Floats]:
    """The base results, and those with each input drawn anew in turn."""
    rows = []
    for i in range(len(inputs)):
        mixed = inputs.copy()
        mixed[i] = again[i]
        rows.append(of(mixed))
    return of(inputs), np.stack(rows)


def assert_within(found: tuple[Estimated, ...], truth: list[float]) -> None:
    """Each index within four of its standard errors."""
    for index, wanted in zip(found, truth, strict=True):
        assert abs(index.value - wanted) <= 4 * index.standard_error
        assert index.standard_error < 0.03


def test_of_a_sum_each_index_is_the_share_of_the_variance() -> None:
    """S_i = s_i^2 / sum s^2, without interaction."""
    sd = np.array([1.0, 2.0, 0.5])
    a, b = np.random.default_rng(1).normal(size=(2, 3, N)) * sd[:, np.newaxis]
    found = total_indices(*exchanged(lambda x: x.sum(axis=0), a, b))
    assert_within(found, (sd**2 / np.sum(sd**2)).tolist())


def test_of_a_product_the_index_counts_the_interactions() -> None:
    """S_Ti = s_i^2 prod_j (m_j^2 + s_j^2) / (prod (m^2 + s^2) - prod m^2), j other than i."""
    mean, sd = np.array([1.0, 2.0, 3.0]), np.array([0.5, 0.4, 1.5])
    shape = (2, 3, N)
    a, b = mean[:, None] + np.random.default_rng(2).normal(size=shape) * sd[:, None]
    found = total_indices(*exchanged(lambda x: x.prod(axis=0), a, b))
    second = mean**2 + sd**2
    variance = math.prod(second) - math.prod(mean**2)
    truth = [float(sd[i] ** 2 * math.prod(np.delete(second, i)) / variance) for i in range(3)]
    assert_within(found, truth)
    assert sum(truth) > 1  # interactions are counted for each of their inputs


def test_an_input_without_effect_has_an_index_of_zero() -> None:
    """Exactly zero, with no error: drawing it anew changes nothing."""
    base = np.random.default_rng(3).random(100)
    assert total_indices(base, base[np.newaxis]) == (Estimated(0.0, 0.0),)


def test_a_constant_result_has_no_variance_to_share() -> None:
    """Zero variance is no division by zero."""
    assert total_indices(np.ones(9), np.ones((2, 9))) == (Estimated(0.0, 0.0),) * 2


def test_results_must_match() -> None:
    """Another number of samples is refused."""
    with pytest.raises(ModelInputError, match="as many results"):
        total_indices(np.ones(9), np.ones((2, 8)))


@pytest.mark.parametrize(
    ("base", "exchanged"),
    [
        (np.ones((3, 3)), np.ones((2, 9))),
        (np.ones(9), np.ones(9)),
        (np.ones((3, 3)), np.ones(9)),
        (np.ones(9), np.ones((1, 2, 9))),
    ],
)
def test_results_of_another_shape_are_refused(base: np.ndarray, exchanged: np.ndarray) -> None:
    """A row of results, and a row for each input."""
    with pytest.raises(ModelInputError, match="as many results"):
        total_indices(base, exchanged)
