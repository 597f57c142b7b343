"""The latency chart, tested as data."""

import plotly.graph_objects as go
import pytest

from core.catalog.schema import PublishedLatency
from core.measurement.estimate import Estimate
from dashboard.figures.base.palette import LIGHT
from dashboard.figures.compare.latency_figure import (
    LatencyRow,
    estimate_text,
    height_px,
    latency_figure,
    published_text,
)
from dashboard.formats import NO_BREAK
from tests.dashboard.conftest import Answer, Ask, measurement

P95 = Estimate(value_s=0.08, low_s=0.07, high_s=0.12)


def rows_of(answer: Answer) -> list[LatencyRow]:
    """The chart's rows of an answer."""
    return [LatencyRow(r.option.label, r.measured, r.published) for r in answer.snapshot.rows]


def traces(answer: Answer) -> dict[str, dict[str, object]]:
    """The chart's traces by name; plotly's own validation has passed on them."""
    rows = rows_of(answer)
    figure = latency_figure(rows, 0.5, LIGHT, height_px(len(rows)))
    go.Figure(figure)
    return {trace["name"]: trace for trace in figure["data"]}


def test_a_measurement_is_drawn_with_its_interval(ask: Ask) -> None:
    """Bars reach from the lower to the upper bound of the percentile, in ms."""
    found = traces(ask(measured={"alpha/flat": measurement("alpha/flat", P95)}))["p95 measured"]
    assert found["x"] == [pytest.approx(80)]
    error = found["error_x"]
    assert isinstance(error, dict)
    assert error["array"] == [pytest.approx(40)]
    assert error["arrayminus"] == [pytest.approx(10)]


def test_what_was_measured_hides_what_was_published(ask: Ask) -> None:
    """An option is drawn either measured or published, and the two never look alike."""
    before = traces(ask())
    published = [name for name in before if "published" in name]
    assert published
    assert all("open" in str(before[n]["marker"]) for n in published if "range" not in n)
    answer = ask()
    row = next(r for r in answer.snapshot.rows if r.published is not None)
    name = row.option.id
    after = traces(ask(measured={name: measurement(name, P95)}))
    texts = [t for n in after if "published" in n for t in (after[n].get("text") or [])]  # type: ignore[attr-defined]
    assert not [t for t in texts if row.option.label in str(t)]


def test_a_missing_upper_bound_draws_no_bar(ask: Ask) -> None:
    """Too few samples give a point whose bar is open, never a made-up end."""
    estimate = Estimate(value_s=0.08, low_s=0.07)
    found = traces(ask(measured={"alpha/flat": measurement("alpha/flat", estimate)}))
    error = found["p95 measured"]["error_x"]
    assert isinstance(error, dict)
    assert error["array"] == [0]
    assert "too few samples" in estimate_text(estimate)


def test_failures_in_the_percentile_draw_no_point(ask: Ask) -> None:
    """A p95 that failures reach into is not a time."""
    broken = measurement("alpha/flat", Estimate(value_s=None), n_failed=10)
    found = traces(ask(measured={"alpha/flat": broken}))
    assert "p95 measured" not in found
    assert "p50 measured" in found


def test_the_objective_lies_within_the_axis(ask: Ask) -> None:
    """However strict or lax, the objective's line is on the chart."""
    rows = rows_of(ask())
    for slo_s in (0.001, 0.5, 60.0):
        layout = latency_figure(rows, slo_s, LIGHT, 300)["layout"]
        low, high = layout["xaxis"]["range"]
        assert 10**low < slo_s * 1e3 < 10**high
        assert layout["shapes"][0]["x0"] == slo_s * 1e3


def test_every_option_has_its_row(ask: Ask) -> None:
    """What is not measured is named as such, not left out."""
    rows = rows_of(ask())
    layout = latency_figure(rows, 0.5, LIGHT, 300)["layout"]
    assert len(layout["yaxis"]["ticktext"]) == len(rows)
    said = [note["y"] for note in layout["annotations"] if note["text"] == "not measured"]
    assert said


def test_published_words_name_themselves(ask: Ask) -> None:
    """A published range always says that it is one."""
    rows = [row.published for row in ask().snapshot.rows if row.published is not None]
    assert rows
    assert all(published_text(latency).startswith("published") for latency in rows)


def test_a_latency_that_no_page_states_is_a_claim(ask: Ask) -> None:
    """What somebody says without a source is not called published, cold starts included."""
    row = next(row.published for row in ask().snapshot.rows if row.published is not None)
    source = row.source.model_copy(update={"url": None})
    claim = row.model_copy(update={"source": source})
    assert published_text(claim).startswith("claimed without a source")
    cold = PublishedLatency(
        option=row.option, cold_start_low_s=1, cold_start_high_s=3, source=row.source
    )
    assert published_text(cold).replace(NO_BREAK, " ") == "published: cold start 1 s to 3 s"


def test_an_interval_is_spelt_out() -> None:
    """A percentile is told with the interval that it is known to lie in."""
    text = estimate_text(P95).replace(NO_BREAK, " ")
    assert text == "80 ms (95 % interval 70 ms to 120 ms)"
