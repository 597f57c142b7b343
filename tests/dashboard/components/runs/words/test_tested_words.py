"""What a test of quality asked and found, in words."""

from dashboard.components.runs.words.run_text import plan_fields
from dashboard.components.runs.words.tested_words import candidate_text, found_text, size_text
from tests.dashboard.past_tests import past_plan, past_report


def test_one_and_many_are_counted_in_words() -> None:
    """No "1 queries"."""
    assert size_text(1, 1) == "1 query over 1 document"
    assert size_text(1_500, 60) == "1,500 queries over 60 documents"


def test_the_finding_in_a_line_is_of_recall_and_of_vectors_as_they_come() -> None:
    """Forms and nDCG stand in the list below the figure."""
    report = past_report()
    line = found_text(report)
    assert "than near" in line
    assert "recall@10" in line
    assert "nDCG" not in line
    assert "int8" not in line


def test_without_a_comparison_the_figures_are_the_finding() -> None:
    """Of whoever has some; none where nobody has."""
    report = past_report()
    alone = report.model_copy(update={"candidates": report.candidates[:1], "differences": ()})
    assert found_text(alone) == candidate_text(report.candidates[0], 10)
    assert found_text(alone).startswith("near: recall@10 ")
    nobody = report.model_copy(update={"candidates": report.candidates[-1:], "differences": ()})
    assert found_text(nobody) == ""
    assert candidate_text(report.candidates[-1], 10) == "half, 8 dimensions, int8: no figure."


def test_the_plan_says_how_it_was_asked_and_nothing_of_requests() -> None:
    """Sizes, k, forms and prefixes; the texts themselves are nowhere."""
    fields = dict(plan_fields(past_plan()))
    assert fields["Texts"] == "30 queries over 60 documents; they are not stored"
    assert fields["Compared with"] == "far <b>, half"
    assert fields["Of the ranking count"] == "the first 10"
    assert fields["Shorter vectors"] == "8 dimensions"
    assert fields["Before queries and documents of near"] == "“query: ” and “”"
    assert "Requests" not in fields
