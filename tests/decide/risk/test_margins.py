"""By how much the answer is cheaper, worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from core.cost.many_scenarios.laws import known
from core.decide.result.belief import GROWTH, PRICE
from core.decide.result.obstacle import Obstacle, Refusal
from core.decide.risk.analyse_risk import risk
from core.decide.risk.margins import Margins
from tests.decide.risk.test_analyse_risk import VOLUME_TOKENS, lognormal, two_apis


def test_the_margin_is_what_the_best_other_costs_more() -> None:
    """1,000 M tokens at $1 and at $1.2: $200; below 0 where the other is cheaper; 0 alone."""
    model = two_apis(known(1.0), known(1.2))
    assert risk(model).stated_margin_usd == pytest.approx(200)
    margins = Margins.over(model, (0, 1))
    assert margins.of({}, 1)[0] == pytest.approx(200)
    assert margins.of({PRICE + "a/one": np.array([1.5])}, 1)[0] == pytest.approx(-300)
    assert Margins.over(model, (0,)).of({}, 2).tolist() == [0.0, 0.0]


def test_at_the_ends_of_a_price_the_margin_is_that_of_the_price() -> None:
    """Its 5 % and its 95 %, all else as stated; one of three is the best other."""
    model = two_apis(lognormal(1.0), known(1.2))
    low, high = model.beliefs[0].law.ends
    ends = Margins.over(model, (0, 1)).at_ends(model.beliefs[0])
    assert ends == pytest.approx((1_200 - 1_000 * low, 1_200 - 1_000 * high))


def test_where_nobody_can_serve_nothing_is_won() -> None:
    """No option, no margin, nothing worth to know."""
    model = two_apis(known(1.0), known(1.2))
    out = tuple(
        replace(
            curve, option=replace(curve.option, refusal=Refusal(Obstacle.WITHDRAWN, "Withdrawn."))
        )
        for curve in model.curves
    )
    found = risk(replace(model, curves=out))
    assert (found.stated, found.chosen, found.options, found.inputs) == (None, None, (), ())
    assert (found.stated_margin_usd, found.evpi.value) == (0.0, 0.0)


def test_without_a_belief_of_growth_nothing_grows() -> None:
    """A year ahead is the month asked about; of a stated growth it is that to the twelfth."""
    model = replace(two_apis(known(1.0), known(1.2)), months_ahead=12)
    assert model.volume({}) == VOLUME_TOKENS
    grown = model.volume({GROWTH: np.array([0.1])})
    assert grown == pytest.approx(VOLUME_TOKENS * 1.1**12)
