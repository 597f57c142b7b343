"""A run over its schedule: what is drawn is what was measured."""

import math

import numpy as np
import plotly.graph_objects as go
import pytest

from core.measurement.latency import LatencySummary
from core.probe.findings.summary import summarise
from core.probe.records.sample import Sample
from dashboard.components.runs.words import run_data
from dashboard.figures.base.frame import Figure
from dashboard.figures.base.palette import DARK, LIGHT, Palette
from dashboard.figures.runs.run_points import MANY_POINTS, Group, points_figure
from tests.dashboard.past_runs import api_plan, whole_run

PLAN = api_plan(requests=80)
RUN = whole_run(PLAN, failures=[8, 9, 40])
SUMMARY = summarise(PLAN, RUN)


def schedule(
    samples: list[Sample], summary: LatencySummary | None = SUMMARY, colours: Palette = LIGHT
) -> Figure:
    """The chart over the schedule with an objective of 0.5 s."""
    return points_figure(run_data.points(samples), summary, 0.5, colours)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("length", [1, 3, 4, len(RUN)])
def test_the_figure_is_valid_at_every_length_of_a_run(length: int, colours: Palette) -> None:
    """Plotly's own check finds no fault, in a run that has barely begun either."""
    samples = RUN[:length]
    go.Figure(schedule(samples, summarise(PLAN, samples), colours))


def test_every_request_is_drawn_once_in_its_group() -> None:
    """As many markers as requests; groups differ in shape, not in colour alone."""
    traces = schedule(RUN)["data"]
    assert sum(len(trace["x"]) for trace in traces) == len(RUN)
    assert [trace["name"].split(" (")[0] for trace in traces] == [group.value for group in Group]
    assert len({trace["marker"]["symbol"] for trace in traces}) == len(Group)


def test_everything_is_within_the_axis() -> None:
    """No answer, failure or objective falls outside of what is shown."""
    figure = schedule(RUN)
    low, high = figure["layout"]["yaxis"]["range"]
    for trace in figure["data"]:
        assert np.all((np.log10(trace["y"]) > low) & (np.log10(trace["y"]) < high))
    for shape in figure["layout"]["shapes"]:
        assert low < math.log10(shape["y0"]) < high


def test_a_long_run_is_drawn_by_the_graphics_card() -> None:
    """Thousands of vector marks, each with its words, would make the page heavy."""
    plan = api_plan(requests=MANY_POINTS + 1)
    measured, *others = schedule(whole_run(plan), None)["data"]
    assert measured["type"] == "scattergl"
    assert "text" not in measured
    assert {trace["type"] for trace in others} == {"scatter"}


def test_a_run_without_an_answer_shows_its_failures() -> None:
    """Where nothing was answered there are crosses and the objective, and no percentile."""
    samples = whole_run(PLAN, failures=range(3, 83))[3:]
    figure = schedule(samples, summarise(PLAN, samples))
    assert [trace["name"] for trace in figure["data"]] == ["failed (80)"]
    assert [note["text"].split()[0] for note in figure["layout"]["annotations"]] == ["objective"]
