"""Scores of two models whose true difference is known, and how often an interval holds it."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.quality.paired_bootstrap import paired_difference

Scores = NDArray[np.float64]
Random = np.random.Generator
Made = Callable[[Random, int], Scores]
"""Scores of both models, one row a model, for so many queries."""
CORPORA: Final = 1_000
MANY: Final = 500_000
"""Queries that stand for all that there could be: a mean of them is off by 0.0005."""


def two_who_find(share_a: float, share_b: float, together: float) -> Made:
    """Recall of one relevant document: a query is as hard for both in so many of the cases."""

    def made(random: Random, n: int) -> Scores:
        hard = random.random(n)
        each = [np.where(random.random(n) < together, hard, random.random(n)) for _ in range(2)]
        return np.array([each[0] < share_a, each[1] < share_b], dtype=float)

    return made


def two_who_rank(shift: float, together: float, documents: int = 1) -> Made:
    """nDCG@5 by the ranks of the relevant documents: b puts them lower, by a shift of logarithms.

    Of several documents the mean of what each gives, so that there are many different scores.
    """

    def made(random: Random, n: int) -> Scores:
        hard = random.normal(size=n)
        own = random.normal(size=(documents, 2, n))
        depth = np.sqrt(together) * hard + np.sqrt(1 - together) * own + [[0.0], [shift]]
        rank = np.maximum(1, np.floor(np.exp(depth)))
        scores: Scores = np.where(rank <= 5, 1 / np.log2(1 + rank), 0.0).mean(axis=0)
        return scores

    return made


SHAPES: Final[Mapping[str, Made]] = {
    "recall 5": two_who_find(0.9, 0.85, 0.8),
    "recall 3": two_who_find(0.9, 0.87, 0.9),
    "recall 10": two_who_find(0.6, 0.5, 0.5),
    "recall high": two_who_find(0.97, 0.94, 0.9),
    "alike": two_who_find(0.9, 0.9, 0.5),
    "ranks": two_who_rank(0.3, 0.6),
    "far": two_who_rank(1.0, 0.5),
    "close": two_who_rank(0.1, 0.9),
    "several": two_who_rank(0.2, 0.5, documents=3),
}


def coverage(made: Made, queries: int, seed: int, draws: int) -> float:
    """Share of simulated corpora whose interval holds the true difference."""
    random = np.random.default_rng(seed)
    a, b = made(random, MANY).mean(axis=1)
    held = 0
    for corpus in range(CORPORA):
        one, other = made(random, queries)
        seen = paired_difference(one, other, seed + corpus, draws)
        held += seen.low - 1e-9 <= b - a <= seen.high + 1e-9
    return held / CORPORA
