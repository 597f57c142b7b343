"""Nearest documents, and what becomes of equals."""

import tracemalloc

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.measurement.beside.quality_found import VectorForm
from core.quality.ranking import BLOCK_SCORES, lot_of, nearest
from core.quality.vector_forms import formed


@given(st.integers(0, 99), st.integers(1, 30), st.integers(1, 12), st.integers(1, 40))
def test_the_nearest_are_those_of_all_cosines_sorted(
    seed: int, documents: int, queries: int, k: int
) -> None:
    """In order of nearness, as sorting every cosine gives it; all documents where k is more."""
    random = np.random.default_rng(seed)
    rows, asked = formed(
        random.normal(size=(documents, 5)), random.normal(size=(queries, 5)), VectorForm()
    )
    places = nearest(rows, asked, k, np.arange(documents, dtype=np.int64))
    assert places.shape == (queries, min(k, documents))
    cosines = np.take_along_axis(asked @ rows.T, places, axis=1)
    best = -np.sort(-(asked @ rows.T), axis=1)[:, : places.shape[1]]
    assert np.abs(cosines - best).max() < 2e-6
    assert all(len(set(row)) == len(row) for row in places.tolist())


def test_a_model_that_puts_all_texts_in_one_place_finds_what_chance_finds() -> None:
    """Not everything, although the relevant documents stand first in the file."""
    documents = tuple(f"text number {i}" for i in range(400))
    same = np.full((400, 16), 0.25, dtype=np.float32)
    places = nearest(same, same[:40], 40, lot_of(documents))
    # Of 40 queries, query i asks for document i: by chance 40 of 400 are found by each.
    hits = np.mean([i in row for i, row in enumerate(places.tolist())])
    assert hits < 0.3
    assert len({tuple(row) for row in places.tolist()}) == 1


def test_equals_are_taken_by_lot_and_never_before_what_is_nearer() -> None:
    """Whichever documents a block of the computation happens to hold."""
    rows = np.array([[1.0, 0], [0, 1], [0, 1], [1, 0]], dtype=np.float32)
    asked = np.array([[0.0, 1]], dtype=np.float32)
    assert nearest(rows, asked, 3, np.array([2, 0, 1, 3])).tolist() == [[2, 1, 0]]
    assert nearest(rows, asked, 3, np.array([3, 1, 2, 0])).tolist() == [[1, 2, 3]]


def test_a_document_keeps_its_lot_wherever_it_stands_in_the_file() -> None:
    """The lot is of the text."""
    texts = [f"text {i}" for i in range(50)]
    there = [texts[place] for place in lot_of(texts)]
    assert [texts[::-1][place] for place in lot_of(texts[::-1])] == there
    assert there != texts


def test_memory_stays_bounded_however_many_texts_there_are() -> None:
    """4,000 by 4,000 cosines alone are 128 MB as numbers of 64 bits; the blocks take 50 in all."""
    rows = np.zeros((4_000, 8), dtype=np.float32)
    rows[:, 0] = 1
    lot = np.arange(4_000)
    tracemalloc.start()
    nearest(rows, rows, 10, lot)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50 * BLOCK_SCORES
