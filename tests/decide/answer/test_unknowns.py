"""What nobody knows and the demand could break is not "fine", and not "out" either."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.flips.flips import Judge
from core.decide.result.snapshot import OptionAtVolume, Snapshot
from core.decide.result.unknown import About
from core.errors import ScenarioError
from core.scenario import Hosting, Objective, Scenario, Workload, hybrid_id
from tests.decide.conftest import Measure
from tests.decide.known_limits import limit_known

KNOWN, UNKNOWN, RENTED = "alpha/flat", "alpha/tiered", "rent/l-1"
LEAST = 14_400_000_000.0
"""What the one published limit of the frozen catalogue lets through: 3,000 requests a minute of 500
tokens at a peak three times the mean, and a million tokens a minute: 1e6 x 43,200 / 3."""


def asked(requests_per_day: float, *options: str, slo_p95_s: float = 0.5) -> Scenario:
    """A question without labour, about these options."""
    return Scenario(
        workload=Workload(requests_per_day=requests_per_day),
        hosting=Hosting(model="open/large", labour_usd_per_month=0),
        objective=Objective(slo_p95_s=slo_p95_s),
        options=options or (KNOWN, UNKNOWN, RENTED),
    )


def answered(scenario: Scenario, catalog: Catalog) -> Snapshot:
    """The answer at its volume."""
    case = Case(scenario, catalog)
    return at_volume(curves(case), case)


def row(snapshot: Snapshot, option_id: str) -> OptionAtVolume:
    """One option's row."""
    return next(one for one in snapshot.rows if one.option.id == option_id)


@pytest.mark.parametrize(("tokens_per_month", "matters"), [(LEAST, False), (LEAST * 1.001, True)])
def test_an_unknown_limit_matters_above_the_lowest_that_is_published(
    frozen_catalog: Catalog, tokens_per_month: float, matters: bool
) -> None:
    """At that volume nobody is known to stop it; above, somebody is."""
    shot = answered(asked(tokens_per_month / 500 / 30), frozen_catalog)
    one = row(shot, UNKNOWN)
    assert one.feasible
    assert [unknown.about for unknown in one.unknown] == [About.LIMIT] * matters
    assert one.can_serve is (None if matters else True)
    if matters:
        assert "14,400,000,000 tokens/month through at your peak" in one.unknown[0].sentence
        assert one.serves_text.startswith("cannot be said yet. The rate limit of Alpha tiered")


def test_the_headline_is_what_is_known_and_what_may_be_cheaper(frozen_catalog: Catalog) -> None:
    """Above the lowest limit the rented card is known to suit; the cheaper API is named beside it.

    What it saves, if it holds, is the difference of the two means.
    """
    verdict = answered(asked(2e6, UNKNOWN, RENTED), frozen_catalog).verdict
    assert verdict.winner is not None
    assert verdict.winner.option.id == RENTED
    other = verdict.not_yet_known
    assert other is not None
    assert other.option.id == UNKNOWN
    assert verdict.saving_if_it_holds_usd_per_month == pytest.approx(
        (verdict.winner.mean_usd_per_month or 0) - (other.mean_usd_per_month or 0)
    )
    assert (verdict.saving_if_it_holds_usd_per_month or 0) > 0


def test_where_nothing_is_known_to_suit_the_cheapest_that_may_is_named(
    frozen_catalog: Catalog,
) -> None:
    """No winner, and no saving that could be said."""
    verdict = answered(asked(2e6, UNKNOWN), frozen_catalog).verdict
    assert verdict.winner is None
    assert verdict.not_yet_known is not None
    assert verdict.saving_if_it_holds_usd_per_month is None


def test_a_known_limit_leaves_nothing_open(frozen_catalog: Catalog) -> None:
    """The same question, once somebody says the limit."""
    verdict = answered(asked(2e6, UNKNOWN, RENTED), limit_known(frozen_catalog)).verdict
    assert verdict.winner is not None
    assert verdict.winner.option.id == UNKNOWN
    assert verdict.not_yet_known is None


def test_the_default_latency_is_a_wish_and_another_one_a_demand(
    frozen_catalog: Catalog,
) -> None:
    """At the default an API that nobody measured wins; at 0.3 s that cannot be said."""
    wish = answered(asked(1_000, UNKNOWN), frozen_catalog)
    assert row(wish, UNKNOWN).can_serve
    demand = answered(asked(1_000, UNKNOWN, slo_p95_s=0.3), frozen_catalog)
    (unknown,) = row(demand, UNKNOWN).unknown
    assert unknown.about is About.LATENCY
    assert "answers 95 % within 0.3 s is not known" in unknown.sentence
    assert unknown.next_step == "Probe it."


def test_a_published_median_above_the_demand_is_out_and_one_below_is_not_enough(
    frozen_catalog: Catalog,
) -> None:
    """Alpha flat is published with a median from 0.2 s."""
    out = row(answered(asked(1_000, KNOWN, slo_p95_s=0.19), frozen_catalog), KNOWN)
    assert not out.feasible
    assert "Half of its requests take 0.2 s or more, as published" in out.infeasible_reason
    unsaid = row(answered(asked(1_000, KNOWN, slo_p95_s=0.21), frozen_catalog), KNOWN)
    assert unsaid.feasible
    assert [unknown.about for unknown in unsaid.unknown] == [About.LATENCY]


def test_a_measured_latency_decides_the_demand(frozen_catalog: Catalog, measure: Measure) -> None:
    """Within it, above it, and an interval that holds it."""
    scenario = asked(1_000, UNKNOWN, slo_p95_s=0.3)
    for figures, can_serve in (
        ((0.2, 0.18, 0.22), True),
        ((0.5, 0.4, 0.6), False),
        ((0.3, 0.2, 0.4), None),
    ):
        case = Case(scenario, frozen_catalog, {UNKNOWN: measure(UNKNOWN, *figures)})
        assert row(at_volume(curves(case), case), UNKNOWN).can_serve is can_serve


