"""Curves over volume and the table at one volume."""

import math
import pickle
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.cost.curve.break_even import MAX_STEPS
from core.decide.advice.constraints import Constraints, violations
from core.decide.advice.violation import Rule
from core.decide.case import Case
from core.decide.compare import at_volume, curves, volume_in_month
from core.decide.result.curves import CrossingKind, Curves, OptionCurve
from core.measurement.measured import Measurement
from core.scenario import THIS_MACHINE, Hosting, Objective, Scenario
from tests.decide.conftest import Measure

NOTHING: dict[str, Measurement] = {}
requests_per_day = st.floats(0, 10).map(lambda exponent: 10.0**exponent)
shared_fixtures = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def at_rate(scenario: Scenario, requests: float) -> Scenario:
    """The same question at another volume."""
    load = scenario.workload.model_copy(update={"requests_per_day": requests})
    return scenario.model_copy(update={"workload": load})


def can_serve(curve: OptionCurve, tokens: float) -> bool:
    """Whether nothing known stands in an option's way at a volume."""
    ceiling = curve.option.ceiling_tokens_per_month
    return not curve.option.blocked_reason and (ceiling is None or tokens <= ceiling)


def winner_at(found: Curves, tokens: float) -> str | None:
    """The option whose stretch of the axis holds a volume."""
    for lead in found.winners:
        if lead.from_tokens_per_month < tokens <= lead.to_tokens_per_month:
            return lead.option_id
    return None


def test_every_option_is_drawn_on_one_axis(question: Scenario, frozen_catalog: Catalog) -> None:
    """400 volumes from 1e6 to 1e13, evenly spaced on a log axis; no price, no curve."""
    found = curves(Case(question, frozen_catalog, NOTHING))
    grid = found.tokens_per_month
    assert grid[0] == pytest.approx(1e6)
    assert grid[-1] == pytest.approx(1e13)
    assert np.allclose(np.diff(np.log(grid)), np.log(1e7) / 399)
    for curve in found.curves:
        assert curve.feasible.shape == grid.shape
        if curve.option.unpriced_reason:
            assert curve.cost is None
            assert curve.usd_per_month is None
        else:
            assert curve.cost is not None
            assert curve.usd_per_month is not None
            assert np.array_equal(curve.usd_per_month, curve.cost.at(grid))
            assert np.all(np.isfinite(curve.usd_per_month))


def test_curves_do_not_depend_on_the_volume(question: Scenario, frozen_catalog: Catalog) -> None:
    """Another volume or growth gives the same curves, byte for byte."""
    other = at_rate(question, 9e9)
    growing = other.workload.model_copy(update={"growth_per_month": 0.2})
    other = other.model_copy(update={"workload": growing})
    assert pickle.dumps(curves(Case(question, frozen_catalog, NOTHING))) == pickle.dumps(
        curves(Case(other, frozen_catalog, NOTHING))
    )


def test_a_limit_ends_what_is_feasible(question: Scenario, frozen_catalog: Catalog) -> None:
    """Beyond its rate limit a curve goes on, marked infeasible; a blocked one is so all along."""
    found = {
        curve.option.id: curve for curve in curves(Case(question, frozen_catalog, NOTHING)).curves
    }
    limited = found["alpha/flat"]
    grid = curves(Case(question, frozen_catalog, NOTHING)).tokens_per_month
    ceiling = limited.option.ceiling_tokens_per_month
    assert ceiling is not None
    assert np.array_equal(limited.feasible, grid <= ceiling)
    assert not found["rent/v-2"].feasible.any()
    assert found["rent/l-1"].feasible.all()


@pytest.mark.parametrize("least", [1, 3])
def test_a_quota_below_what_always_runs_lets_nothing_through(
    question: Scenario, frozen_catalog: Catalog, least: int
) -> None:
    """Curve, winners, table and recommendation agree: no replica is left to work."""
    hosting = Hosting(model="open/large", maximum_replicas=least, minimum_replicas=least)
    asked = question.model_copy(update={"hosting": hosting, "options": ("rent/l-1",)})
    found = curves(Case(asked, frozen_catalog, NOTHING))
    (row,) = at_volume(found, Case(asked, frozen_catalog, NOTHING)).rows
    assert not row.feasible
    assert "quota" in row.infeasible_reason
    assert not found.curves[0].feasible.any()
    assert found.winners == ()
    (violation,) = violations(row, Case(asked, frozen_catalog), Constraints())
    assert violation.rule is Rule.LIMIT


@shared_fixtures
@given(requests=requests_per_day)
def test_the_winner_is_the_cheapest_that_can_serve(
    question: Scenario, frozen_catalog: Catalog, requests: float
) -> None:
    """Stretches, table, verdict and brute force name the same cost at any volume."""
    asked = at_rate(question, requests)
    found = curves(Case(question, frozen_catalog, NOTHING))
    shot = at_volume(found, Case(asked, frozen_catalog, NOTHING))
    volume = asked.tokens_per_month
    able = {
        curve.option.id: float(curve.cost.at(volume))
        for curve in found.curves
        if curve.cost is not None and can_serve(curve, volume)
        if not curve.option.unknowns_at(volume)
    }
    assert shot.verdict.winner is not None
    assert shot.verdict.winner.usd_per_month == pytest.approx(min(able.values()), rel=1e-9)
    leader = winner_at(found, volume)
    assert leader is not None
    assert able[leader] <= min(able.values()) * (1 + 1 / MAX_STEPS)


