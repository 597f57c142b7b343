"""The figures of Plan and Risk: valid to plotly, and drawn from what they are given."""

from typing import get_args

import numpy as np
import plotly.graph_objects as go
import pytest

from core.catalog.load import load_catalog
from core.decide.advice.cost_latency_front import pareto
from core.decide.advice.recommend import recommend
from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.flips.flips import Judge, flips
from core.decide.plan.plan import plan
from core.decide.result.plan_result import Plan
from core.decide.risk.analyse_risk import risk
from core.decide.risk.risk_model import RiskModel, risk_model
from core.decide.risk.volume_risk import volume_risk
from core.money import DOLLARS, Money, Rate
from core.scenario import Scenario, Workload
from dashboard import formats
from dashboard.figures.base.frame import Figure
from dashboard.figures.base.palette import DARK, LIGHT, Palette
from dashboard.figures.compare.cost_figure import CostView, View, cost_figure
from dashboard.figures.compare.cost_view import CostBand
from dashboard.figures.compare.crossings import marks
from dashboard.figures.plan.moves_figure import moves_figure
from dashboard.figures.plan.pareto_figure import pareto_figure
from dashboard.figures.plan.plan_months import months_figure
from dashboard.figures.risk.flip_marks import flips_figure
from dashboard.figures.risk.risk_axis import chances_figure
from dashboard.figures.risk.risk_tornado import tornado_figure, tornado_rows

CATALOG = load_catalog()
GROWING = Scenario(workload=Workload(growth_per_month=0.2))
LARGE = Scenario(workload=Workload(requests_per_day=2e7))
NONE = Scenario(options=())

both_schemes = pytest.mark.parametrize("colours", [LIGHT, DARK])


def planned(scenario: Scenario) -> Plan:
    """The plan of a scenario over the shipped catalogue."""
    return plan(curves(Case(scenario, CATALOG)), Case(scenario, CATALOG))


def model(scenario: Scenario) -> RiskModel:
    """The risk model of a scenario over the shipped catalogue."""
    drawn = curves(Case(scenario, CATALOG))
    believed = beliefs(Case(scenario, CATALOG), [curve.option for curve in drawn.curves])
    return risk_model(drawn, CATALOG, believed, scenario.tokens_per_month)


@both_schemes
@pytest.mark.parametrize("scenario", [GROWING, Scenario(), NONE])
def test_the_months_are_valid_with_and_without_a_path(scenario: Scenario, colours: Palette) -> None:
    """Plotly's own check finds no fault; the plan is drawn where there is one."""
    found = planned(scenario)
    figure = months_figure(found, colours)
    go.Figure(figure)
    drawn = [trace["name"] for trace in figure["data"]]
    assert ("the plan" in drawn) is (found.best is not None)


def test_the_plan_lies_on_the_lines_of_its_options() -> None:
    """Each month has the height of the option that is used in it, and a mark at each move."""
    found = planned(GROWING)
    figure = months_figure(found, LIGHT)
    path = next(trace for trace in figure["data"] if trace["name"] == "the plan")
    assert list(path["x"]) == list(range(1, found.months + 1))
    assert found.best is not None
    last = found.best.steps[-1]
    row = found.option_ids.index(last.option_id)
    assert path["y"][-1] == pytest.approx(found.usd_per_month[row, -1])
    assert len(figure["layout"]["annotations"]) == found.best.changes


def test_the_legend_names_what_matters_and_no_more() -> None:
    """The options of the plan are named; the chart of a telephone has room for few."""
    found = planned(GROWING)
    assert found.best is not None
    traces = {trace["name"]: trace for trace in months_figure(found, LIGHT)["data"]}
    for step in found.best.steps:
        assert traces[step.label]["showlegend"]
    assert not traces["OpenAI 3-large"]["showlegend"]


@both_schemes
def test_the_cost_of_moving_marks_its_least(colours: Palette) -> None:
    """The diamond stands at the month that the plan moves in."""
    found = planned(GROWING)
    assert found.usd_by_first_move is not None
    assert found.best is not None
    figure = moves_figure(found.usd_by_first_move, 1e5, colours)
    go.Figure(figure)
    assert figure["data"][1]["x"] == [found.best.steps[1].from_month]
    go.Figure(moves_figure(np.full(3, np.inf), None, colours))


