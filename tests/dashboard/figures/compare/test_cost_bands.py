"""Bands behind the lines of the break-even chart."""

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from dashboard.figures.base.palette import LIGHT
from dashboard.figures.compare.cost_figure import CostView, View, cost_figure
from dashboard.figures.compare.cost_view import CostBand
from tests.dashboard.conftest import Ask

GRID = np.geomspace(1e7, 1e13, 7)


def band(option_id: str, low: float, high: float) -> CostBand:
    """A band around 1 USD per 1M tokens."""
    return CostBand(option_id, GRID, GRID * low / 1e6, GRID * high / 1e6)


@pytest.mark.parametrize("view", ["month", "mtok"])
def test_a_band_lies_behind_the_line_of_an_emphasised_option(ask: Ask, view: View) -> None:
    """First of the traces, without a name, from low to high in the view's unit."""
    answer = ask()
    bands = (band("alpha/flat", 0.5, 2.0), band("rent/l-1", 0.5, 2.0))
    look = CostView(view, LIGHT, 300, (), frozenset({"alpha/flat"}), bands)
    figure = cost_figure(answer.curves, answer.snapshot, look)
    go.Figure(data=figure["data"], layout=figure["layout"])
    area = figure["data"][0]
    assert area["fill"] == "toself"
    assert "name" not in area
    assert area["hoverinfo"] == "skip"
    expected = GRID[0] * 2.0 / 1e6 if view == "month" else 2.0
    assert area["y"][0] == pytest.approx(expected)
    assert sum("fill" in trace for trace in figure["data"]) == 1


def test_a_certain_cost_has_no_band(ask: Ask) -> None:
    """A band no wider than its line is not drawn; one of zero stays on the axis."""
    answer = ask()
    look = CostView("month", LIGHT, 300, (), frozenset({"alpha/flat"}))
    for bands in ((), (band("alpha/flat", 1.0, 1.0),)):
        figure = cost_figure(answer.curves, answer.snapshot, replace(look, bands=bands))
        assert not any("fill" in trace for trace in figure["data"])
    free = cost_figure(
        answer.curves, answer.snapshot, replace(look, bands=(band("alpha/flat", 0.0, 1.0),))
    )
    assert np.all(free["data"][0]["y"] > 0)
