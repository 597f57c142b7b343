"""Risk: chances, worth of knowing and bands, against closed forms and by laws."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from core.catalog.load import load_catalog
from core.catalog.schema import Catalog, PriceUnit
from core.cost.by_use.flat_bill import flat_bill
from core.cost.by_use.usage_bill import UsageBill
from core.cost.many_scenarios.laws import Law, LawKind, known
from core.cost.many_scenarios.value_of_information import Estimated
from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.compare import curves
from core.decide.result.belief import LABOUR, PRICE, VOLUME, Belief
from core.decide.result.curves import Curves, OptionCurve
from core.decide.result.obstacle import Obstacle, Refusal
from core.decide.result.option import Option, OptionKind, PriceUsed
from core.decide.result.risk_result import is_worth
from core.decide.risk.analyse_risk import quantiles, risk
from core.decide.risk.certainty import certainty
from core.decide.risk.draws import independent_draws, stratified_draws
from core.decide.risk.long_risk import long_risk
from core.decide.risk.risk_methods import Sampled
from core.decide.risk.risk_model import RiskModel, risk_model
from core.decide.risk.volume_risk import volume_risk
from core.errors import ModelInputError
from core.scenario import Scenario, Workload
from tests.oracles.closed_forms import chance_lognormal_cheaper, evpi_of_lognormal_pair

VOLUME_TOKENS = 1e9
LOG_SD = 0.4
HIGH = math.exp(1.6448536269514722 * LOG_SD)
"""Upper end of a log-normal range around 1 whose log has that sd."""


def lognormal(median: float) -> Law:
    """A lognormal law with the log sd of this module."""
    return Law(LawKind.LOG_NORMAL, median / HIGH, median, median * HIGH)


def two_apis(one: Law, other: Law, volume: Law | None = None) -> RiskModel:
    """Two APIs at a price each, USD per 1M tokens, for 1 B tokens a month: 1,000 units."""
    laws = {"a/one": one, "b/other": other}
    drawn = tuple(_curve(name, law.value) for name, law in laws.items())
    known_volume = volume or known(VOLUME_TOKENS)
    return RiskModel(
        options=tuple(curve.option for curve in drawn),
        bills=tuple(UsageBill(((math.inf, law.value),), 1e6, "M tokens") for law in laws.values()),
        curves=drawn,
        throughputs=("", ""),
        beliefs=(
            *(Belief(PRICE + name, name, "USD", law, ".") for name, law in laws.items()),
            Belief(VOLUME, "Volume", "tokens/month", known_volume, "."),
        ),
        tokens_per_month=VOLUME_TOKENS,
    )


def _curve(option_id: str, usd: float) -> OptionCurve:
    price = PriceUsed(usd, PriceUnit.PER_MTOK, usd, None, overridden=False)
    option = Option(option_id, option_id, OptionKind.API, None, price, None, None, None, "", (), "")
    cost = flat_bill(usd, 1e6, "M tokens").curve()
    return OptionCurve(option, cost, None, None, np.array([True]))


def within(found: Estimated, truth: float) -> bool:
    """Whether an estimate lies within four of its standard errors."""
    return abs(found.value - truth) <= 4 * found.standard_error


@pytest.mark.parametrize("requests_per_day", [1e5, 2e6, 1e10])
def test_what_the_first_screen_says_is_that_of_the_whole_analysis(requests_per_day: float) -> None:
    """Chances, bands, means, regret and the input to find out first, to the last digit."""
    case = Case(Scenario(workload=Workload(requests_per_day=requests_per_day)), load_catalog(), {})
    drawn = curves(case)
    believed = beliefs(case, [curve.option for curve in drawn.curves])
    model = risk_model(drawn, case.catalog, believed, case.scenario.tokens_per_month)
    whole, alone = risk(model), certainty(model, decisive=True)
    assert {*alone.options} == {*whole.options}
    assert alone.chances == {one.option_id: one.chance.value for one in whole.options}
    assert alone.regret == whole.evpi
    worth = [one for one in whole.inputs if is_worth(one.worth)]
    best = None if alone.decisive is None else (alone.decisive.belief, alone.decisive.worth)
    assert best == ((worth[0].belief, worth[0].worth) if worth else None)


def test_a_lognormal_pair_has_its_closed_form() -> None:
    """Chance, EVPI and both EVPPIs of two lognormal prices."""
    found = risk(two_apis(lognormal(1.0), lognormal(1.2)))
    chance = {option.option_id: option.chance for option in found.options}
    assert within(chance["a/one"], chance_lognormal_cheaper(1, LOG_SD, 1.2, LOG_SD))
    assert within(found.evpi, 1_000 * evpi_of_lognormal_pair(1, LOG_SD, 1.2, LOG_SD))
    mean = math.exp(LOG_SD**2 / 2)
    worth = {entry.belief.name: entry.worth for entry in found.inputs}
    # Knowing one price leaves the other at its mean: a pair with one of them certain.
    first = evpi_of_lognormal_pair(1.0, LOG_SD, 1.2 * mean, 0.0)
    other = evpi_of_lognormal_pair(1.0 * mean, 0.0, 1.2, LOG_SD)
    assert within(worth["price/a/one"], 1_000 * first)
    assert within(worth["price/b/other"], 1_000 * other)


def test_two_states_are_exact() -> None:
    """Prices of 1 or 3 against 2 or 4, by hand: means 2 and 3, the best of four states 1.75."""
    one = Law(LawKind.TWO_STATES, 1.0, 1.0, 3.0)
    other = Law(LawKind.TWO_STATES, 2.0, 2.0, 4.0)
    found = risk(two_apis(one, other))
    assert found.samples == 4
    assert found.evpi.value == pytest.approx(250.0, abs=1e-9)
    assert found.evpi.standard_error == 0
    worth = {entry.belief.name: entry.worth for entry in found.inputs}
    # Knowing the first: 1 against 3 takes it, 3 against 3 is a draw. Knowing the other: 2, or 2.
    assert [entry.value for entry in worth.values()] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert len(found.pairs) == 1
    assert found.pairs[0].worth.value == pytest.approx(250.0, abs=1e-9)
    chance = {option.option_id: option.chance for option in found.options}
    assert chance["a/one"] == Estimated(0.75, 0.0)
    index = {entry.belief.name: entry.total_index.value for entry in found.inputs}
    assert index == pytest.approx({"price/a/one": 0.5, "price/b/other": 0.5}, abs=1e-12)


def test_the_difference_of_two_prices_shares_its_variance() -> None:
    """Total indices of an additive margin: each price's part of the variance."""
    found = risk(two_apis(lognormal(1.0), lognormal(1.2)))
    index = {entry.belief.name: entry.total_index for entry in found.inputs}
    assert within(index["price/a/one"], 1 / (1 + 1.2**2))
    assert within(index["price/b/other"], 1.2**2 / (1 + 1.2**2))


