"""Situations in which a person demands something: who may win, who may not, and what is said.

Properties that an expert would insist on; 30-day months, the shipped catalogue.
"""

import pytest

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.flips.flips import Judge
from core.decide.options.options import is_by_use
from core.decide.relaxing.relaxation import relaxations
from core.decide.result.obstacle import Obstacle
from core.decide.result.option import OptionKind
from core.decide.result.snapshot import Snapshot
from core.decide.result.unknown import About
from core.grade import Grade
from core.scenario import DEFAULT_OPTIONS, HOME, Demands, Objective, Scenario, Workload

EUROPEAN = ("mistral/mistral-embed", "ovhcloud/bge-m3", "scaleway/qwen3-embedding-8b")
SILENT = ("voyage/voyage-4-lite", "together/multilingual-e5-large-instruct")


def answered(scenario: Scenario, catalog: Catalog) -> Snapshot:
    """The answer at its volume."""
    case = Case(scenario, catalog)
    return at_volume(curves(case), case)


def test_europe_alone_is_answered_with_a_european_api(catalog: Catalog) -> None:
    """450 M tokens a month, 15 M a day of 500 tokens: 30,000 requests a day.

    By hand: OVHcloud's bge-m3 at $0.01 a million is $4.50, Mistral's European endpoint at $0.11 is
    $49.50. Two cards that are bought cost $1,608: nobody may be sent there. Who says nothing of its
    place is not out, and is to be asked.
    """
    scenario = Scenario(
        workload=Workload(requests_per_day=30_000),
        objective=Objective(region="eu"),
        options=(*DEFAULT_OPTIONS, *EUROPEAN, *SILENT, "owned/rtx-4090"),
    )
    shot = answered(scenario, catalog)
    best = shot.verdict.winner
    assert best is not None
    assert is_by_use(best.option)
    assert best.option.id in EUROPEAN
    assert 4 <= (best.usd_per_month or 0) <= 50
    assert best.option.place is not None
    assert best.option.place.grade is Grade.PUBLISHED
    rows = {row.option.id: row for row in shot.rows}
    assert rows["cloudflare/bge-m3"].obstacle is Obstacle.PLACE
    assert rows["aws/g6.xlarge"].obstacle is Obstacle.PLACE
    silent = rows["voyage/voyage-4-lite"]
    assert silent.can_serve is None
    assert [one.about for one in silent.unknown] == [About.PLACE]


def test_what_may_not_leave_stays_on_machines_that_one_owns(catalog: Catalog) -> None:
    """450 M tokens a month: no API, no hybrid with one, and nothing that is rented.

    A serverless GPU is somebody else's computer, whatever weights run on it.
    """
    scenario = Scenario(
        workload=Workload(requests_per_day=30_000),
        objective=Objective(region=HOME),
        options=(*DEFAULT_OPTIONS, "modal/l4", "owned/rtx-4090"),
    )
    shot = answered(scenario, catalog)
    able = [row.option.kind for row in shot.rows if row.can_serve]
    assert able
    assert set(able) <= {OptionKind.OWNED, OptionKind.THIS_MACHINE}
    rows = {row.option.id: row for row in shot.rows}
    assert "It is rented: it does not stand with you." in rows["modal/l4"].infeasible_reason
    assert "sends texts to a third party" in rows["cloudflare/bge-m3"].infeasible_reason
    none = scenario.model_copy(update={"options": ("modal/l4", "cloudflare/bge-m3")})
    (way,) = relaxations(Judge(Case(none, catalog)))
    assert way.sentence.startswith("Allow texts to be computed in any place; then Cloudflare")


def test_texts_in_several_languages_shut_out_a_model_of_english_alone(catalog: Catalog) -> None:
    """900 M tokens a month in English, German and French: bge-m3 or Qwen3.

    bge-large-en reads English alone and may not win, hosted or sold, whatever it costs. Nobody
    names the languages of 3-small: that must be tested, and does not count as fine.
    """
    scenario = Scenario(
        workload=Workload(requests_per_day=60_000),
        demands=Demands(languages=("en", "de", "fr")),
        options=(*DEFAULT_OPTIONS, "cloudflare/bge-large-en-v1.5", "deepinfra/qwen3-embedding-8b"),
    )
    shot = answered(scenario, catalog)
    best = shot.verdict.winner
    assert best is not None
    assert best.option.model in {"BAAI/bge-m3", "Qwen/Qwen3-Embedding-8B"}
    rows = {row.option.id: row for row in shot.rows}
    for english in ("cloudflare/bge-large-en-v1.5", "aws/g6.xlarge", "owned/rtx-4080"):
        assert rows[english].obstacle is Obstacle.LANGUAGE
        assert rows[english].evidence is Grade.PUBLISHED
        assert "German and French" in rows[english].infeasible_reason
    assert rows["openai/text-embedding-3-small"].can_serve is None


@pytest.mark.parametrize(
    ("budget", "winner"),
    [(10.0, None), (20.0, "cloudflare/bge-m3"), (5_000.0, "cloudflare/bge-m3")],
)
def test_a_strict_budget_shuts_out_what_is_above_it_by_how_much(
    catalog: Catalog, budget: float, winner: str | None
) -> None:
    """1.5 B tokens a month: Cloudflare's bge-m3 at $0.0131 a million is $19.70, 3-small is $30.00.

    With $10 nobody suits: the budget is the one demand, and the cheapest bill is by how much.
    """
    scenario = Scenario(demands=Demands(budget_usd_per_month=budget))
    shot = answered(scenario, catalog)
    assert (shot.verdict.winner and shot.verdict.winner.option.id) == winner
    for row in shot.rows:
        if row.usd_per_month is not None and row.usd_per_month > budget:
            assert not row.feasible
    dear = next(row for row in shot.rows if row.option.id == "openai/text-embedding-3-small")
    if budget < 30:
        assert dear.obstacle is Obstacle.BUDGET
        assert f"${30 - budget:,.2f} above your budget of ${budget:,.2f}" in dear.infeasible_reason
    if winner is None:
        cheapest = min(row.usd_per_month for row in shot.rows if row.usd_per_month is not None)
        first = relaxations(Judge(Case(scenario, catalog)))[0]
        assert [one.demand for one in first.loosened] == ["budget"]
        assert first.usd_per_month == pytest.approx(cheapest)


def test_zero_retention_is_by_evidence(catalog: Catalog) -> None:
    """Venice and OVHcloud keep nothing, Mistral by option, OpenAI by approval; Voyage is silent."""
    names = (
        *("venice/bge-m3", "ovhcloud/bge-m3", "mistral/mistral-embed"),
        *("openai/text-embedding-3-small", "voyage/voyage-4-lite", "aws/g6.xlarge"),
    )
    for retention, approved in (("zero", None), ("approved", True)):
        scenario = Scenario.model_validate({"demands": {"retention": retention}, "options": names})
        rows = {row.option.id: row for row in answered(scenario, catalog).rows}
        suits = {name: row.can_serve for name, row in rows.items()}
        for name in ("venice/bge-m3", "ovhcloud/bge-m3", "aws/g6.xlarge"):
            assert suits[name]
        assert suits["openai/text-embedding-3-small"] is approved
        assert suits["voyage/voyage-4-lite"] is None
        mistral = rows["mistral/mistral-embed"]
        assert mistral.can_serve
        assert "zero retention must be switched on" in mistral.option.notes
