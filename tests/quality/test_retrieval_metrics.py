"""Recall and nDCG against their definitions."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import QualityError
from core.quality.retrieval_metrics import per_query


def by_hand(relevant: set[int], ranked: list[int], k: int) -> tuple[float, float]:
    """Share found among the first k; gains 1 / log2(1 + rank) over the best possible."""
    hits = [rank for rank, place in enumerate(ranked[:k], start=1) if place in relevant]
    best = sum(1 / math.log2(1 + rank) for rank in range(1, min(k, len(relevant)) + 1))
    return len(hits) / len(relevant), sum(1 / math.log2(1 + rank) for rank in hits) / best


RANKING = st.permutations(range(12))
RELEVANT = st.sets(st.integers(0, 11), min_size=1, max_size=5)


@given(st.lists(st.tuples(RELEVANT, RANKING), min_size=1, max_size=5), st.integers(1, 12))
def test_both_are_what_their_definitions_say(
    queries: list[tuple[set[int], list[int]]], k: int
) -> None:
    """For each query in its place, also where nothing is found."""
    ranked = np.array([row for _, row in queries])[:, :k]
    scores = per_query([sorted(its) for its, _ in queries], ranked, k)
    expected = [by_hand(its, row, k) for its, row in queries]
    assert scores.recall == pytest.approx([recall for recall, _ in expected])
    assert scores.ndcg == pytest.approx([ndcg for _, ndcg in expected])


@given(RELEVANT, RANKING)
def test_more_documents_never_find_less(relevant: set[int], row: list[int]) -> None:
    """Recall rises with k, to 1."""
    recalls = [
        float(per_query([sorted(relevant)], np.array([row])[:, :k], k).recall[0])
        for k in range(1, 13)
    ]
    assert recalls == sorted(recalls)
    assert recalls[-1] == 1


def test_without_the_package_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra."""
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    with pytest.raises(QualityError, match=r"ir-measures is not installed.*\[quality\]"):
        per_query([[0]], np.array([[0]]), 1)