@both_schemes
def test_the_chances_are_stacked_to_a_hundred(colours: Palette) -> None:
    """At each volume the areas fill the axis."""
    axis = volume_risk(model(LARGE))
    figure = chances_figure(axis, LARGE.tokens_per_month, colours)
    go.Figure(figure)
    total = np.sum([trace["y"] for trace in figure["data"]], axis=0)
    assert total == pytest.approx(np.full(axis.tokens_per_month.size, 100), abs=0.1)
    go.Figure(chances_figure(volume_risk(model(NONE)), 1e9, colours))


@both_schemes
def test_the_tornado_has_the_widest_bar_on_top(colours: Palette) -> None:
    """Inputs that move nothing are not drawn; the order is that of the widths."""
    found = risk(model(LARGE))
    figure = tornado_figure(found.inputs, found.stated_margin_usd, colours)
    go.Figure(figure)
    rows = tornado_rows(found.inputs)
    widths = [abs(row.high_margin_usd - row.low_margin_usd) for row in rows]
    assert widths == sorted(widths, reverse=True)
    assert figure["data"][0]["y"][-1] == formats.short(rows[0].belief.label, 34)
    go.Figure(tornado_figure((), 0.0, colours))


@both_schemes
def test_the_flips_stand_at_their_factors(colours: Palette) -> None:
    """A diamond at the flip's value over the present one."""
    options = ("cloudflare/bge-m3", "openai/text-embedding-3-small")
    scenario = Scenario(options=options)
    found = dict(flips(Judge(Case(scenario, CATALOG)), {name: name for name in options}))
    figure = flips_figure(found, colours)
    go.Figure(figure)
    price = found["Price of cloudflare/bge-m3"][0]
    assert price.flips_at / price.value in figure["data"][1]["x"]
    go.Figure(flips_figure({}, colours))


@both_schemes
def test_the_front_leaves_out_whose_latency_is_not_known(colours: Palette) -> None:
    """A point for each of the others; with nothing known an empty frame."""
    drawn = curves(Case(LARGE, CATALOG))
    snapshot = at_volume(drawn, Case(LARGE, CATALOG))
    points = pareto(recommend(drawn, snapshot, Case(LARGE, CATALOG)).feasible)
    figure = pareto_figure(points, 0.5, colours)
    go.Figure(figure)
    known = [point for point in points if point.p95_s is not None]
    assert len(figure["layout"]["annotations"]) == len(known)
    go.Figure(pareto_figure((), 0.5, colours))


POUNDS = Money("GBP", Rate(2.0, "2026-11-30", "yours"))


def drawn_in(money: Money) -> dict[str, Figure]:
    """Every figure that draws amounts, in a currency."""
    drawn, found = curves(Case(LARGE, CATALOG)), planned(GROWING)
    snapshot = at_volume(drawn, Case(LARGE, CATALOG))
    points = pareto(recommend(drawn, snapshot, Case(LARGE, CATALOG)).feasible)
    risks, axis = risk(model(LARGE)), volume_risk(model(LARGE))
    bands = tuple(
        CostBand(name, axis.tokens_per_month, band.low, band.high)
        for name, band in zip(axis.option_ids, axis.bands, strict=True)
    )
    named = frozenset(axis.option_ids)
    assert found.usd_by_first_move is not None
    with formats.showing(money):
        looks = {
            view: CostView(view, LIGHT, 284, marks(drawn, snapshot.verdict), named, bands)
            for view in get_args(View)
        }
        return {
            **{view: cost_figure(drawn, snapshot, look) for view, look in looks.items()},
            "months": months_figure(found, LIGHT),
            "moves": moves_figure(found.usd_by_first_move, 1e5, LIGHT),
            "pareto": pareto_figure(points, 0.5, LIGHT),
            "tornado": tornado_figure(risks.inputs, risks.stated_margin_usd, LIGHT),
        }


def test_each_figure_of_amounts_is_the_same_at_the_rate() -> None:
    """Every height is divided by the rate, and no dollar is left in an axis, a hover or a note."""
    dollars, pounds = drawn_in(DOLLARS), drawn_in(POUNDS)
    for name, figure in pounds.items():
        go.Figure(figure)
        along = "customdata" if name == "tornado" else "y"
        for ours, theirs in zip(figure["data"], dollars[name]["data"], strict=True):
            assert np.array(ours[along], float) == pytest.approx(
                np.array(theirs[along], float) / 2, nan_ok=True
            )
            assert "$" not in str(ours.get("hovertemplate"))
        said = str(figure["layout"])
        assert "$" not in said
        assert "USD" not in said
        assert "GBP" in said