def test_bands_hold_nine_of_ten() -> None:
    """The band of a lognormal cost is its law's own range."""
    found = {option.option_id: option for option in risk(two_apis(lognormal(1), known(9))).options}
    one = found["a/one"]
    assert one.usd_median == pytest.approx(1_000, rel=2e-3)
    assert (one.usd_low, one.usd_high) == pytest.approx((1_000 / HIGH, 1_000 * HIGH), rel=5e-3)
    assert found["b/other"].usd_low == found["b/other"].usd_high == pytest.approx(9_000)


def test_the_volume_may_be_a_forecast() -> None:
    """A range on the volume moves all costs alike and no decision between two prices."""
    found = risk(two_apis(known(1.0), known(1.2), Law(LawKind.LOG_UNIFORM, 5e8, 1e9, 2e9)))
    assert found.evpi.value == 0
    assert found.options[0].usd_high > 3 * found.options[0].usd_low


def test_what_is_certain_leaves_nothing_to_learn() -> None:
    """Zero variance everywhere: one answer, no inputs, no worth, no division by zero."""
    found = risk(two_apis(known(1.0), known(1.2)))
    assert found.inputs == ()
    assert found.evpi == Estimated(0.0, 0.0)
    assert found.chosen is not None
    assert found.chosen.option_id == "a/one"
    assert found.chosen.chance.value == 1