def test_a_hybrid_is_no_better_known_than_its_api(frozen_catalog: Catalog) -> None:
    """It may give the API the whole peak: what is not known of that is not known of it."""
    name = hybrid_id(RENTED, UNKNOWN)
    shot = answered(asked(2e6, name, UNKNOWN), frozen_catalog)
    assert row(shot, name).unknown == row(shot, UNKNOWN).unknown != ()
    known = answered(asked(2e6, name, UNKNOWN), limit_known(frozen_catalog))
    assert not row(known, name).unknown


def test_nothing_that_all_can_wait_meets_a_limit(frozen_catalog: Catalog) -> None:
    """By the batch interface no limit of the other one binds, known or not."""
    scenario = asked(2e6, KNOWN)
    waits = scenario.workload.model_copy(update={"deferrable_share": 1.0})
    one = row(answered(scenario.model_copy(update={"workload": waits}), frozen_catalog), KNOWN)
    assert not one.unknown


def test_a_measured_interval_that_holds_the_demand_is_not_known_however_long(
    frozen_catalog: Catalog, measure: Measure
) -> None:
    """A demand above whatever is published is taken for held only where nobody measured."""
    scenario = asked(1_000, UNKNOWN, slo_p95_s=5.0)
    assert row(answered(scenario, frozen_catalog), UNKNOWN).can_serve
    case = Case(scenario, frozen_catalog, {UNKNOWN: measure(UNKNOWN, 6.0, 1.0, 9.0)})
    assert row(at_volume(curves(case), case), UNKNOWN).can_serve is None


def test_the_limit_of_ones_own_account_stands_before_what_is_published(
    frozen_catalog: Catalog,
) -> None:
    """6,000 calls a minute carry twice what 3,000 do; what is typed makes an unknown one known.

    What is not typed stays as it is published: so both are, of the one that publishes tokens.
    """
    scenario = asked(2e6, KNOWN, UNKNOWN)
    for rpm, tokens in ((3_000.0, 21_600_000_000.0), (6_000.0, 43_200_000_000.0)):
        calls = (("alpha:requests_per_minute", rpm),)
        alone = scenario.model_copy(update={"limits": calls})
        held = row(answered(alone, frozen_catalog), KNOWN).option.ceiling_tokens_per_month
        assert held == pytest.approx(LEAST)  # a million tokens a minute, as published
        both = (*calls, ("alpha:tokens_per_minute", 1e9))
        own = scenario.model_copy(update={"limits": both})
        for option_id in (KNOWN, UNKNOWN):
            one = row(answered(own, frozen_catalog), option_id)
            assert one.option.ceiling_tokens_per_month == pytest.approx(tokens)
            assert one.option.limit is not None
            assert (one.option.limit.tier, one.option.limit.grade) == ("yours", None)
            assert one.can_serve is (tokens >= scenario.tokens_per_month)
            assert not one.unknown


def test_a_limit_of_a_provider_that_is_not_there_is_refused(frozen_catalog: Catalog) -> None:
    """By name."""
    scenario = asked(1.0).model_copy(update={"limits": (("nobody:tokens_per_minute", 5.0),)})
    with pytest.raises(ScenarioError, match="no provider 'nobody'"):
        answered(scenario, frozen_catalog)


@pytest.mark.parametrize("name", ["alpha", "alpha:rpm", ":tokens_per_minute"])
def test_a_limit_that_counts_nothing_is_refused(name: str) -> None:
    """Provider and what is counted, by the catalogue's word."""
    with pytest.raises(ValidationError, match="write PROVIDER:COUNTED"):
        Scenario(limits=((name, 5.0),))


@settings(max_examples=60, deadline=None)
@given(st.floats(3, 9).map(lambda e: 10.0**e), st.sampled_from([0.05, 0.3, 0.5, 5.0]))
def test_winner_leads_and_judge_are_one(
    frozen_catalog: Catalog, requests: float, slo_p95_s: float
) -> None:
    """The winner at a volume leads there, and what would change the answer starts from it."""
    mixed = hybrid_id(RENTED, UNKNOWN)
    scenario = asked(requests, KNOWN, UNKNOWN, RENTED, mixed, slo_p95_s=slo_p95_s)
    case = Case(scenario, frozen_catalog)
    drawn = curves(case)
    verdict = at_volume(drawn, case).verdict
    volume = scenario.tokens_per_month
    leads = [
        lead.option_id
        for lead in drawn.winners
        if lead.from_tokens_per_month < volume <= lead.to_tokens_per_month
    ]
    winner = verdict.winner.option.id if verdict.winner else None
    assert leads == ([] if winner is None else [winner])
    assert Judge(case).winner(scenario) == (winner or "")


@settings(max_examples=40, deadline=None)
@given(st.floats(3, 9).map(lambda e: 10.0**e))
def test_to_know_more_never_takes_an_answer_away(frozen_catalog: Catalog, requests: float) -> None:
    """With the limit known, whatever could serve still can, and the bill of the winner falls."""
    scenario = asked(requests)
    before, after = (
        answered(scenario, frozen_catalog),
        answered(scenario, limit_known(frozen_catalog)),
    )
    for one in before.rows:
        if one.can_serve:
            assert row(after, one.option.id).can_serve
    cost = [
        shot.verdict.winner.usd_per_month if shot.verdict.winner else math.inf
        for shot in (before, after)
    ]
    assert (cost[1] or 0) <= (cost[0] or 0) * (1 + 1e-9)
