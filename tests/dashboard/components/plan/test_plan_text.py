"""The recommendation and the risks as sentences: all numbers are the model's."""

import re

import numpy as np
import pytest

from core.catalog.load import load_catalog
from core.cost.many_scenarios.laws import Law, LawKind
from core.decide.advice.constraints import Constraints
from core.decide.advice.recommend import recommend
from core.decide.advice.recommend_result import Recommendation
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.plan.plan import plan
from core.decide.plan.plan_terms import PlanTerms
from core.decide.result.belief import Belief
from core.decide.result.risk_result import (
    Axis,
    CrossingBand,
    Estimated,
    InputWorth,
    OptionRisk,
    PairWorth,
    Risk,
)
from core.decide.result.snapshot import Snapshot
from core.scenario import Objective, Scenario, Workload
from dashboard.components.plan.plan_text import headline, plan_headline, plan_reasons, reasons
from dashboard.components.risk import risk_text

CATALOG = load_catalog()


def answered(
    scenario: Scenario,
    demanded: Constraints | None = None,
    terms: PlanTerms | None = None,
    small: float | None = None,
) -> tuple[Recommendation, Snapshot]:
    """The recommendation over the shipped catalogue, and the snapshot it rests on."""
    drawn = curves(Case(scenario, CATALOG))
    snapshot = at_volume(drawn, Case(scenario, CATALOG))
    wanted = demanded or Constraints()
    terms = terms or PlanTerms()
    return recommend(drawn, snapshot, Case(scenario, CATALOG), wanted, terms, small), snapshot


@pytest.mark.parametrize(
    ("small", "words"), [(None, "too small to matter"), (1.0, "hosted open weights")]
)
def test_a_serverless_answer_says_stay_serverless(small: float | None, words: str) -> None:
    """With the cheapest API and its bill."""
    found, _ = answered(Scenario(), small=small)
    text = headline(found)
    assert text.startswith("Stay serverless: ")
    assert "Cloudflare bge-m3, $20/month" in text
    assert words in text


def test_where_nothing_is_feasible_the_nearest_say_what_they_need() -> None:
    """The remedy of each obstacle, option by option."""
    scenario = Scenario(
        objective=Objective(region="home"), options=("openai/text-embedding-3-small",)
    )
    found, snapshot = answered(scenario)
    assert headline(found).startswith("None of the chosen options")
    assert list(reasons(found, snapshot, scenario)) == [
        "OpenAI 3-small: Allow texts to leave your machines."
    ]


def test_staying_is_explained_with_what_moving_would_save_and_cost() -> None:
    """Both sums, and no other reason."""
    terms = PlanTerms(current="openai/text-embedding-3-small")
    found, snapshot = answered(Scenario(), terms=terms, small=1.0)
    said = list(reasons(found, snapshot, Scenario()))
    assert len(said) == 1
    pattern = r"Cloudflare bge-m3 would save \$10 a month and cost \$[\d,]+ once\."
    assert re.fullmatch(pattern, said[0])


def test_a_plan_with_a_move_names_month_and_volume() -> None:
    """The trigger is the volume of the month, and staying has its price."""
    scenario = Scenario(
        workload=Workload(growth_per_month=0.2),
        options=("openai/text-embedding-3-small", "aws/g6.xlarge", "owned/rtx-4080"),
        # Else its limit forces the move.
        limits=(("openai:requests_per_minute", 1e6), ("openai:tokens_per_minute", 1e9)),
    )
    found = plan(curves(Case(scenario, CATALOG)), Case(scenario, CATALOG))
    assert found.best is not None
    text = plan_headline(found)
    assert f"in month {found.best.steps[1].from_month}, when you pass" in text
    assert any(sentence.startswith("Staying with") for sentence in plan_reasons(found))
    assert any(sentence.startswith("Moving in month 2 already") for sentence in plan_reasons(found))


