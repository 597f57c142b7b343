"""Where nobody suits: what is named lets somebody in, and nothing tighter does."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.advice.recommend_result import Relaxation, said_of_relaxations
from core.decide.case import Case
from core.decide.flips.flips import Judge
from core.decide.relaxing.relaxation import relaxations
from core.scenario import Demands, Hosting, LongTexts, Objective, Scenario, Workload

ONE = "databricks/bge-large-en"
"""Computes in the United States alone, and reads English alone."""
OPTIONS = (
    *(ONE, "cloudflare/bge-m3", "openai/text-embedding-3-small", "mistral/mistral-embed"),
    *("ovhcloud/bge-m3", "aws/g6.xlarge", "owned/rtx-4080", "replicate/t4"),
)


def changed(scenario: Scenario, changes: dict[tuple[str, str], Any]) -> Scenario:
    """The question with these fields."""
    for (section, name), value in changes.items():
        part = getattr(scenario, section).model_copy(update={name: value})
        scenario = scenario.model_copy(update={section: part})
    return Scenario.model_validate(scenario.model_dump())


def changes_of(found: Relaxation) -> dict[tuple[str, str], Any]:
    """What a relaxation sets."""
    return {(s, n): value for one in found.loosened for s, n, value in one.changes}


def ways(scenario: Scenario, catalog: Catalog) -> tuple[Relaxation, ...]:
    """What is named of a question."""
    return relaxations(Judge(Case(scenario, catalog)))


questions = st.builds(
    Scenario,
    workload=st.builds(
        Workload,
        requests_per_day=st.sampled_from([1e3, 1e5, 1e7]),
        tokens_per_request=st.sampled_from([30.0, 500.0, 2_000.0]),
        long_texts=st.sampled_from(LongTexts),
    ),
    objective=st.builds(
        Objective,
        slo_p95_s=st.sampled_from([0.5, 0.5, 0.002, 0.05]),
        region=st.sampled_from(["", "eu", "us", "ch", "home"]),
    ),
    hosting=st.builds(Hosting, maximum_replicas=st.sampled_from([3, 100_000])),
    demands=st.builds(
        Demands,
        budget_usd_per_month=st.sampled_from([None, 0.0, 1.0, 100.0, 3_000.0]),
        retention=st.sampled_from(["", "zero", "approved"]),
        languages=st.sampled_from([(), ("de",), ("de", "pl")]),
        least_tokens=st.sampled_from([0, 1_000, 20_000]),
        licence=st.sampled_from(["any", "business", "known"]),
    ),
    options=st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=4, unique=True).map(tuple),
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(scenario=questions)
def test_what_is_named_lets_somebody_in_and_nothing_is_named_where_somebody_suits(
    catalog: Catalog, scenario: Scenario
) -> None:
    """Asked anew with what it sets: the option named is the cheapest that suits, at its bill.

    One demand alone where one will do, the cheapest first; of several none can be kept.
    """
    judge = Judge(Case(scenario, catalog))
    found = relaxations(judge)
    if judge.costs(scenario):
        assert found == ()
        return
    assert [one.usd_per_month for one in found] == sorted(one.usd_per_month for one in found)
    assert len({len(one.loosened) for one in found}) <= 1
    for one in found:
        changes = changes_of(one)
        costs = judge.costs(changed(scenario, changes))
        assert min(costs, key=lambda name: costs[name]) == one.option_id
        assert costs[one.option_id] == pytest.approx(one.usd_per_month)
        if len(one.loosened) > 1:
            for kept in one.loosened:
                others = [c for other in one.loosened if other is not kept for c in other.changes]
                fewer = {(section, name): value for section, name, value in others}
                assert not judge.costs(changed(scenario, fewer))


@pytest.mark.parametrize(
    ("scenario", "field", "tighter"),
    [
        (Scenario(demands=Demands(budget_usd_per_month=0)), "budget_usd_per_month", 0.999),
        (
            Scenario(
                objective=Objective(slo_p95_s=0.002), options=("aws/g6.xlarge", "owned/rtx-4080")
            ),
            "slo_p95_s",
            0.98,
        ),
        (
            Scenario(demands=Demands(least_tokens=20_000), options=("cloudflare/bge-m3",)),
            "least_tokens",
            1 + 1 / 8_192,
        ),
        (
            Scenario(
                workload=Workload(requests_per_day=1e9),
                hosting=Hosting(maximum_replicas=3),
                options=("aws/g6.xlarge",),
            ),
            "maximum_replicas",
            0.9984,
        ),
    ],
)
def test_a_number_is_loosened_no_further_than_needed(
    catalog: Catalog, scenario: Scenario, field: str, tighter: float
) -> None:
    """A budget to the cent of the bill, a quota by whole replicas, a latency to three digits."""
    (found,) = (
        one for one in ways(scenario, catalog) if field in {name for _, name in changes_of(one)}
    )
    changes = changes_of(found)
    key = next(key for key in changes if key[1] == field)
    value = changes[key] * tighter
    changes[key] = int(value) if isinstance(changes[key], int) else value
    assert not Judge(Case(scenario, catalog)).costs(changed(scenario, changes))


def test_europe_and_an_api_in_america_alone_names_the_place(catalog: Catalog) -> None:
    """By hand: 1.5 B tokens at $0.10 a million are $150.00, wherever they are computed."""
    scenario = Scenario(objective=Objective(region="eu"), options=(ONE,))
    (line,) = said_of_relaxations(ways(scenario, catalog))
    assert line == (
        "The one demand to relax: Allow texts to be computed in any place; then Databricks "
        "bge-large suits, at $150.23 a month."
    )


def test_two_demands_are_named_where_no_single_one_is_enough(catalog: Catalog) -> None:
    """An English model in America, asked for German in Europe."""
    scenario = Scenario(
        objective=Objective(region="eu"), demands=Demands(languages=("de", "en")), options=(ONE,)
    )
    (line,) = said_of_relaxations(ways(scenario, catalog))
    assert line.startswith(
        "No single demand is enough. Allow texts to be computed in any place and leave out texts "
        "in German; then "
    )


def test_where_nothing_demanded_stands_in_the_way_nothing_is_named(catalog: Catalog) -> None:
    """What is withdrawn from sale comes back for nobody; and without options there is nobody."""
    for options in (("aws/p3.2xlarge",), ()):
        assert ways(Scenario(options=options), catalog) == ()
    assert said_of_relaxations(()) == ()
