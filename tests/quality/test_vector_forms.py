"""Fewer dimensions and fewer bytes, as an index would keep them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.errors import ModelInputError
from core.measurement.beside.quality_found import VectorForm
from core.quality.vector_forms import STEPS, Vectors, bytes_per_vector, form_fits, formed


def vectors(rows: int, dims: int, seed: int) -> NDArray[np.float64]:
    """Some vectors of any length."""
    return np.random.default_rng(seed).normal(size=(rows, dims))


@given(st.integers(0, 50), st.integers(2, 12), st.none() | st.integers(1, 2), st.booleans())
def test_every_form_has_length_1(seed: int, dims: int, cut: int | None, int8: bool) -> None:
    """So that a product is the cosine."""
    both = formed(
        vectors(9, dims, seed), vectors(4, dims, seed + 99), VectorForm(dims=cut, int8=int8)
    )
    for part in both:
        assert part.shape[1] == (cut or dims)
        assert part.dtype == np.float32
        assert np.linalg.norm(part, axis=1) == pytest.approx(1, abs=1e-5)


def test_fewer_dimensions_are_the_first_ones_at_length_1_again() -> None:
    """(3, 4, 12) cut to two is (0.6, 0.8)."""
    cut, _ = formed(np.array([[3.0, 4, 12]]), np.ones((1, 3)), VectorForm(dims=2))
    assert cut[0] == pytest.approx([0.6, 0.8])


def test_int8_is_one_of_256_even_steps_between_least_and_most_of_the_documents() -> None:
    """A component is off by half a step at most; queries beyond the documents are clipped."""
    documents, queries = vectors(200, 8, 1), vectors(50, 8, 2) * 3
    plain, asked = formed(documents, queries, VectorForm())
    low, high = plain.min(axis=0), plain.max(axis=0)
    step = (high - low) / STEPS

    def expected(rows: Vectors) -> Vectors:
        values = low + step * np.clip(np.round((rows - low) / step), 0, 255)
        at_length_1: Vectors = values / np.linalg.norm(values, axis=1, keepdims=True)
        return at_length_1

    rounded = formed(documents, queries, VectorForm(int8=True))
    assert rounded[0] == pytest.approx(expected(plain), abs=1e-6)
    assert rounded[1] == pytest.approx(expected(asked), abs=1e-6)
    assert np.abs(rounded[0] - plain).max() < step.max()
    assert np.abs(rounded[0] - plain).max() > 0


def test_a_component_that_never_changes_survives_int8() -> None:
    """Its step is 0, which must not become a division by 0."""
    rows = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    rounded, _ = formed(rows / np.linalg.norm(rows[0]), rows, VectorForm(int8=True))
    assert np.isfinite(rounded).all()
    same, _ = formed(np.ones((3, 4)), np.ones((2, 4)), VectorForm(int8=True))
    assert same == pytest.approx(0.5)


def test_vectors_are_not_cut_to_more_than_they_have() -> None:
    """A form that takes nothing away is no candidate of its own."""
    with pytest.raises(ModelInputError, match="4 dimensions cannot be cut to 5"):
        formed(np.ones((1, 4)), np.ones((1, 4)), VectorForm(dims=5))
    fits = [form_fits(VectorForm(dims=dims), 4) for dims in (3, 4, 5)]
    assert fits == [True, False, False]
    assert form_fits(VectorForm(int8=True), 4)
    assert not form_fits(VectorForm(), 4)


def test_bytes_are_four_a_dimension_or_one() -> None:
    """1,536 float32 are 6,144 bytes; 256 of one byte are 256."""
    assert bytes_per_vector(VectorForm(), 1_536) == 6_144
    assert bytes_per_vector(VectorForm(dims=256), 1_536) == 1_024
    assert bytes_per_vector(VectorForm(int8=True), 1_536) == 1_536
    assert bytes_per_vector(VectorForm(dims=256, int8=True), 1_536) == 256
