"""Overlap of neighbours between two models."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RunError
from core.probe.statistics.neighbour_overlap import neighbour_overlap

SEEDS = st.integers(0, 10_000)


def vectors(seed: int, texts: int = 40, dims: int = 8) -> np.ndarray[tuple[int, int]]:
    """Random directions."""
    return np.random.default_rng(seed).normal(size=(texts, dims))


@given(SEEDS, st.integers(1, 20))
@settings(max_examples=25, deadline=None)
def test_a_model_agrees_with_itself(seed: int, k: int) -> None:
    """Turned, stretched or with more dimensions, the neighbours stay."""
    one = vectors(seed)
    turned, _ = np.linalg.qr(np.random.default_rng(seed + 1).normal(size=(8, 8)))
    wider = np.hstack([3 * one @ turned, np.zeros((40, 5))])
    found = neighbour_overlap(one, wider, k)
    assert (found.mean, found.low, found.high) == (1.0, 1.0, 1.0)


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_strangers_agree_by_chance(seed: int) -> None:
    """Two unrelated models share k of all others, and the overlap is the same either way."""
    one, other = vectors(seed, 200), vectors(seed + 20_000, 200)
    found = neighbour_overlap(one, other, 10)
    assert found.by_chance == pytest.approx(10 / 199)
    assert found.mean == pytest.approx(found.by_chance, abs=0.03)
    assert neighbour_overlap(other, one, 10).mean == found.mean
    assert 0 <= found.low <= found.mean <= found.high <= 1


def test_more_noise_keeps_fewer_neighbours() -> None:
    """From the same model to strangers, step by step."""
    one = vectors(1, 200)
    noise = vectors(2, 200)
    means = [neighbour_overlap(one, one + share * noise, 10).mean for share in (0, 0.1, 0.5, 2)]
    assert means == sorted(means, reverse=True)
    assert means[0] == 1.0
    assert means[-1] < 0.6


def test_the_interval_covers_what_many_texts_would_say() -> None:
    """Of samples of 60 texts nine in ten intervals hold the overlap of 2,000 texts or more."""
    rng = np.random.default_rng(5)
    one, noise = rng.normal(size=(60 * 40, 6)), rng.normal(size=(60 * 40, 6))
    other = one + 0.4 * noise
    parts = [
        neighbour_overlap(one[i : i + 60], other[i : i + 60], 5) for i in range(0, 60 * 40, 60)
    ]
    truth = float(np.mean([part.mean for part in parts]))
    assert sum(part.low <= truth <= part.high for part in parts) >= 0.85 * len(parts)


@pytest.mark.parametrize(
    ("one", "other", "k", "said"),
    [
        (vectors(1), vectors(1, 39), 5, "40 and 39 vectors"),
        (vectors(1, 9), vectors(1, 9), 5, "10 to 5,000 different texts"),
        (vectors(1), vectors(1), 39, "k is 1 to 38"),
        (vectors(1), vectors(1), 0, "k is 1 to 38"),
        (np.zeros((40, 3)), vectors(1), 5, "zero or not finite"),
        (np.full((40, 3), np.nan), vectors(1), 5, "zero or not finite"),
        (np.ones(40), vectors(1), 5, "not an array of 1 axes"),
    ],
)
def test_nonsense_is_refused(
    one: np.ndarray[tuple[int, int]], other: np.ndarray[tuple[int, int]], k: int, said: str
) -> None:
    """Each has its sentence."""
    with pytest.raises(RunError, match=said):
        neighbour_overlap(one, other, k)
