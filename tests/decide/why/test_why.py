"""The answer in three sentences, and who is out by what evidence."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.snapshot import Snapshot
from core.decide.why.standing import NO_PRICE, NOT_YET, OUT
from core.decide.why.why import Why, why
from core.grade import Grade
from core.scenario import Hosting, Objective, Scenario, Workload
from tests.decide.conftest import OPTIONS, Measure

KNOWN, UNKNOWN, RENTED = "alpha/flat", "alpha/tiered", "rent/l-1"


def explained(catalog: Catalog, scenario: Scenario) -> tuple[Why, Snapshot]:
    """Why, and the answer that it is of."""
    case = Case(scenario, catalog)
    drawn = curves(case)
    shot = at_volume(drawn, case)
    return why(shot, drawn), shot


def asked(requests: float, *options: str, **objective: float) -> Scenario:
    """A question about options, without labour."""
    return Scenario(
        workload=Workload(requests_per_day=requests),
        hosting=Hosting(model="open/large", labour_usd_per_month=0),
        objective=Objective.model_validate(objective),
        options=options,
    )


def test_three_sentences_say_what_what_it_costs_and_what_would_change_it(
    frozen_catalog: Catalog,
) -> None:
    """100,000 texts of 500 tokens a day for 30 days are 1.5 billion tokens a month."""
    reasons, shot = explained(frozen_catalog, asked(100_000, *OPTIONS))
    winner, next_one = shot.verdict.winner, shot.verdict.runner_up
    assert winner is not None
    assert next_one is not None
    able = sum(bool(row.can_serve) for row in shot.rows)
    assert reasons.what.startswith(f"Use {winner.option.label}: of 9 options compared {able} are")
    assert f"${winner.mean_usd_per_month:,.2f} a month for 1.5 billion tokens" in reasons.costs
    assert reasons.changes
    assert len(reasons.sentences) == 3


def test_who_takes_over_is_who_leads_above(frozen_catalog: Catalog) -> None:
    """At that volume the next lead begins, so many times the volume asked about."""
    scenario = asked(100_000, KNOWN, RENTED)
    case = Case(scenario, frozen_catalog)
    reasons, shot = explained(frozen_catalog, scenario)
    ends = shot.verdict.stops_winning_at_tokens_per_month
    assert ends is not None
    assert (
        reasons.changes.startswith("L 1 takes over from ") or "takes over from" in reasons.changes
    )
    above = asked(100_000 * ends / scenario.tokens_per_month * 1.01, KNOWN, RENTED)
    taker = at_volume(curves(case.asking(above)), case.asking(above)).verdict.winner
    assert taker is not None
    assert reasons.changes.startswith(f"{taker.option.label} takes over from ")
    assert f"{ends / scenario.tokens_per_month:,.3g} times yours" in reasons.changes
    # By hand: a million tokens a minute of 43,200 in a month, at a peak three times the mean.
    assert ends == pytest.approx(14.4e9)
    assert reasons.changes.endswith(": more is not let through here.")


def test_what_is_not_known_and_cheaper_is_what_would_change_it(frozen_catalog: Catalog) -> None:
    """Above the lowest published limit the API that publishes none is named with what to do."""
    reasons, shot = explained(frozen_catalog, asked(2e6, UNKNOWN, RENTED))
    saving = shot.verdict.saving_if_it_holds_usd_per_month
    assert reasons.changes.startswith(f"Alpha tiered would save ${saving:,.2f} a month if its rate")
    assert reasons.changes.endswith("ask the provider, and type the limit of your account.")


def test_each_that_is_out_has_its_evidence(frozen_catalog: Catalog) -> None:
    """A published limit, a limit nobody knows, a price that is missing."""
    reasons, _ = explained(frozen_catalog, asked(2e6, KNOWN, UNKNOWN, "this-machine", RENTED))
    found = {one.option_id: one for one in reasons.out}
    assert (found[KNOWN].stands, found[KNOWN].about) == (OUT, "rate limit")
    assert found[KNOWN].grade is Grade.PUBLISHED
    assert (found[UNKNOWN].stands, found[UNKNOWN].grade) == (NOT_YET, Grade.UNKNOWN)
    assert (found["this-machine"].stands, found["this-machine"].about) == (NO_PRICE, "price")
    assert RENTED not in found


def test_the_user_s_own_word_is_no_grade(frozen_catalog: Catalog) -> None:
    """A quota of machines and a limit that were typed are evidence of one's own."""
    scenario = asked(2e7, KNOWN, RENTED)
    hosting = scenario.hosting.model_copy(update={"maximum_replicas": 2})
    typed = scenario.model_copy(
        update={"hosting": hosting, "limits": (("alpha:tokens_per_minute", 10.0),)}
    )
    reasons, _ = explained(frozen_catalog, typed)
    found = {one.option_id: one for one in reasons.out}
    assert found[RENTED].about == "quota of machines"
    assert {one.evidence for one in found.values()} == {"yours"}
    assert reasons.what == "Of 2 options compared none is known to do the job."
    assert (reasons.costs, reasons.changes) == ("", "")


def test_a_measured_latency_is_measured_evidence(frozen_catalog: Catalog, measure: Measure) -> None:
    """A demand of 100 ms against a p95 of 150 to 250 ms."""
    runs = {KNOWN: measure(KNOWN, p95_s=0.2, low_s=0.15, high_s=0.25)}
    scenario = asked(1_000, KNOWN, slo_p95_s=0.1)
    case = Case(scenario, frozen_catalog, runs)
    drawn = curves(case)
    (one,) = why(at_volume(drawn, case), drawn).out
    assert (one.about, one.grade) == ("latency", Grade.MEASURED)


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 10).map(lambda power: 10.0**power), st.sampled_from([0.001, 0.05, 0.5, 5.0]))
def test_whoever_cannot_serve_is_out_and_no_one_else(
    frozen_catalog: Catalog, requests: float, slo_p95_s: float
) -> None:
    """The table and the rows agree; each says why, and each figure has its unit."""
    reasons, shot = explained(frozen_catalog, asked(requests, *OPTIONS, slo_p95_s=slo_p95_s))
    assert [one.option_id for one in reasons.out] == [
        row.option.id for row in shot.rows if not row.can_serve
    ]
    assert all(one.sentence and one.about for one in reasons.out)
    assert "nan" not in " ".join(reasons.sentences)
    for figure in re.finditer(r"\$[\d,.]+\d(.{0,8})", " ".join(reasons.sentences)):
        assert figure.group(1).startswith((" a month", " more")), figure.group(0)


@pytest.mark.parametrize("requests", [1, 1e10])
def test_no_options_are_said_so(frozen_catalog: Catalog, requests: float) -> None:
    """Nothing to compare is no answer."""
    reasons, _ = explained(frozen_catalog, asked(requests))
    assert reasons.what == "Of 0 options compared none is known to do the job."
