"""The figure of a test of quality: a row for each candidate that has figures."""

import plotly.graph_objects as go
import pytest

from dashboard.figures.base.palette import DARK, LIGHT, Palette
from dashboard.figures.runs.quality_figure import MOST_LETTERS, quality_figure
from tests.dashboard.past_tests import K, past_report


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_each_candidate_with_figures_has_its_row_with_both_means_and_intervals(
    colours: Palette,
) -> None:
    """Dots and the ends of their lines are the report's; whoever has no figure has no row."""
    report = past_report()
    figure = quality_figure(report, colours)
    go.Figure(figure)  # plotly's own check of every field
    with_figures = [one for one in report.candidates if one.recall is not None]
    assert 0 < len(with_figures) < len(report.candidates)
    recall, ndcg = figure["data"]
    assert (recall["name"], ndcg["name"]) == (f"recall@{K}", f"nDCG@{K}")
    for trace, field in ((recall, "recall"), (ndcg, "ndcg")):
        for place, one in enumerate(with_figures):
            mean = getattr(one, field)
            assert trace["x"][place] == mean.mean
            assert trace["x"][place] + trace["error_x"]["array"][place] == pytest.approx(mean.high)
            low = trace["x"][place] - trace["error_x"]["arrayminus"][place]
            assert low == pytest.approx(mean.low)
    low, high = figure["layout"]["xaxis"]["range"]
    ends = [end for one in with_figures if one.ndcg for end in (one.ndcg.low, one.ndcg.high)]
    assert low < min(ends)
    assert high > max(ends)


def test_rows_are_named_from_the_top_and_the_first_is_marked() -> None:
    """By its words and by a line at its recall through all others."""
    report = past_report()
    layout = quality_figure(report, LIGHT)["layout"]
    names = sorted(layout["annotations"], key=lambda one: -one["y"])
    assert names[0]["text"] == "<b>near</b>: all others against it"
    assert [one["text"] for one in names[1:4]] == [
        "near, 8 dimensions",
        "near, int8",
        "near, 8 dimensions, int8",
    ]
    (line,) = layout["shapes"]
    recall = report.candidates[0].recall
    assert recall is not None
    assert line["x0"] == line["x1"] == recall.mean


def test_a_name_is_shown_as_it_is_written_and_its_form_whole() -> None:
    """No tag of a label is read; what is too long loses letters of the label alone."""
    report = past_report()
    texts = [one["text"] for one in quality_figure(report, LIGHT)["layout"]["annotations"]]
    assert "far &lt;b&gt;, int8" in texts
    longer = report.candidates[0].model_copy(update={"label": "x" * 200})
    other = report.model_copy(
        update={"candidates": (report.candidates[0], longer, *report.candidates[2:])}
    )
    cut = quality_figure(other, LIGHT)["layout"]["annotations"][1]["text"]
    assert len(cut) <= MOST_LETTERS
    assert cut.endswith("…")


def test_one_candidate_alone_is_compared_with_nobody() -> None:
    """It has a row, and no line for others."""
    report = past_report()
    alone = report.model_copy(update={"candidates": report.candidates[:1], "differences": ()})
    layout = quality_figure(alone, LIGHT)["layout"]
    assert [one["text"] for one in layout["annotations"]] == ["near"]
    assert layout["shapes"] == []
