"""The break-even chart, tested as data."""

import math

import numpy as np
import plotly.graph_objects as go
import pytest

from core.decide.result.option import OptionKind
from dashboard.figures.base.frame import Figure, as_plotly
from dashboard.figures.base.palette import BEYOND_LIMIT, DASHES, LIGHT
from dashboard.figures.compare.cost_figure import CostView, View, cost_figure, with_horizon
from dashboard.figures.compare.crossings import marks
from tests.dashboard.conftest import Answer, Ask


def drawn(answer: Answer, view: View = "month") -> Figure:
    """The figure of an answer."""
    look = CostView(
        view=view,
        palette=LIGHT,
        height_px=300,
        marks=marks(answer.curves, answer.snapshot.verdict),
        emphasised=frozenset({"rent/l-1"}),
    )
    return with_horizon(cost_figure(answer.curves, answer.snapshot, look), answer.snapshot, LIGHT)


VIEWS = pytest.mark.parametrize("view", ["month", "mtok"])


@VIEWS
def test_the_figure_is_one_that_plotly_accepts(ask: Ask, view: View) -> None:
    """What is drawn without validation passes it."""
    figure = drawn(ask(growth=0.1), view)
    checked = go.Figure(data=figure["data"], layout=figure["layout"])
    assert len(checked.data) == len(as_plotly(figure).data)


def test_plotly_still_builds_without_validation(ask: Ask) -> None:
    """The private argument that saves nine tenths of the time does what it did."""
    nonsense: Figure = {"data": [{"type": "scatter", "x": [1], "nonsense": 1}], "layout": {}}
    as_plotly(nonsense)
    with pytest.raises(ValueError, match="nonsense"):
        go.Figure(nonsense)


def test_a_zoom_does_not_outlive_its_quantity(ask: Ask) -> None:
    """The two views are told apart, and both axes are in dollars."""
    month, mtok = (drawn(ask(), view)["layout"] for view in ("month", "mtok"))
    assert month["uirevision"] != mtok["uirevision"]
    assert month["yaxis"]["tickprefix"] == mtok["yaxis"]["tickprefix"] == "$"


@VIEWS
def test_amounts_under_the_mouse_are_words_of_this_page(ask: Ask, view: View) -> None:
    """No SI prefix for a billion and no power of ten for thirty thousand dollars."""
    figure = drawn(ask(), view)
    assert figure["layout"]["xaxis"]["exponentformat"] == "B"
    for trace in figure["data"]:
        if trace["mode"] == "lines":
            assert "%{x} tokens/month" in trace["hovertemplate"]
            assert "%{y:,.4~r}" in trace["hovertemplate"]


def test_every_priced_option_has_a_line_in_its_kind_of_dash(ask: Ask) -> None:
    """Kinds are told apart without colour."""
    answer = ask()
    lines = {trace["name"]: trace for trace in drawn(answer)["data"] if trace["mode"] == "lines"}
    for curve in answer.curves.curves:
        if curve.cost is None:
            assert curve.option.label not in lines
        elif curve.feasible.any():
            assert lines[curve.option.label]["line"]["dash"] == DASHES[curve.option.kind]


def test_a_line_says_what_the_model_says(ask: Ask) -> None:
    """Each drawn point lies on the exact curve, on the lower side of a step or just above it."""
    answer = ask()
    by_label = {curve.option.label: curve for curve in answer.curves.curves}
    for trace in drawn(answer)["data"]:
        curve = by_label.get(trace["name"])
        if curve is None or curve.cost is None:
            continue
        there = np.isfinite(trace["y"])
        x, y = trace["x"][there], trace["y"][there]
        below, above = curve.cost.at(x), curve.cost.just_above(x)
        assert np.all(np.isclose(y, below) | np.isclose(y, above))


def test_a_step_of_capacity_is_drawn_upright(ask: Ask) -> None:
    """At the first step both its sides are drawn at the same volume."""
    answer = ask()
    curve = next(c for c in answer.curves.curves if c.option.id == "rent/l-1")
    assert curve.cost is not None
    trace = next(t for t in drawn(answer)["data"] if t["name"].startswith(curve.option.label))
    at_step = np.isclose(trace["x"], curve.cost.stairs[0].tokens, rtol=1e-12)
    assert at_step.sum() == 2


