"""What several models find of the same queries, each beside the first."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import QualityInputError
from core.measurement.beside.quality_found import QualityReport, VectorForm
from core.quality.corpus import Corpus
from core.quality.judging import judged
from core.quality.ranking import lot_of
from tests.quality.models import noisy, numbered, side

FEW = 300
CORPUS = numbered(60, documents=120)
GOOD, POOR = noisy(CORPUS, 0.3), noisy(CORPUS, 3.0)


def test_a_better_model_is_told_apart_from_a_poorer_one() -> None:
    """With figures, intervals, sizes, and a sentence that names both."""
    report = judged(CORPUS, [side("poor", *POOR), side("good", *GOOD)], k=10, seed=1, draws=FEW)
    poor, good = report.candidates
    assert good.recall
    assert poor.recall
    assert good.recall.mean > 0.95 > 0.75 > poor.recall.mean
    assert (good.documents, good.queries, good.dims, good.bytes_per_vector) == (120, 60, 32, 128)
    recall, ndcg = report.differences
    assert (recall.metric, recall.verdict, recall.a, recall.b) == ("recall", "better", 0, 1)
    assert recall.difference == pytest.approx(good.recall.mean - poor.recall.mean)
    assert re.match(
        r"good finds \d+\.\d points more of what .* than poor, between", recall.sentence
    )
    assert (ndcg.metric, ndcg.verdict) == ("ndcg", "better")
    assert (report.corpus, report.seed, report.draws, report.k) == (CORPUS.digest, 1, FEW, 10)
    assert QualityReport.model_validate_json(report.model_dump_json()) == report


def test_a_model_beside_itself_does_not_differ_and_is_not_called_the_same() -> None:
    """Difference 0, unknown, and still 5 points either way."""
    report = judged(CORPUS, [side("a", *GOOD), side("b", *GOOD)], k=10, seed=1, draws=FEW)
    for one in report.differences:
        assert (one.difference, one.verdict, one.p_holm) == (0, "unknown", 1)
        assert (one.low, one.high) == pytest.approx((-0.05, 0.05))


def test_forms_stand_beside_the_vectors_as_they_come() -> None:
    """Each side in each form that fits; all compared with the first side's own vectors."""
    small = noisy(CORPUS, 0.3, dims=8)
    report = judged(
        CORPUS,
        [side("a", *GOOD), side("b", *small)],
        k=10,
        seed=1,
        dims=(16,),
        int8=True,
        draws=FEW,
    )
    assert [(one.label, one.form, one.bytes_per_vector) for one in report.candidates] == [
        ("a", VectorForm(), 128),
        ("a", VectorForm(dims=16), 64),
        ("a", VectorForm(int8=True), 32),
        ("a", VectorForm(dims=16, int8=True), 16),
        ("b", VectorForm(), 32),
        ("b", VectorForm(int8=True), 8),
    ]
    assert {one.a for one in report.differences} == {0}
    assert [one.b for one in report.differences] == [1, 2, 3, 4, 5] * 2
    assert "b has 8 dimensions: it was not tried with 16." in report.remarks
    whole, rounded = report.candidates[0].recall, report.candidates[2].recall
    assert whole
    assert rounded
    assert rounded.mean == pytest.approx(whole.mean, abs=0.05)


@given(st.permutations(list(range(12))))
def test_the_order_of_the_documents_does_not_change_a_figure(order: list[int]) -> None:
    """Not even where most of them are equally near."""
    corpus = numbered(10, documents=12)
    rows = np.eye(3)[np.arange(12) % 3]
    asked = rows[:10]
    mixed = Corpus(
        documents=tuple(corpus.documents[place] for place in order),
        queries=corpus.queries,
        relevant=tuple((order.index(i),) for i in range(10)),
    )
    one = judged(corpus, [side("a", rows, asked)], k=2, seed=0, draws=10)
    other = judged(mixed, [side("a", rows[order], asked)], k=2, seed=0, draws=10)
    assert one.candidates == other.candidates


def test_a_constant_model_finds_what_chance_finds() -> None:
    """Ten of 120 documents, although the relevant ones stand first in the file."""
    same = side("same", np.ones((120, 4)), np.ones((60, 4)))
    found = judged(CORPUS, [same], k=10, seed=1, draws=FEW).candidates[0].recall
    expected = sum(place < 60 for place in lot_of(CORPUS.documents)[:10]) / 60
    assert found
    assert found.mean == pytest.approx(expected)
    assert found.mean < 0.2


