"""The chart of published throughputs."""

import plotly.graph_objects as go
import pytest

from core.catalog.schema import Catalog
from dashboard.components.prices.rates_panel import (
    KINDS,
    left_out,
    rate_points,
    rates_sentence,
)
from dashboard.figures.base.palette import DARK, LIGHT, Palette
from dashboard.figures.prices.rates_figure import RatePoint, rates_figure

SERVER, LIBRARY, BARE, UNSTATED = KINDS.values()
POINTS = (
    RatePoint("L4", "BAAI/bge-m3", SERVER, 2e4, used=True, label="TEI"),
    RatePoint("L4", "BAAI/bge-m3", BARE, 5e4, used=False, label="TensorRT"),
    RatePoint("H100", "BAAI/bge-m3", LIBRARY, 2e5, used=True, label="Infinity"),
    RatePoint("L4", "BAAI/bge-small", SERVER, 9e4, used=True, label="TEI"),
)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_plotly_accepts_it(catalog: Catalog, colours: Palette) -> None:
    """In both schemes, validated; with nothing to draw, too."""
    go.Figure(rates_figure(rate_points(catalog), tuple(KINDS.values()), colours))
    go.Figure(rates_figure((), tuple(KINDS.values()), colours))


def test_what_was_timed_is_told_apart_by_colour_and_by_shape() -> None:
    """One trace a kind; hollow what the comparison does not go by; the fastest hardware on top."""
    figure = rates_figure(POINTS, tuple(KINDS.values()), LIGHT)
    server, library, bare = figure["data"]
    assert [trace["name"] for trace in (server, library, bare)] == [SERVER, LIBRARY, BARE]
    assert server["x"] == [2e4, 9e4]
    shapes = {trace["marker"]["symbol"][0].removesuffix("-open") for trace in figure["data"]}
    assert len(shapes) == 3
    assert bare["marker"]["symbol"] == ["square-open"]
    assert figure["layout"]["xaxis"]["type"] == "log"
    rows = figure["layout"]["yaxis"]["categoryarray"][::-1]
    assert [row.partition(" · ")[0] for row in rows] == ["H100", "L4", "L4"]
    assert rows[1].endswith("bge-small")


def test_every_rate_in_tokens_is_drawn_for_one_card(catalog: Catalog) -> None:
    """What several cards did together is shared out; what nobody can say in tokens is said."""
    points = rate_points(catalog)
    assert len(points) + left_out(catalog) == len(catalog.throughputs)
    rows = [row for row in catalog.throughputs if row.tokens_per_s is not None]
    for point, row in zip(points, rows, strict=True):
        assert point.tokens_per_s * row.gpu_count == pytest.approx(row.tokens_per_s)
        assert point.used is row.usable
    many = {point.row for point in points}
    assert len(many) == len({(point.hardware, point.model) for point in points})


def test_the_words_say_what_the_chart_shows() -> None:
    """How many of each kind, and their range: for who cannot see it."""
    said = rates_sentence(POINTS, 3).replace("\xa0", " ")
    assert "4 published rates of 3 pairs" in said
    assert "2 of a server over HTTP from 20,000 to 90,000" in said
    assert "1 of a bare call of the model from 50,000 to 50,000" in said
    assert "goes by 3 of them" in said
    assert "3 more are known in texts/s alone" in said
    assert "more are known" not in rates_sentence(POINTS, 0)
