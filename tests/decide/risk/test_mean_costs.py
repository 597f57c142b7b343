"""The mean that decides: exact where nothing is uncertain, by hand where one input is."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.cost.many_scenarios.laws import Law, LawKind, known
from core.cost.under_factors.many_factors import SAME, Factors
from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.compare import curves
from core.decide.result.belief import GROWTH, LABOUR, VOLUME, Belief, Range
from core.decide.result.curves import Curves
from core.decide.risk.by_mean import OptionsByMean
from core.decide.risk.mean_costs import cheapest, mean_over, mean_usd, means_along
from core.decide.risk.risk_model import risk_model
from core.scenario import DEFAULT_OPTIONS, Scenario
from tests.decide.risk.test_analyse_risk import lognormal, two_apis

EVERY_KIND = Scenario(options=(*DEFAULT_OPTIONS, "modal/l4", "hybrid/modal/l4+cloudflare/bge-m3"))


@pytest.fixture(scope="module")
def drawn(catalog: Catalog) -> Curves:
    """Options of every kind of bill."""
    return curves(Case(EVERY_KIND, catalog))


def test_a_log_uniform_price_has_its_closed_form() -> None:
    """From l to h the mean is (h - l)/ln(h/l), times 1,000 units."""
    model = two_apis(Law(LawKind.LOG_UNIFORM, 0.5, 1.0, 3.0), known(1.2))
    ranged, certain = mean_usd(model)
    assert ranged == pytest.approx(1_000 * 2.5 / math.log(6), rel=1e-4)
    assert certain == 1_200


def test_a_lognormal_price_costs_more_on_average_than_its_median() -> None:
    """exp(s^2/2) times as much: what is stated is the middle, not the mean."""
    ranged, _ = mean_usd(two_apis(lognormal(1.0), known(1.2)))
    assert ranged == pytest.approx(1_000 * math.exp(0.4**2 / 2), rel=2e-3)


def test_two_states_are_all_gone_through() -> None:
    """1 or 3, and 2 or 4: means 2 and 3, exactly."""
    one, other = (Law(LawKind.TWO_STATES, low, low, low + 2) for low in (1.0, 2.0))
    assert mean_usd(two_apis(one, other)).tolist() == [2_000.0, 3_000.0]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tokens=st.floats(3, 14).map(lambda e: 10.0**e))
def test_where_nothing_is_uncertain_the_mean_is_the_stated_cost(
    drawn: Curves, catalog: Catalog, tokens: float
) -> None:
    """To the last digit, for every kind of bill, at any volume."""
    certain = [
        replace(belief, law=known(belief.law.value))
        for belief in beliefs(Case(EVERY_KIND, catalog), [c.option for c in drawn.curves])
    ]
    model = risk_model(drawn, catalog, certain, tokens)
    stated = [float(c.cost.at(tokens)) for c in model.curves if c.cost is not None]
    found = mean_usd(model)
    assert [usd for usd in found if usd] == [usd for usd in stated if abs(usd) > 1e-9]
    along = means_along(model, np.array([tokens, 2 * tokens]))
    assert along[:, 0].tolist() == found.tolist()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tokens=st.floats(3, 14).map(lambda e: 10.0**e), own=st.booleans())
def test_a_month_of_a_plan_costs_what_the_first_screen_says(
    drawn: Curves, tokens: float, *, own: bool
) -> None:
    """Over months at one volume and today's prices it is the same mean each month.

    With a range of the volume, too: a forecast of half to double.
    """
    assert isinstance(drawn.by_mean, OptionsByMean)
    forecast = ((VOLUME, Range(LawKind.LOG_UNIFORM, tokens / 2, tokens * 2)),) if own else ()
    asked = replace(drawn.by_mean, ranges=forecast)
    means, months = asked.at(tokens), np.array([tokens] * 3)
    for option_id, usd in means.items():
        assert asked.over(option_id, months, SAME) == pytest.approx(usd, rel=1e-9)
    api = "openai/text-embedding-3-small"
    halved = asked.over(api, months, Factors(np.array([1.0, 0.5, 0.25])))
    assert halved == pytest.approx(means[api] * np.array([1.0, 0.5, 0.25]))


def test_a_range_of_ones_own_moves_the_mean_of_what_it_acts_on(
    drawn: Curves, catalog: Catalog
) -> None:
    """Labour that may be ten times as much: dearer machines, the same APIs."""
    wide = ((LABOUR, Range(LawKind.LOG_UNIFORM, 100.0, 20_000.0)),)
    ranged = curves(Case(EVERY_KIND, catalog, ranges=wide)).by_mean.at(1.5e9)
    plain = drawn.by_mean.at(1.5e9)
    assert ranged["aws/g6.xlarge"] > plain["aws/g6.xlarge"] * 1.1
    assert ranged["cloudflare/bge-m3"] == plain["cloudflare/bge-m3"]


def test_a_mean_lies_within_its_draws_and_of_equals_the_first_is_cheapest() -> None:
    """Rounding apart: the scenario's order settles a tie."""
    model = two_apis(lognormal(1.0), lognormal(1.2))
    over = mean_over(model, 0, np.array([1e9]), SAME)
    assert 1_000 / 4 < over[0] < 1_000 * 4
    assert cheapest([2.0, 1.0 + 1e-14, 1.0], [0, 1, 2]) == 1
    assert cheapest([2.0, 1.0, 3.0], [0, 2]) == 0


def test_another_volume_leaves_the_means_as_they_were(drawn: Curves) -> None:
    """Asked back and forth the same volume has the same means."""
    before = drawn.by_mean.at(1e9)
    drawn.by_mean.at(1e12)
    assert drawn.by_mean.at(1e9) == before


def test_at_the_horizon_a_known_growth_is_the_volume_that_it_makes() -> None:
    """1.1^12 times as much of a price that is known, and of one that is not."""
    growth = Belief(GROWTH, "Growth", "fraction", known(0.1), ".")
    model = two_apis(Law(LawKind.LOG_UNIFORM, 0.5, 1.0, 3.0), known(1.2))
    later = replace(model, beliefs=(*model.beliefs, growth), months_ahead=12)
    assert mean_usd(later) == pytest.approx(mean_usd(model) * 1.1**12)