def test_where_nobody_can_serve_there_is_nothing_to_choose() -> None:
    """A result with a reason to look elsewhere, no exception; the long run says so in words."""
    model = two_apis(lognormal(1.0), lognormal(1.2))
    blocked = tuple(
        replace(
            curve, option=replace(curve.option, refusal=Refusal(Obstacle.WITHDRAWN, "Withdrawn."))
        )
        for curve in model.curves
    )
    model = replace(model, curves=blocked)
    found = risk(model)
    assert (found.chosen, found.options, found.inputs) == (None, (), ())
    with pytest.raises(ModelInputError, match="no option can serve"):
        next(long_risk(model))


def test_equal_questions_have_equal_answers() -> None:
    """The draws are fixed: twice the same to the last digit, and another seed another column."""
    model = two_apis(lognormal(1.0), lognormal(1.2))
    assert risk(model) == risk(model)
    one, two = stratified_draws("x", 100), stratified_draws("x", 100, seed=2)
    assert np.array_equal(one, stratified_draws("x", 100))
    assert not np.array_equal(one, two)
    assert not np.array_equal(one, stratified_draws("y", 100))


def test_stratified_draws_fall_into_every_share_once() -> None:
    """Latin hypercube, read-only."""
    draws = stratified_draws("x", 1_000)
    assert sorted((draws * 1_000).astype(int).tolist()) == list(range(1_000))
    assert not draws.flags.writeable


def test_a_long_run_comes_nearer_to_the_truth_batch_by_batch() -> None:
    """It can be stopped at any batch; its errors shrink and hold."""
    model = two_apis(lognormal(1.0), lognormal(1.2))
    runs = list(long_risk(model, 200_000))
    assert [run.done for run in runs] == list(range(40_000, 200_001, 20_000))
    truth = 1_000 * evpi_of_lognormal_pair(1, LOG_SD, 1.2, LOG_SD)
    assert within(runs[-1].evpi, truth)
    assert runs[-1].evpi.standard_error < risk(model).evpi.standard_error
    assert not np.array_equal(independent_draws("x", 9, 0), independent_draws("x", 9, 1))


def test_two_inputs_can_be_worth_knowing_together_alone() -> None:
    """Who is cheaper hangs on whether they agree: one of them says nothing, both say all."""
    draws = {name: stratified_draws(name, 20_000) for name in ("one", "other")}
    agree = (draws["one"] > 0.5) == (draws["other"] > 0.5)
    costs = np.stack([np.zeros(agree.size), np.where(agree, -1.0, 1.0)])
    found = Sampled(draws, agree.size)
    assert found.worth(costs, ("one",)).value < 0.05
    assert found.worth(costs, ("other",)).value < 0.05
    assert found.worth(costs, ("one", "other")).value == pytest.approx(0.5, abs=0.02)


def test_an_option_that_cannot_serve_changes_nothing_in_a_long_run() -> None:
    """Where the cheapest is not for sale the others share the chances as if it were not there."""
    model = two_apis(lognormal(10.0), lognormal(10.2))
    free = _curve("c/free", 0.001)
    blocked = replace(
        free, option=replace(free.option, refusal=Refusal(Obstacle.WITHDRAWN, "Withdrawn."))
    )
    with_it = replace(
        model,
        options=(blocked.option, *model.options),
        bills=(UsageBill(((math.inf, 0.001),), 1e6, "M tokens"), *model.bills),
        curves=(blocked, *model.curves),
        throughputs=("", *model.throughputs),
    )
    one, other = (list(long_risk(m, 40_000))[-1] for m in (model, with_it))
    assert other.chances == one.chances
    assert other.evpi == one.evpi
    assert other.worths == one.worths


def test_along_the_axis_the_chances_sum_to_one_and_turn_once() -> None:
    """An API with a minimum-free price against one with a fee: cheaper first, dearer later."""
    found = volume_risk(note_model(Scenario()))
    assert found.chances.sum(axis=0) == pytest.approx(np.ones(found.tokens_per_month.size))
    for band in found.bands:
        assert np.all(band.low <= band.median)
        assert np.all(band.median <= band.high)


