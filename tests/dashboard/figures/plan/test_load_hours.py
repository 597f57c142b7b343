"""The chart of an imported load, tested as data."""

import plotly.graph_objects as go
import pytest

from dashboard.figures.base.palette import DARK, LIGHT, Palette
from dashboard.figures.plan.load_hours import load_hours_figure


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("count", [24, 168])
def test_every_hour_has_its_bar(count: int, colours: Palette) -> None:
    """Plotly accepts it; each hour's load stands on its hour, and the hours are said to be UTC."""
    weights = [1.0 + hour / count for hour in range(count)]
    figure = load_hours_figure(weights, colours)
    go.Figure(figure)
    [bars] = figure["data"]
    assert bars["x"] == list(range(count))
    assert bars["y"] == weights
    assert figure["layout"]["xaxis"]["title"]["text"].endswith("(UTC)")