def test_the_winners_tile_the_axis(question: Scenario, frozen_catalog: Catalog) -> None:
    """From zero volume to infinity without gap: somebody can always rent another GPU."""
    leads = curves(Case(question, frozen_catalog, NOTHING)).winners
    assert leads[0].from_tokens_per_month == 0
    assert leads[-1].to_tokens_per_month == math.inf
    assert all(a.to_tokens_per_month == b.from_tokens_per_month for a, b in pairwise(leads))


def test_without_anyone_to_serve_nobody_wins(question: Scenario, frozen_catalog: Catalog) -> None:
    """Only a withdrawn GPU: no stretch, no winner, and no crash."""
    alone = question.model_copy(update={"options": ("rent/v-2",)})
    found = curves(Case(alone, frozen_catalog, NOTHING))
    assert found.winners == ()
    verdict = at_volume(found, Case(alone, frozen_catalog, NOTHING)).verdict
    assert verdict.winner is None
    assert verdict.margin_usd_per_month is None
    assert not verdict.too_small_to_matter


def test_no_options_give_an_empty_answer(question: Scenario, frozen_catalog: Catalog) -> None:
    """Everything unticked is a question too."""
    nothing = question.model_copy(update={"options": ()})
    found = curves(Case(nothing, frozen_catalog, NOTHING))
    shot = at_volume(found, Case(nothing, frozen_catalog, NOTHING))
    assert (found.curves, found.winners, found.break_evens, shot.rows) == ((), (), (), ())


