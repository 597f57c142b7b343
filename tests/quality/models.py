"""Corpora and models made for a test: whose vectors find what is known beforehand."""

import numpy as np
from numpy.typing import NDArray

from core.quality.corpus import Corpus
from core.quality.judging import Side

Vectors = NDArray[np.float64]


def numbered(queries: int, documents: int | None = None) -> Corpus:
    """Query i asks for document i; more documents are asked for by none."""
    return Corpus(
        documents=tuple(f"document {i}" for i in range(documents or queries)),
        queries=tuple(f"query {i}" for i in range(queries)),
        relevant=tuple((i,) for i in range(queries)),
    )


def side(label: str, documents: Vectors | None, queries: Vectors | None, failure: str = "") -> Side:
    """A side of an option that is named as it is."""
    return Side(label, f"api/{label}", label, documents, queries, failure)


def noisy(corpus: Corpus, noise: float, dims: int = 32, seed: int = 0) -> tuple[Vectors, Vectors]:
    """Vectors of documents, and of queries as their first relevant document's with noise."""
    random = np.random.default_rng(seed)
    documents = random.normal(size=(len(corpus.documents), dims))
    asked = documents[[its[0] for its in corpus.relevant]]
    return documents, asked + noise * random.normal(size=asked.shape)
