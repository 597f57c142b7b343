"""Situations of people who have something already, or pay what is negotiated; checked by hand."""

import pytest

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.options import is_by_use
from core.decide.plan.plan import plan
from core.decide.plan.plan_terms import terms_of
from core.decide.result.snapshot import Snapshot
from core.scenario import Hosting, Objective, Scenario, Workload, hybrid_id

CARDS, SAME_WEIGHTS = "owned/rtx-4090", "openrouter/bge-m3"
TOGETHER = hybrid_id(CARDS, SAME_WEIGHTS)
LIMITS = (("openrouter:requests_per_minute", 1e9), ("cloudflare:requests_per_minute", 1e9))
"""What their accounts let through is known to who asks."""


def with_four_cards(tokens_per_month: float, catalog: Catalog) -> Snapshot:
    """Four idle RTX 4090s, labour of $300 a month, texts of 500 tokens, 30 days."""
    scenario = Scenario(
        workload=Workload(requests_per_day=tokens_per_month / 30 / 500),
        hosting=Hosting(model="BAAI/bge-m3", labour_usd_per_month=300),
        options=(SAME_WEIGHTS, "cloudflare/bge-m3", CARDS, TOGETHER, "aws/g6.xlarge"),
        owned=((CARDS, 4),),
        limits=LIMITS,
    )
    case = Case(scenario, catalog)
    return at_volume(curves(case), case)


def test_four_idle_cards_at_18_billion_do_not_beat_an_api(catalog: Catalog) -> None:
    """Situation 8: the API, at a bill without the cards' price.

    By hand: 18,000 M tokens at $0.01 are $180; the cards' idle electricity is
    4 x 0.070 kW x 720 h x $0.1883 = $37.96 and their labour $300, so they cost $338 and what works.

    Nothing of their price is in it, and nothing is to be paid back.
    """
    shot = with_four_cards(18e9, catalog)
    rows = {row.option.id: row for row in shot.rows}
    assert shot.verdict.winner is not None
    assert is_by_use(shot.verdict.winner.option)
    own = rows[CARDS]
    lines = {line.label: line.usd_per_month for line in own.lines}
    assert lines["Capital"] == 0
    assert lines["Energy, idle"] == pytest.approx(4 * 0.070 * 720 * 0.1883)
    assert 338 <= (own.usd_per_month or 0) <= 350
    assert shot.verdict.payback is None
    assert own.feasible


def test_four_cards_at_360_billion_are_the_base_and_an_api_takes_the_rest(
    catalog: Catalog,
) -> None:
    """Situation 8b: both together, at a third of the API alone.

    By hand: all of it by API at $0.01 is $3,600. Four cards carry the hours up to
    their limit, some three quarters of the tokens at a peak of three times the mean: $340 and
    electricity for them, about a quarter of $3,600 for the rest, $500 to $1,600 together.

    Alone they are out by their number, and a rented machine is not held to it.
    """
    shot = with_four_cards(360e9, catalog)
    rows = {row.option.id: row for row in shot.rows}
    assert shot.verdict.winner is not None
    assert shot.verdict.winner.option.id == TOGETHER
    assert 500 <= (shot.verdict.winner.usd_per_month or 0) <= 1_600
    assert shot.verdict.winner.replicas == 4
    assert rows[CARDS].infeasible_reason.startswith("Your 4 cards carry ")
    assert (rows["aws/g6.xlarge"].replicas or 0) > 4
    assert rows["aws/g6.xlarge"].feasible


def test_at_704_344_dollars_a_month_a_discount_is_negotiated(catalog: Catalog) -> None:
    """Situation 15: it is said in one sentence, and a typed discount takes it away.

    By hand: 1.5 B tokens growing by 20 % a month are 1.5 B x 1.2^59 = 70.4 T in
    month 60, and at $0.01 a million $704,344: nobody pays that by list.

    With a discount typed the sentence is gone, and the path costs so much less.
    """
    asked = Scenario(
        workload=Workload(growth_per_month=0.2),
        objective=Objective(horizon_months=60),
        options=(SAME_WEIGHTS,),
        limits=LIMITS,
    )
    found = []
    for discounts in ((), (("openrouter", 0.4),)):
        scenario = asked.model_copy(update={"discounts": discounts})
        case = Case(scenario, catalog)
        path = plan(curves(case), case, terms_of(scenario)).best
        assert path is not None
        found.append((path.usd, path.steps[-1].negotiable))
    (list_usd, sentence), (mine_usd, nothing) = found
    assert sentence == (
        "$704,344 a month is by list price: at this size a discount is negotiated; type yours."
    )
    assert nothing == ""
    assert mine_usd == pytest.approx(0.6 * list_usd)