def test_a_plan_by_list_price_says_that_a_discount_is_negotiated() -> None:
    """Of the months whose bill is beyond what anybody pays by list; of a small one nothing."""
    limits = (("openai:requests_per_minute", 1e9), ("openai:tokens_per_minute", 1e12))
    for growth, sentences in ((0.2, 1), (0.0, 0)):
        scenario = Scenario(
            workload=Workload(growth_per_month=growth),
            options=("openai/text-embedding-3-small",),
            limits=limits,
        )
        found = plan(curves(Case(scenario, CATALOG)), Case(scenario, CATALOG))
        told = [text for text in plan_reasons(found) if "a discount is negotiated" in text]
        assert len(told) == sentences
        assert all(text.startswith("OpenAI 3-small, months 1 to 36: $17,") for text in told)


def belief(name: str, label: str, unit: str = "USD") -> Belief:
    """An input with a range of 1 to 4 around 2."""
    return Belief(name, label, unit, Law(LawKind.LOG_UNIFORM, 1, 2, 4), "A test.")


def entry(found: Belief, worth: float, error: float) -> InputWorth:
    """An input with its worth."""
    nothing = Estimated(0.0, 0.0)
    return InputWorth(found, 1, 4, 0, 0, Estimated(worth, error), nothing)


def at_risk(inputs: tuple[InputWorth, ...], pairs: tuple[PairWorth, ...] = ()) -> Risk:
    """A risk with an answer and these inputs."""
    option = OptionRisk("a/b", "An API", Estimated(0.7, 0.01), 1, 2, 3, 2)
    return Risk(1e9, option, option, (option,), 5.0, Estimated(50.0, 1.0), inputs, pairs, 20_000)


def test_the_most_valuable_input_is_to_be_measured_first() -> None:
    """With its worth, and what is worth nothing."""
    speed = belief("throughput/l4", "Throughput of NVIDIA L4", "tokens/s")
    power = belief("electricity", "Electricity", "USD/kWh")
    text = risk_text.headline(at_risk((entry(speed, 1_830, 20), entry(power, 0.2, 0.5))))
    assert text == (
        "Measure your own throughput of NVIDIA L4 first: knowing it is worth up to $1,830 a month; "
        "knowing the electricity is worth nothing."
    )


def test_a_pair_is_named_where_no_single_input_is_worth_anything() -> None:
    """Both names and what they are worth together."""
    one, other = belief("labour", "Labour"), belief("peak", "Peak-to-mean ratio")
    pair = PairWorth(one, other, Estimated(75.0, 3.0))
    text = risk_text.headline(at_risk((entry(one, 0, 0), entry(other, 0, 0)), (pair,)))
    assert "labour and peak-to-mean ratio together are worth up to $75 a month" in text


def test_a_measurement_is_shown_with_what_was_believed_before() -> None:
    """Both ranges, in the input's unit; an input without one says nothing."""
    before = Law(LawKind.LOG_UNIFORM, 1_000, 3_000, 9_000)
    after = Law(LawKind.LOG_NORMAL, 2_900, 3_000, 3_100)
    measured = Belief("throughput/x", "Throughput of X", "tokens/s", after, ".", None, before)
    said = [text.replace("\u00a0", " ") for text in risk_text.narrowing_text([measured])]
    before_and_now = ("1,000 tokens/s to 9,000 tokens/s", "2,900 tokens/s to 3,100 tokens/s")
    then, now = before_and_now
    assert said == [f"Throughput of X: measured. Before, {then}; now {now}."]
    assert list(risk_text.narrowing_text([belief("a", "A")])) == []


def test_the_crossing_is_dated_where_growth_leads_there() -> None:
    """From 1.5 B at 20 % a month: 40 times as much in month 22, 200 times in month 31."""
    band = CrossingBand(6e10, 1e11, 3e11, 0.0)
    nothing = np.empty((0, 1))
    axis = Axis(np.array([1e9]), (), (), nothing, nothing, (), band, 10)
    scenario = Scenario(workload=Workload(growth_per_month=0.2))
    assert "that is month 22 to 31." in risk_text.crossing_text(axis, scenario)
    assert "month" not in risk_text.crossing_text(axis, Scenario()).replace("tokens/month", "")
