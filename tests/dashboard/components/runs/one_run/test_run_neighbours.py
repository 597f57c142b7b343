"""Neighbours of a comparison on the page: drawn, told, and as a table."""

import plotly.graph_objects as go
import pytest

from core.measurement.beside.neighbours import NeighboursFound
from core.probe.records.probe_plan import ProbePlan
from dashboard.components.runs.one_run.run_neighbours import excerpt, least_agreed, neighbours_table
from dashboard.figures.base.palette import DARK, LIGHT, Palette
from dashboard.figures.runs.neighbours_figure import neighbours_figure
from tests.runs.support import api_plan

SHARES = (0.2, 1.0, 0.6, 0.6)
TEXTS = ("a ship\nat sea", "a cat", "a ship", "a cat", "x" * 500)


def found(**changes: object) -> NeighboursFound:
    """Four different texts, five nearest each."""
    values: dict[str, object] = {
        "label_a": "One",
        "label_b": "Other",
        "model_a": "m1",
        "model_b": "m2",
        "texts": 4,
        "k": 5,
        "mean": 0.6,
        "low": 0.4,
        "high": 0.8,
        "by_chance": 0.1,
        "per_text": SHARES,
    }
    return NeighboursFound.model_validate(values | changes)


def plan() -> ProbePlan:
    """With one text twice."""
    return api_plan("http://127.0.0.1:9/v1", texts=TEXTS)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_every_text_is_in_a_bar_of_a_figure_that_plotly_accepts(colours: Palette) -> None:
    """By how many neighbours it shares; mean, interval and chance are marked."""
    figure = neighbours_figure(found(), colours)
    go.Figure(figure)
    (bars,) = figure["data"]
    assert dict(zip(bars["x"], bars["y"], strict=True)) == {0: 0, 1: 1, 2: 0, 3: 2, 4: 0, 5: 1}
    assert [shape["x0"] for shape in figure["layout"]["shapes"]] == pytest.approx([2, 3, 0.5])


def test_the_table_begins_with_the_text_that_is_least_agreed_on() -> None:
    """Texts are named by their beginning, each once."""
    table = neighbours_table(plan(), found())
    assert list(table["share_agreed"]) == sorted(SHARES)
    assert table["text"][0] == "a ship at sea"
    assert len(table["text"].iloc[-2]) <= 120
    assert "a ship at sea" in least_agreed(plan(), found())
    assert "20\u00a0%" in least_agreed(plan(), found())


def test_texts_that_are_not_those_that_were_compared_are_not_named() -> None:
    """A file from elsewhere may hold anything."""
    other = found(per_text=(0.5, 0.6))
    assert least_agreed(plan(), other) == ""
    assert list(neighbours_table(plan(), other)["text"]) == ["text 1", "text 2"]


def test_an_excerpt_is_one_line() -> None:
    """Cut where it is long."""
    assert excerpt(" a \n b ") == "a b"
    assert excerpt("x" * 500).endswith("\u2026")