def test_the_cost_per_token_is_the_bill_over_the_tokens(ask: Ask) -> None:
    """Both views show the same curve."""
    answer = ask()
    monthly, per_mtok = (
        {t["name"]: t for t in drawn(answer, view)["data"] if t["mode"] == "lines"}
        for view in ("month", "mtok")
    )
    for name, trace in monthly.items():
        assert np.allclose(
            trace["y"] / trace["x"] * 1e6, per_mtok[name]["y"], equal_nan=True, rtol=1e-12
        )


def test_a_stretch_that_cannot_be_served_is_dotted(ask: Ask) -> None:
    """Beyond its rate limit an option's line goes on, dotted and faint, and the limit is marked."""
    answer = ask()
    curve = next(c for c in answer.curves.curves if c.option.id == "alpha/flat")
    ceiling = curve.option.ceiling_tokens_per_month
    assert ceiling is not None
    traces = drawn(answer)["data"]
    beyond = next(t for t in traces if t["name"] == f"{curve.option.label} (beyond its limit)")
    served = next(t for t in traces if t["name"] == curve.option.label)
    assert beyond["line"]["dash"] == BEYOND_LIMIT
    assert np.nanmin(np.where(np.isfinite(beyond["y"]), beyond["x"], np.nan)) == ceiling
    assert np.nanmax(np.where(np.isfinite(served["y"]), served["x"], np.nan)) == ceiling
    limits = next(t for t in traces if t["name"] == "rate limits")
    assert ceiling in limits["x"]


def test_points_are_few_enough_to_draw_at_once(ask: Ask) -> None:
    """No line has more than 500 points."""
    assert max(len(trace["x"]) for trace in drawn(ask())["data"]) <= 500


def test_the_volume_lies_within_the_axis_wherever_it_is(ask: Ask) -> None:
    """From one request a day to ten billion, the marker stays on the chart."""
    for requests_per_day in (1, 1e5, 1e10):
        answer = ask(requests_per_day=requests_per_day, growth=0.05)
        low, high = drawn(answer)["layout"]["xaxis"]["range"]
        for volume in (
            answer.snapshot.tokens_per_month,
            answer.snapshot.tokens_per_month_at_horizon,
        ):
            assert low < math.log10(volume) < high


def test_the_horizon_is_drawn_only_where_growth_moves_it(ask: Ask) -> None:
    """Without growth there is one volume."""
    assert "shapes" not in drawn(ask())["layout"]
    answer = ask(growth=0.02)
    shape = drawn(answer)["layout"]["shapes"][0]
    assert shape["x0"] == answer.snapshot.tokens_per_month_at_horizon


def test_every_mark_is_drawn_and_few_are_labelled(ask: Ask) -> None:
    """The chart shows all meetings and names at most three."""
    answer = ask()
    found = marks(answer.curves, answer.snapshot.verdict)
    figure = drawn(answer)
    dots = next(t for t in figure["data"] if t["name"] == "crossings")
    assert len(dots["x"]) == len(found) > 0
    labels = [n for n in figure["layout"]["annotations"] if n["name"] == "crossing-label"]
    assert 0 < len(labels) <= 3


@pytest.mark.parametrize("growth", [0.0, 0.05])
def test_no_label_of_a_meeting_is_cut_on_a_telephone(ask: Ask, growth: float) -> None:
    """Of an axis of 270 px a name of 100 px has room on the right up to six tenths."""
    layout = drawn(ask(growth=growth))["layout"]
    low, high = layout["xaxis"]["range"]
    narrow = layout["meta"]["narrow"]["annotations"]
    labels = [note for note in narrow if note["name"] == "crossing-label"]
    assert any(note["xanchor"] == "right" for note in labels)
    for note in labels:
        if note["xanchor"] == "left":
            assert note["x"] - low <= 0.6 * (high - low)


def test_no_option_at_all_gives_an_empty_chart(ask: Ask) -> None:
    """Nothing chosen is nothing drawn, not an error."""
    figure = drawn(ask(options=()))
    assert [len(trace["x"]) for trace in figure["data"]] == [0]


def test_kinds_differ_in_their_dash() -> None:
    """No two kinds share a dash, nor does any have that of a limit."""
    assert len({*DASHES.values(), BEYOND_LIMIT}) == len(OptionKind) + 1
