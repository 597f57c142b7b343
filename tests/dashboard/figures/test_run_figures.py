"""The three charts of a run: what they draw is what was measured."""

import math

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measurement import LatencySummary
from core.probe.sample import Sample
from core.probe.summary import summarise
from dashboard.components import run_data
from dashboard.figures.build import Figure
from dashboard.figures.palette import DARK, LIGHT, Palette
from dashboard.figures.run_distribution import DRAWN_STEPS, Times, distribution_figure
from dashboard.figures.run_phases import PHASES, PhaseMedians, phases_figure
from dashboard.figures.run_points import MANY_POINTS, Group, points_figure
from dashboard.figures.time_axis import tick_values_s
from tests.dashboard.past_runs import api_plan, whole_run

PLAN = api_plan(requests=80)
RUN = whole_run(PLAN, failures=[8, 9, 40])
SUMMARY = summarise(PLAN, RUN)
times_s = st.floats(1e-4, 100.0)


def schedule(
    samples: list[Sample], summary: LatencySummary | None = SUMMARY, colours: Palette = LIGHT
) -> Figure:
    """The chart over the schedule with an objective of 0.5 s."""
    return points_figure(run_data.points(samples), summary, 0.5, colours)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("length", [1, 3, 4, len(RUN)])
def test_every_figure_is_valid_at_every_length_of_a_run(length: int, colours: Palette) -> None:
    """Plotly's own check finds no fault, in a run that has barely begun either."""
    samples = RUN[:length]
    summary = summarise(PLAN, samples)
    go.Figure(schedule(samples, summary, colours))
    go.Figure(distribution_figure(run_data.times(samples), summary, 0.5, colours))
    go.Figure(phases_figure(run_data.phase_medians(samples), colours))


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


@given(st.lists(times_s, min_size=0, max_size=1_200), st.integers(0, 20))
def test_the_distribution_rises_from_zero_to_the_share_answered(
    values: list[float], failures: int
) -> None:
    """Never falling, thinned where long, ending at the share that was answered at all."""
    answers = np.array(values)
    times = Times(answers, answers, len(values) + failures)
    figure = distribution_figure(times, None, 0.5, LIGHT)
    curve = figure["data"][1]
    assert len(curve["x"]) <= DRAWN_STEPS + 1
    if values:
        assert curve["y"][0] == 0
        assert np.all(np.diff(curve["y"]) >= 0)
        assert np.all(np.diff(curve["x"]) >= 0)
        assert curve["y"][-1] == pytest.approx(100 * len(values) / times.asked)


@given(st.lists(times_s, min_size=1, max_size=50), times_s)
def test_the_share_within_the_objective_is_a_count(values: list[float], limit_s: float) -> None:
    """A time equal to the objective is within it; failures never are."""
    times = Times(np.array(values), np.array(values), len(values) + 1)
    within = sum(value <= limit_s for value in values)
    assert times.share_within(limit_s) == within / (len(values) + 1)
    assert Times(np.array([]), np.array([]), 0).share_within(limit_s) is None


def test_percentiles_and_their_intervals_are_where_they_were_computed() -> None:
    """The whiskers end at the bounds of the summary."""
    figure = distribution_figure(run_data.times(RUN), SUMMARY, 0.5, LIGHT)
    p50 = next(trace for trace in figure["data"] if trace["name"] == "p50")
    estimate = SUMMARY.response_p50
    assert estimate.value_s is not None
    assert estimate.low_s is not None
    assert estimate.high_s is not None
    assert p50["x"] == [pytest.approx(estimate.value_s * 1e3)]
    assert p50["x"][0] - p50["error_x"]["arrayminus"][0] == pytest.approx(estimate.low_s * 1e3)
    assert p50["x"][0] + p50["error_x"]["array"][0] == pytest.approx(estimate.high_s * 1e3)


def test_a_percentile_that_failures_reach_has_no_mark() -> None:
    """Infinitely slow is nowhere on the axis."""
    samples = whole_run(PLAN, failures=range(3, 23))
    figure = distribution_figure(run_data.times(samples), summarise(PLAN, samples), 0.5, LIGHT)
    names = [trace["name"] for trace in figure["data"]]
    assert "p50" in names
    assert "p95" not in names


def test_the_bars_are_as_long_as_their_medians_together() -> None:
    """Each row's pieces add up to its total; a phase that took no time has no piece."""
    rows = run_data.phase_medians(RUN)
    figure = phases_figure(rows, LIGHT)
    for i, row in enumerate(rows):
        assert sum(trace["x"][i] for trace in figure["data"]) == pytest.approx(row.total_s * 1e3)
    without_handshake = phases_figure(rows[:1], LIGHT)
    assert [trace["name"] for trace in without_handshake["data"]] == list(PHASES[3:])


def test_a_narrow_piece_has_no_label_that_would_not_fit() -> None:
    """Its number is in the table and under the pointer."""
    row = PhaseMedians("kept", 9, (None, None, None, 0.001, 0.5, None))
    texts = {trace["name"]: trace["text"] for trace in phases_figure([row], LIGHT)["data"]}
    assert texts["write"] == [""]
    assert texts["first byte"] != [""]


@given(times_s, st.floats(1.5, 1e5))
def test_ticks_lie_within_the_axis_and_rise(low_s: float, factor: float) -> None:
    """Round times only; a decade has at least two, and no axis is crowded."""
    ticks = tick_values_s(low_s, low_s * factor)
    assert ticks == sorted(set(ticks))
    assert all(low_s <= tick <= low_s * factor for tick in ticks)
    assert len(ticks) <= 9
    if factor >= 10:
        assert len(ticks) >= 2