def note_model(scenario: Scenario, months_ahead: int = 0) -> RiskModel:
    """The note's question over the shipped catalogue."""
    catalog = shipped()
    drawn = curves(Case(scenario, catalog))
    return model_of(drawn, scenario, catalog, months_ahead)


def model_of(
    drawn: Curves, scenario: Scenario, catalog: Catalog, months_ahead: int = 0
) -> RiskModel:
    """The risk model of a scenario's curves with the ranges of the sources."""
    believed = beliefs(Case(scenario, catalog), [curve.option for curve in drawn.curves])
    return risk_model(drawn, catalog, believed, scenario.tokens_per_month, months_ahead)


def shipped() -> Catalog:
    """The shipped catalogue."""
    return load_catalog()


def test_at_the_notes_volume_no_self_hosted_option_is_ever_the_cheapest() -> None:
    """And knowing labour, electricity or the peak is worth nothing there."""
    found = risk(note_model(Scenario()))
    assert found.chosen is not None
    assert not found.chosen.option_id.startswith(("aws/", "owned/"))
    for option in found.options:
        if option.option_id.startswith(("aws/", "owned/")):
            assert option.chance.value == 0
    for entry in found.inputs:
        if entry.belief.name in (LABOUR, "electricity", "peak"):
            assert not entry.worth.is_something


def test_without_ranges_the_crossing_is_that_of_the_curves() -> None:
    """The band closes around the volume at which the curves meet, within a step of the axis."""
    scenario = Scenario(options=("openai/text-embedding-3-large", "aws/g6.xlarge"))
    model = note_model(scenario)
    certain = replace(
        model, beliefs=tuple(replace(b, law=known(b.law.value)) for b in model.beliefs)
    )
    stated = curves(Case(scenario, shipped())).break_evens[0].first_tokens_per_month
    band = volume_risk(certain, points=200).crossing
    assert band is not None
    assert band.low_tokens == band.median_tokens == band.high_tokens
    assert band.median_tokens == pytest.approx(stated, rel=0.06)
    assert band.share_never == 0


def test_the_crossing_moves_with_what_is_not_known() -> None:
    """Slower cards and dearer people push it out: 9 of 10 samples lie in a band of some width."""
    scenario = Scenario(options=("openai/text-embedding-3-large", "aws/g6.xlarge"))
    band = volume_risk(note_model(scenario)).crossing
    assert band is not None
    assert band.low_tokens is not None
    assert band.high_tokens is not None
    assert band.low_tokens * 3.5 < band.high_tokens


def test_growth_acts_where_months_lie_between() -> None:
    """At the horizon the volume is a range; now it is what it is."""
    scenario = Scenario(workload=Workload(growth_per_month=0.1))
    now, later = note_model(scenario), note_model(scenario, 12)
    assert "growth" not in {belief.name for belief in now.uncertain}
    assert "growth" in {belief.name for belief in later.uncertain}
    assert risk(later).tokens_per_month == pytest.approx(1.5e9 * 1.1**12)


def test_a_probability_along_the_axis_is_that_of_the_closed_form() -> None:
    """Two lognormal prices: the same chance at every volume."""
    found = volume_risk(two_apis(lognormal(1.0), lognormal(1.2)), points=3)
    truth = norm.cdf(math.log(1.2) / (math.sqrt(2) * LOG_SD))
    error = math.sqrt(truth * (1 - truth) / found.samples)
    assert np.all(np.abs(found.chances[0] - truth) < 4 * error)
    assert found.crossing is None  # nobody here is self-hosted


def test_a_band_is_what_so_many_samples_do_not_pass() -> None:
    """Of 0 to 100 in any order: 5, 50 and 95, each row for itself; a stated cost widens it."""
    rows = np.stack(
        [np.random.default_rng(1).permutation(np.arange(101.0)), 200.0 - np.arange(101.0)]
    )
    low, median, high = quantiles(rows, np.array([50.0, 99.0]))
    assert low.tolist() == [5.0, 99.0]
    assert median.tolist() == [50.0, 150.0]
    assert high.tolist() == [95.0, 195.0]
    low, _, high = quantiles(rows, np.array([-3.0, 300.0]))
    assert (low.tolist(), high.tolist()) == ([-3.0, 105.0], [95.0, 300.0])
