"""What is said of two candidates."""

import math

import pytest

from core.measurement.beside.quality_found import Metric
from core.quality.paired_bootstrap import PairedDifference
from core.quality.quality_words import Contrast, difference_sentence, more_queries, verdict_of


def contrast(
    seen: PairedDifference,
    p_holm: float,
    metric: Metric = "recall",
    comparisons: int = 1,
    only: str = "",
) -> Contrast:
    """A contrast of two models over 50 queries."""
    return Contrast(metric, 10, "3-small", "voyage-4-lite", 50, comparisons, seen, p_holm, only)


WORSE = PairedDifference(-0.031, -0.059, -0.004, 0.02)
BETTER = PairedDifference(0.031, 0.004, 0.059, 0.02)
OPEN = PairedDifference(-0.02, -0.06, 0.02, 0.3)


def test_a_difference_is_told_in_points_with_its_interval() -> None:
    """Less and more, of recall and of order."""
    assert difference_sentence(contrast(WORSE, 0.02)) == (
        "voyage-4-lite finds 3.1 points less of what is relevant (recall@10) than 3-small, "
        "between 0.4 and 5.9: they can be told apart."
    )
    assert "finds 3.1 points more of what" in difference_sentence(contrast(BETTER, 0.02))
    ranked = difference_sentence(contrast(BETTER, 0.02, metric="ndcg"))
    assert "ranks 3.1 points better what is relevant (nDCG@10) than 3-small" in ranked


def test_what_cannot_be_told_apart_says_between_what_and_how_many_more_would() -> None:
    """A half-width of 4 points and a difference of 2: four times as many, 150 more."""
    assert difference_sentence(contrast(OPEN, 0.3)) == (
        "voyage-4-lite and 3-small cannot be told apart by these 50 queries: voyage-4-lite finds "
        "between 6.0 points less and 2.0 points more of what is relevant (recall@10). About 150 "
        "more like these would give an even chance of telling."
    )


def test_a_difference_too_small_to_ever_tell_is_said_so_and_none_is_not_wished_for() -> None:
    """More than ten times as many are no advice."""
    small = PairedDifference(-0.001, -0.06, 0.06, 0.9)
    assert "even 10 times as many would not tell" in difference_sentence(contrast(small, 0.9))
    none = PairedDifference(0.0, -0.06, 0.06, 1.0)
    assert difference_sentence(contrast(none, 1.0)).endswith("(recall@10).")


def test_what_stands_alone_but_not_among_several_comparisons_is_unknown() -> None:
    """The interval excludes 0, Holm's p-value does not: that is what the sentence says."""
    assert verdict_of(WORSE, 0.2) == "unknown"
    text = difference_sentence(contrast(WORSE, 0.2, comparisons=10))
    assert "these 50 queries, with 10 comparisons allowed for (Holm): " in text
    assert "between 5.9 points less and 0.4 points less" in text


def test_the_verdict_needs_both_interval_and_p_value() -> None:
    """And goes by the sign of the difference."""
    assert verdict_of(WORSE, 0.049) == "worse"
    assert verdict_of(BETTER, 0.049) == "better"
    assert verdict_of(BETTER, 0.05) == "unknown"
    assert verdict_of(OPEN, 0.01) == "unknown"


@pytest.mark.parametrize("queries", [10, 50, 5_000])
def test_more_queries_grow_as_the_square_of_the_missing_width(queries: int) -> None:
    """At n times (half-width / difference) squared the interval's end touches 0."""
    more = more_queries(OPEN, 1, queries)
    assert more == 3 * queries
    half = 0.04 * math.sqrt(queries / (queries + more))
    assert half == pytest.approx(0.02)
    assert (more_queries(OPEN, 5, queries) or 0) > more


def test_a_comparison_over_a_part_says_over_which() -> None:
    """And a sentence with the longest of names still fits."""
    text = difference_sentence(contrast(WORSE, 0.02, only="Over 3 of 9."))
    assert text.endswith("they can be told apart. Over 3 of 9.")
    long = Contrast("recall", 10, "a" * 300, "b" * 300, 50, 3, OPEN, 0.5)
    assert len(difference_sentence(long)) <= 1_000
