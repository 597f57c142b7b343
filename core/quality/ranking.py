"""Which documents a model puts first for each query."""

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.quality.vector_forms import Vectors

Places = NDArray[np.int64]
BLOCK_SCORES: Final = 1_000_000
"""Cosines that are held at once: with their keys and order 40 MB."""
GRAIN: Final = 1_000_000
"""Cosines that agree to six digits are equal: float32 carries no more through a sum."""


def lot_of(documents: Sequence[str]) -> Places:
    """An order of documents that nobody chose: by the SHA-256 of their texts.

    In many files the relevant documents stand first. Were equals taken in the file's order, a model
    whose vectors are all the same would find everything.
    """
    digests = [hashlib.sha256(text.encode()).digest() for text in documents]
    return np.array(sorted(range(len(digests)), key=digests.__getitem__), dtype=np.int64)


def nearest(documents: Vectors, queries: Vectors, k: int, lot: Places) -> Places:
    """The places of the k nearest documents of each query, nearest first, all where they are fewer.

    ``documents`` (n x d) and ``queries`` (m x d) have length 1: nearness is the cosine. ``lot``:
    all n places in the order in which equals are taken.
    """
    count = len(documents)
    width = min(k, count)
    dealt = documents[lot]
    later = np.arange(count - 1, -1, -1, dtype=np.int64)
    rows = max(1, BLOCK_SCORES // max(1, count))
    places = np.empty((len(queries), width), dtype=np.int64)
    for start in range(0, len(queries), rows):
        cosines = queries[start : start + rows] @ dealt.T
        # Cosine and lot in one number, so that no two are equal.
        keys = np.rint(cosines * GRAIN).astype(np.int64) * count + later
        first = np.argpartition(keys, count - width, axis=1)[:, count - width :]
        order = np.argsort(-np.take_along_axis(keys, first, axis=1), axis=1)
        places[start : start + rows] = lot[np.take_along_axis(first, order, axis=1)]
    return places
