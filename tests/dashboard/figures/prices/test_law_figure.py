"""The chart of the law of size."""

import plotly.graph_objects as go
import pytest

from dashboard.components.prices.law_panel import law_sentence, law_table
from dashboard.figures.base.palette import DARK, LIGHT, Palette
from dashboard.figures.prices.law_figure import LawPoint, law_figure
from dashboard.resources.law_rows import SERVERS_FACTOR, law_rows, off_by

POINTS = (
    LawPoint("T4", "servers", "bge, TEI", 0.5),
    LawPoint("L4", "bare calls", "bge, TensorRT", 1.25),
    LawPoint("L4", "servers", "bge, Infinity", 1.0),
)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_plotly_accepts_it(colours: Palette) -> None:
    """In both schemes, validated."""
    go.Figure(law_figure(POINTS, 2.0, colours))


def test_each_group_is_told_apart_by_colour_and_by_shape() -> None:
    """One trace a group, one row a card, the range of servers around the line."""
    figure = law_figure(POINTS, 2.0, LIGHT)
    servers, bare = figure["data"]
    assert (servers["name"], bare["name"]) == ("servers", "bare calls")
    assert servers["x"] == [0.5, 1.0]
    assert servers["marker"]["symbol"] != bare["marker"]["symbol"]
    assert figure["layout"]["yaxis"]["categoryarray"] == ["L4", "T4"]
    assert [figure["layout"]["shapes"][0][end] for end in ("x0", "x1")] == [0.5, 2.0]


def test_the_table_has_every_row_with_its_source() -> None:
    """What is drawn can be taken away: nothing is left out, and nothing is without a source."""
    rows = law_rows()
    table = law_table(rows)
    assert len(table) == len(rows) == 199
    assert table["Source"].str.len().min() > 5
    over = table["Measured (tokens/s)"] / table["Predicted (tokens/s)"]
    assert over.tolist() == pytest.approx(table["Predicted over measured time"].tolist())


def test_the_words_say_what_the_chart_shows() -> None:
    """How far off on the whole, the best and the worst card."""
    rows = law_rows()
    said = law_sentence(rows).replace("\xa0", " ")
    assert f"within {round(100 * off_by(rows))} % of the law" in said
    assert "fitted to them; the page Method says how far off it is where it was not" in said
    assert f"{SERVERS_FACTOR:.3g} times either way" in said
    assert said.index(rows[-1].measured.chip) < said.index(f"({rows[0].measured.chip})")
