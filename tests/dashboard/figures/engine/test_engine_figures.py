"""The charts of a sweep."""

import plotly.graph_objects as go
import pytest

from dashboard.components.engine import engine_tables, engine_text
from dashboard.figures.base.palette import DARK, LIGHT, Palette
from dashboard.figures.engine.engine_batches import batches_figure
from dashboard.figures.engine.engine_checks import checks_figure
from tests.dashboard.sweeps import check, report, summary


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_both_are_figures_that_plotly_accepts(colours: Palette) -> None:
    """In both schemes, validated."""
    found = report()
    go.Figure(batches_figure(found.points, colours))
    go.Figure(checks_figure(found.checks, 0.5, colours))


def test_every_shape_has_its_measured_and_its_fitted_time() -> None:
    """In order of tokens, with its spread up to p95."""
    fitted, measured = batches_figure(report().points, LIGHT)["data"]
    assert measured["x"] == fitted["x"] == [16, 256, 512, 4_096]
    assert measured["text"][-1] == "32 x 128"
    assert all(up > 0 for up in measured["error_y"]["array"])


def test_the_objective_is_drawn_where_it_is_in_sight() -> None:
    """A limit of 30 s would flatten bars of 50 ms."""
    checks = report().checks
    assert checks_figure(checks, 0.08, LIGHT)["layout"]["shapes"]
    assert not checks_figure(checks, 30.0, LIGHT)["layout"]["shapes"]


def test_what_limits_a_prediction_is_told_apart() -> None:
    """The batch times, the queue's assumptions, or a machine too slow to settle."""
    assert "not the queue" in engine_text.check_sentence(check(0.5))
    assert "cluster in bursts" in engine_text.check_sentence(check(0.5, own_times_p95_s=0.02))
    assert "never settle" in engine_text.check_sentence(check(0.5, own_times_p95_s=None))
    failing = summary(0.02, 0.05)
    none = failing.response_p95.model_copy(update={"value_s": None})
    failed = check(0.5, measured=failing.model_copy(update={"response_p95": none}))
    assert "failures reach into the percentile" in engine_text.check_sentence(failed)


def test_tables_have_a_row_for_every_point_and_load() -> None:
    """Units in the names of the columns."""
    points, checks = engine_tables.points_table(report()), engine_tables.checks_table(report())
    assert list(points["fitted_over_least"]) == [1.05] * 4
    assert list(checks["p95_error"]) == [0.2, 0.2]
    assert list(checks["measured_p95_ms"]) == [50.0, 50.0]