def test_every_self_hosted_option_meets_every_api(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """Each priced pair has its break-even or the reason why there is none, never both."""
    found = curves(Case(question, frozen_catalog, NOTHING))
    pairs = {(b.challenger_id, b.incumbent_id) for b in found.break_evens}
    hosted = ("rent/l-1", "rent/v-2", "owned/gpu-home")
    apis = ("alpha/flat", "alpha/tiered", "beta/characters", "beta/requests", "beta/seconds")
    assert pairs == {(h, a) for h in hosted for a in apis}
    for pair in found.break_evens:
        assert (pair.first_tokens_per_month is None) == (pair.never is not None)


def test_crossings_carry_the_incumbents_cost(question: Scenario, frozen_catalog: Catalog) -> None:
    """At a cross that is the challenger's too."""
    found = curves(Case(question, frozen_catalog, NOTHING))
    cost = {curve.option.id: curve.cost for curve in found.curves}
    crosses = [
        (pair, crossing)
        for pair in found.break_evens
        for crossing in pair.crossings
        if crossing.kind is CrossingKind.CROSS
    ]
    assert crosses
    for pair, crossing in crosses:
        for option_id in (pair.incumbent_id, pair.challenger_id):
            curve = cost[option_id]
            assert curve is not None
            assert float(curve.at(crossing.tokens_per_month)) == pytest.approx(
                crossing.usd_per_month, rel=1e-8
            )
        assert {crossing.cheaper_below, crossing.cheaper_above} == {
            pair.incumbent_id,
            pair.challenger_id,
        }


@shared_fixtures
@given(requests=requests_per_day)
def test_the_rows_add_up(question: Scenario, frozen_catalog: Catalog, requests: float) -> None:
    """Lines sum to the bill, the unit cost is the bill over the volume, rows rise in their mean."""
    asked = at_rate(question, requests)
    found = curves(Case(question, frozen_catalog, NOTHING))
    rows = at_volume(found, Case(asked, frozen_catalog, NOTHING)).rows
    priced = [row.mean_usd_per_month for row in rows if row.mean_usd_per_month is not None]
    assert len(priced) == sum(row.usd_per_month is not None for row in rows)
    assert priced == pytest.approx(sorted(priced), rel=1e-9)
    for row in rows:
        if row.usd_per_month is None:
            assert row.lines == ()
            assert row.option.unpriced_reason
            continue
        assert sum(line.usd_per_month for line in row.lines) == pytest.approx(row.usd_per_month)
        assert row.usd_per_mtok is not None
        assert row.usd_per_mtok * asked.tokens_per_month / 1e6 == pytest.approx(row.usd_per_month)
        assert row.feasible is (row.infeasible_reason == "")


def test_the_duty_cycle_counts_the_spare(question: Scenario, frozen_catalog: Catalog) -> None:
    """1.5 B tokens over two replicas of 30,000 usable tokens/s are a duty cycle of 1 %."""
    found = curves(Case(question, frozen_catalog, NOTHING))
    rows = at_volume(found, Case(question, frozen_catalog, NOTHING)).rows
    row = next(row for row in rows if row.option.id == "rent/l-1")
    assert (row.replicas, row.spare_replicas) == (2, 1)
    assert row.duty_cycle == pytest.approx(1.5e9 / (2 * 30_000 * 2.592e6))
    assert next(r for r in rows if r.option.id == "alpha/flat").duty_cycle is None


def test_a_rate_limit_is_said_where_it_binds(question: Scenario, frozen_catalog: Catalog) -> None:
    """Infeasible volume is a result with a reason, not an error."""
    asked = at_rate(question, 1e6)
    found = curves(Case(question, frozen_catalog, NOTHING))
    rows = at_volume(found, Case(asked, frozen_catalog, NOTHING)).rows
    limited = next(row for row in rows if row.option.id == "alpha/flat")
    assert not limited.feasible
    assert "tokens a minute" in limited.infeasible_reason
    assert not re.search(r"\de[+-]?\d", limited.infeasible_reason), "no exponent for a person"


def test_a_published_latency_stands_beside_its_option(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """It is no measurement: whether the objective is met stays unknown."""
    found = curves(Case(question, frozen_catalog, NOTHING))
    rows = at_volume(found, Case(question, frozen_catalog, NOTHING)).rows
    flat = next(row for row in rows if row.option.id == "alpha/flat")
    assert flat.published is not None
    assert flat.measured is None
    assert flat.meets_slo is None
    assert flat.feasible


def test_a_measured_violation_takes_the_lead_away(
    question: Scenario, frozen_catalog: Catalog, measure: Measure
) -> None:
    """The cheapest loses where it was seen to be too slow, everywhere and with the reason."""
    demanded = question.objective.model_copy(update={"slo_demanded": True})
    question = question.model_copy(update={"objective": demanded})
    before = curves(Case(question, frozen_catalog, NOTHING))
    cheapest = before.winners[0].option_id
    slow = {cheapest: measure(cheapest, 0.9, 0.7, 1.2)}
    after = curves(Case(question, frozen_catalog, slow))
    assert cheapest not in {lead.option_id for lead in after.winners}
    rows = at_volume(after, Case(question, frozen_catalog, slow)).rows
    row = next(row for row in rows if row.option.id == cheapest)
    assert row.meets_slo is False
    assert not row.feasible
    assert "above the objective" in row.infeasible_reason


def test_a_measurement_belongs_to_its_option_alone(
    question: Scenario, frozen_catalog: Catalog, measure: Measure
) -> None:
    """Probing this machine says nothing of a rented GPU or an API."""
    run = {THIS_MACHINE: measure(THIS_MACHINE, 0.9, 0.7, 1.2, tokens_per_s=2_000.0)}
    found = curves(Case(question, frozen_catalog, run))
    rows = at_volume(found, Case(question, frozen_catalog, run)).rows
    assert {row.option.id for row in rows if row.measured is not None} == {THIS_MACHINE}
    assert {row.option.id for row in rows if row.meets_slo is not None} == {THIS_MACHINE}


def test_a_slow_machine_is_drawn_over_the_whole_axis(
    question: Scenario, frozen_catalog: Catalog, measure: Measure
) -> None:
    """2,000 tokens/s need ten thousand replicas at the end of the axis, and get them."""
    patient = Objective(slo_p95_s=60.0)
    priced = question.model_copy(update={"prices": ((THIS_MACHINE, 0.25),), "objective": patient})
    run = {THIS_MACHINE: measure(THIS_MACHINE, tokens_per_s=2_000.0)}
    found = curves(Case(priced, frozen_catalog, run))
    curve = next(curve for curve in found.curves if curve.option.id == THIS_MACHINE)
    assert curve.replicas is not None
    capacity = 2_000 * 0.6 / 3 * 2.592e6
    assert curve.replicas[-1] == math.ceil(1e13 / capacity) + 1
    assert len(pickle.dumps(found)) < 200_000


def test_growth_counts_from_the_first_month() -> None:
    """Month 1 is ungrown; at no growth every month is the first."""
    assert volume_in_month(1e9, 0.1, 1) == 1e9
    assert volume_in_month(1e9, 0.1, 3) == pytest.approx(1.21e9)
    assert volume_in_month(1e9, 0.0, 36) == 1e9


def test_the_horizons_volume_is_the_last_months(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """Over 36 months the volume grows 35 times."""
    load = question.workload.model_copy(update={"growth_per_month": 0.02})
    growing = question.model_copy(update={"workload": load})
    found = curves(Case(growing, frozen_catalog, NOTHING))
    shot = at_volume(found, Case(growing, frozen_catalog, NOTHING))
    assert shot.tokens_per_month_at_horizon == pytest.approx(1.5e9 * 1.02**35)


def test_results_are_plain_values(question: Scenario, frozen_catalog: Catalog) -> None:
    """They survive pickling and replacement, as a page's cache needs."""
    found = curves(Case(question, frozen_catalog, NOTHING))
    again = pickle.loads(pickle.dumps(found))  # noqa: S301  our own bytes
    assert again.winners == found.winners
    assert again.break_evens == found.break_evens
    assert again.by_mean.at(1.5e9) == found.by_mean.at(1.5e9)
    assert replace(found, break_evens=()).break_evens == ()
