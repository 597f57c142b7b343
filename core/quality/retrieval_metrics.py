"""How much of what is relevant stands among the first, and how high: recall@k and nDCG@k."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.errors import QualityError
from core.quality.ranking import Places

PACKAGE: Final = "ir-measures"
INSTALL: Final = 'python -m pip install -e ".[quality]"'
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PerQuery:
    """One number a query, from 0 to 1."""

    recall: Scores
    """Share of the relevant documents that are among the first k."""
    ndcg: Scores
    """Sum of 1 / log2(1 + rank) over them, over the most that it could be."""


def per_query(relevant: Sequence[Sequence[int]], ranked: Places, k: int) -> PerQuery:
    """Both for each query by ir-measures, which asks trec_eval: a document is relevant or not.

    ``ranked``: places of documents for each query, the nearest first. Raises QualityError without
    the package. https://ir-measur.es/en/latest/measures.html
    """
    tools = measures()
    qrels = {str(q): {str(place): 1 for place in its} for q, its in enumerate(relevant)}
    run = {
        str(q): {str(place): float(k - rank) for rank, place in enumerate(row[:k])}
        for q, row in enumerate(ranked.tolist())
    }
    recall, ndcg = tools.R @ k, tools.nDCG @ k
    scores = {recall: np.zeros(len(relevant)), ndcg: np.zeros(len(relevant))}
    for metric in tools.iter_calc([recall, ndcg], qrels, run):
        scores[metric.measure][int(metric.query_id)] = metric.value
    return PerQuery(recall=scores[recall], ndcg=scores[ndcg])


def measures() -> Any:
    """The library of measures. Raises QualityError where it is not installed."""
    try:
        import ir_measures  # noqa: PLC0415 -- an extra
    except ImportError:
        raise QualityError(f"The package {PACKAGE} is not installed. Run: {INSTALL}") from None
    return ir_measures
