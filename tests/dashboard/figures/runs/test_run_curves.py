"""Figures of sweeps, comparisons and histories: what is drawn is what was found."""

from datetime import UTC, datetime
from functools import cache

import plotly.graph_objects as go
import pytest

from core.measurement.estimate import Estimate
from core.measurement.latency import LatencySummary
from core.measurement.report import RunReport
from core.probe.findings.summary import summarise
from core.probe.records.probe_plan import (
    BatchSweep,
    ColdStart,
    ConcurrencySweep,
    Paired,
    Ramp,
    Rival,
)
from core.probe.records.schedules import Schedule
from dashboard.figures.base.frame import Figure
from dashboard.figures.base.palette import DARK, LIGHT, Palette
from dashboard.figures.runs.run_batches import batches_figure, fitted_s
from dashboard.figures.runs.run_comparison import comparison_figure
from dashboard.figures.runs.run_gaps import gaps_figure
from dashboard.figures.runs.run_history_figure import PastRun, trend_figure
from dashboard.figures.runs.run_load import load_figure
from tests.dashboard.past_runs import any_run, api_plan

SCHEDULES: list[Schedule] = [
    ConcurrencySweep(workers=(1, 2, 4), requests=12),
    Ramp(rates_per_s=(1, 2), step_s=6),
    BatchSweep(sizes=(1, 4, 16), characters=(40, 200), repeats=3),
    ColdStart(gaps_s=(0.5, 5), repeats=3),
    Paired(pairs=20),
]


@cache
def summary_of(schedule: Schedule, length: int | None = None) -> LatencySummary:
    """The summary of a run by this schedule, or of its beginning."""
    rival = Rival(
        subject=api_plan("alpha/b").subject.model_copy(update={"label": "B <b>"}),
        target=api_plan().target,
    )
    plan = api_plan(schedule=schedule, rivals=(rival,) if schedule.kind == "paired" else ())
    return summarise(plan, any_run(plan)[:length])


def figures(report: RunReport, colours: Palette) -> list[Figure]:
    """Every figure that a report has."""
    found = []
    if report.load is not None and report.load.steps:
        found.append(load_figure(report.load, 0.5, colours))
    if report.batches is not None and report.batches.steps:
        found.append(batches_figure(report.batches, colours))
    if report.cold is not None and report.cold.gaps:
        found.append(gaps_figure(report.cold, colours))
    if report.comparisons:
        found.append(comparison_figure(report.comparisons, colours))
    return found


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("length", [4, 9, 20, None])
@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: s.kind)
def test_every_figure_is_valid_at_every_length_of_a_run(
    schedule: Schedule, length: int | None, colours: Palette
) -> None:
    """Plotly's own check finds no fault, in a run that has barely begun either."""
    report = summary_of(schedule, length).report
    assert report is not None
    drawn = figures(report, colours)
    assert drawn or length is not None
    for figure in drawn:
        go.Figure(figure)


def test_the_load_is_drawn_where_it_was() -> None:
    """Workers on the axis, answers/s above, percentiles in ms below, a line at the knee."""
    report = summary_of(SCHEDULES[0]).report
    assert report is not None
    curve = report.load
    assert curve is not None
    assert curve.knee is not None
    figure = load_figure(curve, 0.5, LIGHT)
    answered, *_, p95 = figure["data"]
    assert answered["x"] == [1, 2, 4]
    assert answered["y"] == [step.answered_per_s for step in curve.steps]
    expected = [(step.response_p95.value_s or 0) * 1e3 for step in curve.steps]
    assert p95["y"] == pytest.approx(expected)
    knee = figure["layout"]["shapes"][-1]
    assert knee["x0"] == (1, 2, 4)[curve.knee]


def test_the_fit_is_drawn_by_its_own_formula() -> None:
    """Fixed + per text + per token, in ms, at the sizes that were measured."""
    report = summary_of(SCHEDULES[2]).report
    assert report is not None
    curve = report.batches
    assert curve is not None
    fit = curve.fit
    assert fit is not None
    lines = [t for t in batches_figure(curve, LIGHT)["data"] if t["name"].startswith("fit")]
    assert len(lines) == 2
    first = [step for step in curve.steps if step.characters == 40]
    assert lines[0]["y"] == [(fitted_s(step, fit) or 0) * 1e3 for step in first]
    by_hand = fit.fixed_s + fit.per_text_s * 16 + (fit.per_unit_s or 0) * (first[2].tokens or 0)
    assert lines[0]["y"][2] == pytest.approx(by_hand * 1e3)


def test_the_comparison_draws_the_ratio_as_a_change() -> None:
    """Zero is no difference; a name with a tag in it is no tag."""
    report = summary_of(SCHEDULES[4]).report
    assert report is not None
    (one,) = report.comparisons
    (row,) = comparison_figure(report.comparisons, LIGHT)["data"]
    assert one.ratio is not None
    assert one.ratio_high is not None
    assert row["x"] == [pytest.approx((one.ratio - 1) * 100)]
    assert row["x"][0] + row["error_x"]["array"][0] == pytest.approx((one.ratio_high - 1) * 100)
    assert "<b>" not in row["y"][0]


def test_the_trend_runs_from_old_to_new() -> None:
    """Whatever order the runs come in; an infinite percentile has no mark."""
    known, unknown = Estimate(value_s=0.1, low_s=0.09, high_s=0.12), Estimate(value_s=None)
    runs = [
        PastRun(datetime(2026, 1, day, tzinfo=UTC), known, unknown if day == 2 else known)
        for day in (3, 1, 2)
    ]
    figure = trend_figure(runs, LIGHT)
    go.Figure(figure)
    p95 = figure["data"][1]
    assert [x[:10] for x in p95["x"]] == ["2026-01-01", "2026-01-02", "2026-01-03"]
    assert p95["y"] == [pytest.approx(100), None, pytest.approx(100)]
