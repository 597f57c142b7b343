"""The chart of a day, tested as data."""

import plotly.graph_objects as go
import pytest

from core.decide.result.day_result import DayOfReplicas, HourOfReplicas
from dashboard.figures.base.palette import DARK, LIGHT, Palette
from dashboard.figures.compare.day_figure import day_figure, hour_text


def day(count: int) -> DayOfReplicas:
    """So many hours, the first without a replica."""
    hours = [HourOfReplicas(0, 0.0, 0, 0.0, 0.0, None, None)]
    hours += [HourOfReplicas(i, 2.0, 3, 0.3, 0.5, 0.02, 0.04) for i in range(1, count)]
    return DayOfReplicas(tuple(hours), 0.04, 0.03, None)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("count", [24, 168])
def test_every_hour_that_serves_has_its_points(count: int, colours: Palette) -> None:
    """Plotly accepts it; latency in ms, shares on their own axis, the objective within the axis."""
    figure = day_figure(day(count), 0.5, colours)
    go.Figure(figure)
    traces = {trace["name"]: trace for trace in figure["data"]}
    assert traces["p95"]["y"] == [pytest.approx(40)] * (count - 1)
    assert len(traces["utilisation"]["y"]) == count
    low, high = figure["layout"]["yaxis"]["range"]
    assert 10**low < 20
    assert 10**high > 500


def test_hours_read_as_people_read_them() -> None:
    """Of a day by the clock, of a week with their day."""
    assert hour_text(14, 24) == "14:00"
    assert hour_text(38, 168) == "day 2, 14:00"
