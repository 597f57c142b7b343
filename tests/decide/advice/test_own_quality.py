"""Whether an option finds enough of one's own queries, by what was measured."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.advice.constraints import Constraints, violations
from core.decide.advice.cost_latency_front import pareto
from core.decide.advice.own_quality import found_too_little
from core.decide.advice.violation import Rule
from core.decide.by_option import FoundOfTexts
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.measurement.beside.quality_found import CandidateQuality, MeanFound, MeasuredQuality
from core.scenario import Scenario

MODEL = "BAAI/bge-m3"


def measured(
    mean: float, half: float = 0.05, *, option_id: str = "a", model: str = MODEL, day: int = 1
) -> MeasuredQuality:
    """A figure with an interval of so much either way."""
    recall = MeanFound(mean=mean, low=max(0.0, mean - half), high=min(1.0, mean + half))
    found = CandidateQuality(
        label=option_id, option_id=option_id, model=model, recall=recall, ndcg=recall
    )
    return MeasuredQuality(
        run_id="r",
        at=datetime(2026, 11, day, tzinfo=UTC),
        k=10,
        queries=50,
        documents=200,
        found=found,
    )


@pytest.mark.parametrize(
    ("quality", "rule"),
    [
        (None, Rule.QUALITY_UNKNOWN),
        (measured(0.7), Rule.QUALITY),
        (measured(0.83), Rule.QUALITY_UNKNOWN),
        (measured(0.78), Rule.QUALITY_UNKNOWN),
        (measured(0.9), None),
    ],
)
def test_the_interval_decides(quality: MeasuredQuality | None, rule: Rule | None) -> None:
    """80 % demanded: 65 to 75 is too little, 85 to 95 is enough, what holds 80 is not known."""
    against = [violation.rule for violation in found_too_little("A", quality, 0.8)]
    assert against == ([] if rule is None else [rule])


def test_what_is_not_known_says_how_many_queries_would_decide() -> None:
    """An interval of 5 points either way and a distance of 2.5 need four times the 50 queries."""
    (violation,) = found_too_little("A", measured(0.825), 0.8)
    assert violation.relax == "Test about 200 queries."
    (close,) = found_too_little("A", measured(0.8), 0.8)
    assert "would not decide it" in close.relax


@given(st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 1), st.floats(0, 1))
def test_a_lower_demand_never_excludes_more(
    mean: float, half: float, one: float, other: float
) -> None:
    """Excluded at the lower of two demands, it is excluded or not known at the higher."""
    low, high = sorted((one, other))
    quality = measured(mean, half)
    rules = [{v.rule for v in found_too_little("A", quality, least)} for least in (low, high)]
    if Rule.QUALITY in rules[0]:
        assert Rule.QUALITY in rules[1]
    if not rules[1]:
        assert not rules[0]


def test_an_option_has_its_own_figure_before_its_models() -> None:
    """Else the newest of another option with the same model; of another model none."""
    by_id = {
        "a": measured(0.5, option_id="a", day=1),
        "b": measured(0.6, option_id="b", day=2),
        "c": measured(0.7, option_id="c", model="other"),
    }
    found = FoundOfTexts(by_id)
    assert found.of("a", MODEL) == by_id["a"]
    assert found.of("d", MODEL) == by_id["b"]
    assert found.of("d", "third") is None
    assert found.of("c", MODEL) == by_id["c"]  # whatever runs there was tested
    assert found.of("d", None) is None


def test_the_figure_stands_beside_cost_and_in_the_front(
    frozen_catalog: Catalog, question: Scenario
) -> None:
    """Every option with the model has it; the demand excludes the rest as not known."""
    plain = Case(question, frozen_catalog)
    rows = at_volume(curves(plain), plain).rows
    chosen = next(row for row in rows if row.usd_per_month and row.option.model)
    quality = measured(0.9, option_id=chosen.option.id, model=chosen.option.model or "")
    case = Case(question, frozen_catalog, {}, {chosen.option.id: quality})
    rows = at_volume(curves(case), case).rows
    same = {row.option.id for row in rows if row.option.model == chosen.option.model}
    assert {row.option.id for row in rows if row.quality == quality} == same
    assert case.asking(replace_volume(question)).qualities == case.qualities
    demanded = Constraints(least_recall=0.8)
    for row in rows:
        rules = {violation.rule for violation in violations(row, case, demanded)}
        assert (Rule.QUALITY_UNKNOWN in rules) is (row.option.id not in same)
    points = {point.row.option.id: point for point in pareto(rows)}
    assert points[chosen.option.id].quality == 0.9
    assert points[chosen.option.id].quality_is == "recall@10"


def test_scores_that_a_person_typed_are_not_mixed_with_what_was_measured(
    frozen_catalog: Catalog, question: Scenario
) -> None:
    """One scale for all points."""
    case = Case(question, frozen_catalog)
    rows = [replace(row, quality=measured(0.9)) for row in at_volume(curves(case), case).rows]
    points = pareto(rows, {"nobody's": 60.0})
    assert {point.quality for point in points} == {None}
    assert {point.quality_is for point in points} == {"your score"}


def replace_volume(question: Scenario) -> Scenario:
    """The same question at ten times the volume."""
    workload = question.workload
    more = workload.model_copy(update={"requests_per_day": 10 * workload.requests_per_day})
    return question.model_copy(update={"workload": more})
