"""The distribution of a run: what is drawn is what was measured."""

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.probe.findings.summary import summarise
from dashboard.components.runs.words import run_data
from dashboard.figures.base.palette import DARK, LIGHT, Palette
from dashboard.figures.runs.run_distribution import DRAWN_STEPS, Times, distribution_figure, wilson
from tests.dashboard.past_runs import api_plan, whole_run

PLAN = api_plan(requests=80)
RUN = whole_run(PLAN, failures=[8, 9, 40])
SUMMARY = summarise(PLAN, RUN)
times_s = st.floats(1e-4, 100.0)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("length", [1, 3, 4, len(RUN)])
def test_the_figure_is_valid_at_every_length_of_a_run(length: int, colours: Palette) -> None:
    """Plotly's own check finds no fault, in a run that has barely begun either."""
    samples = RUN[:length]
    summary = summarise(PLAN, samples)
    go.Figure(distribution_figure(run_data.times(samples), summary, 0.5, colours))


@given(st.lists(times_s, min_size=0, max_size=1_200), st.integers(0, 20))
def test_the_distribution_rises_from_zero_to_the_share_answered(
    values: list[float], failures: int
) -> None:
    """Never falling, thinned where long, ending at the share that was answered at all."""
    answers = np.array(values)
    times = Times(answers, answers, len(values) + failures)
    figure = distribution_figure(times, None, 0.5, LIGHT)
    curve = next(trace for trace in figure["data"] if trace["name"] == "response time")
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


@given(st.integers(1, 500), st.integers(0, 500))
def test_the_band_solves_the_score_equation(n: int, count: int) -> None:
    """At both edges the share seen lies exactly 1.96 standard errors of the edge away."""
    count = min(count, n)
    low, high = wilson(np.array([float(count)]), n)
    for edge in (low[0], high[0]):
        if 0 < edge < 1:
            miss = (count / n - edge) ** 2 - 1.96**2 * edge * (1 - edge) / n
            assert abs(miss) < 1e-9


def test_the_band_holds_the_curve() -> None:
    """At every time that is drawn."""
    figure = distribution_figure(run_data.times(RUN), SUMMARY, 0.5, LIGHT)
    low, high = (trace["y"] for trace in figure["data"][:2])
    curve = next(trace for trace in figure["data"] if trace["name"] == "response time")
    assert np.all(low <= curve["y"][1:])
    assert np.all(curve["y"][1:] <= high + 1e-9)