def test_who_failed_half_way_keeps_what_it_has_and_is_compared_over_that() -> None:
    """The other is searched anew among the same documents; fewer are easier for both."""
    documents, queries = POOR
    half = side("half", documents[:40], queries[:50], "Documents after 40 of 120 texts: gone.")
    report = judged(CORPUS, [side("whole", *POOR), half], k=10, seed=1, draws=FEW)
    whole, part = report.candidates
    assert (part.documents, part.queries) == (40, 40)
    assert part.failure == (
        "Documents after 40 of 120 texts: gone. It has 40 of 120 documents and 50 of 60 queries: "
        "its figures are over 40 queries, among fewer documents, which is easier."
    )
    assert part.recall
    assert whole.recall
    assert part.recall.mean > whole.recall.mean
    for one in report.differences:
        assert (one.difference, one.queries) == (0, 40)
        assert one.sentence.endswith(
            "Over the 40 of 120 documents and 40 of 60 queries that both have."
        )


def test_who_has_too_few_gets_no_figure_and_no_comparison() -> None:
    """Nine queries say nothing; it is said why there is no figure."""
    documents, queries = GOOD
    report = judged(
        CORPUS,
        [side("whole", *GOOD), side("nine", documents, queries[:9], "It stopped.")],
        k=10,
        seed=1,
        draws=FEW,
    )
    assert report.candidates[1].recall is None
    assert report.candidates[1].ndcg is None
    assert "9 queries count, too few for a figure" in report.candidates[1].failure
    assert not report.differences
    assert any("nine and whole have 9 queries in common" in one for one in report.remarks)


def test_where_the_first_has_nothing_the_next_is_what_all_are_compared_with() -> None:
    """And that is said; where nobody has anything there is no figure at all."""
    failed = side("failed", None, None, "No answer.")
    report = judged(
        CORPUS, [failed, side("poor", *POOR), side("good", *GOOD)], k=10, seed=1, draws=FEW
    )
    assert {(one.a, one.b) for one in report.differences} == {(1, 2)}
    assert "failed has no vectors: all are compared with poor." in report.remarks
    nobody = judged(CORPUS, [failed, failed], k=10, seed=1, draws=FEW)
    assert not nobody.has_figures
    assert not nobody.differences
    assert "No answer." in nobody.failures


def test_a_p_value_counts_for_all_comparisons_together() -> None:
    """The same model beside many more needs more proof."""
    middling = noisy(CORPUS, 1.0)
    alone, *_ = judged(
        CORPUS, [side("poor", *POOR), side("b", *middling)], k=10, seed=1
    ).differences
    copies = [side(f"poor {i}", *POOR) for i in range(4)]
    many = judged(CORPUS, [side("poor", *POOR), side("b", *middling), *copies], k=10, seed=1)
    assert many.differences[0].p_holm == pytest.approx(min(1, 5 * alone.p_holm))
    assert (many.differences[0].low, many.differences[0].high) == (alone.low, alone.high)


def test_what_chance_alone_would_find_is_said_of_a_small_collection() -> None:
    """Ten of twenty documents are found by anybody in half of the cases."""
    corpus = numbered(15, documents=20)
    report = judged(corpus, [side("a", *noisy(corpus, 1.0))], k=10, seed=1, draws=FEW)
    assert any("Chance alone would find 50 %" in one for one in report.remarks)
    report = judged(CORPUS, [side("a", *GOOD)], k=10, seed=1, draws=FEW)
    assert not any("Chance" in one for one in report.remarks)


def test_more_relevant_documents_than_are_looked_at_are_said() -> None:
    """Recall@2 of three documents is two thirds at best."""
    corpus = numbered(20).model_copy(
        update={"relevant": ((0, 1, 2), *((i,) for i in range(1, 20)))}
    )
    report = judged(corpus, [side("a", *noisy(corpus, 0.1))], k=2, seed=1, draws=FEW)
    words = "Of 1 of the 20 queries more than 2 documents are relevant"
    assert any(words in one for one in report.remarks)


def test_more_candidates_than_can_be_kept_are_refused_before_anything_is_computed() -> None:
    """81 of one form each."""
    with pytest.raises(QualityInputError, match="81 candidates are more than 80"):
        judged(CORPUS, [side(str(i), *GOOD) for i in range(81)], k=10, seed=1)
