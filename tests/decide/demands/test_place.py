import pytest

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.obstacle import Obstacle
from core.decide.result.snapshot import OptionAtVolume
from core.decide.result.unknown import About
from core.grade import Grade
from core.scenario import Objective, Scenario, Workload

ANYWHERE = ("cloudflare/bge-m3", "openrouter/bge-m3")
UNSAID = "voyage/voyage-4-lite"
UNSURE = "openai/text-embedding-3-small"
EUROPEAN = ("mistral/mistral-embed", "ovhcloud/bge-m3", "azure-openai/text-embedding-3-small")


def rows(catalog: Catalog, region: str, *names: str) -> dict[str, OptionAtVolume]:
    """Rows by option where a place is demanded."""
    scenario = Scenario(
        workload=Workload(requests_per_day=10_000),
        objective=Objective(region=region),
        options=names,
    )
    case = Case(scenario, catalog)
    return {row.option.id: row for row in at_volume(curves(case), case).rows}


def test_a_demanded_place_lets_in_who_promises_it(catalog: Catalog) -> None:
    """By default or by option; who promises none is out, and who says nothing must be asked."""
    judged = rows(catalog, "eu", *ANYWHERE, *EUROPEAN, UNSAID, UNSURE)
    assert {name for name, row in judged.items() if row.can_serve} == set(EUROPEAN)
    for name in ANYWHERE:
        assert "The European Union is demanded. Evidence: " in judged[name].infeasible_reason
        assert judged[name].obstacle is Obstacle.PLACE
        assert judged[name].evidence in {Grade.PUBLISHED, Grade.CLAIMED}
    silent = judged[UNSAID]
    assert silent.can_serve is None
    assert [one.about for one in silent.unknown] == [About.PLACE]
    assert silent.unknown[0].next_step == "Ask Voyage AI where it computes."
    assert judged[UNSURE].can_serve is None  # there is an endpoint, for eligible organisations


@pytest.mark.parametrize(
    ("name", "more"), [("mistral/mistral-embed", 1.1), ("ovhcloud/bge-m3", 1.0)]
)
def test_a_place_by_option_costs_its_surcharge(catalog: Catalog, name: str, more: float) -> None:
    """In the bill and in the price that is shown; a default place costs the list price."""
    here, there = rows(catalog, "", name)[name], rows(catalog, "eu", name)[name]
    assert here.usd_per_month is not None
    assert there.usd_per_month == pytest.approx(here.usd_per_month * more)
    assert here.option.price.usd is not None
    assert there.option.price.usd == pytest.approx(here.option.price.usd * more)
    assert there.option.place is not None
    assert there.option.place.grade is Grade.PUBLISHED


def test_a_price_of_ones_own_has_no_surcharge(catalog: Catalog) -> None:
    """It is what the person pays, wherever."""
    name = "mistral/mistral-embed"
    scenario = Scenario(objective=Objective(region="eu"), options=(name,), prices=((name, 0.07),))
    case = Case(scenario, catalog)
    (row,) = at_volume(curves(case), case).rows
    assert row.option.price.usd == 0.07


def test_a_machine_of_ones_own_is_wherever_one_wants(catalog: Catalog) -> None:
    """No place is asked of it; a rented one stands in the region of its row."""
    judged = rows(catalog, "us", "owned/rtx-4090", "aws/g6.xlarge", "runpod/secure-a100-pcie")
    assert not judged["owned/rtx-4090"].option.against
    assert not judged["aws/g6.xlarge"].option.against
    silent = judged["runpod/secure-a100-pcie"]
    assert (silent.feasible, silent.unknown[0].about) == (True, About.PLACE)
    assert "us-east-1" in rows(catalog, "eu", "aws/g6.xlarge")["aws/g6.xlarge"].infeasible_reason


def test_the_cheapest_where_europe_is_demanded_is_european(catalog: Catalog) -> None:
    """3-small at 0.02 a million promises no place.

    OVHcloud sells bge-m3 at 0.01 in Gravelines; Mistral's EU endpoint asks 0.11.
    """
    names = (*ANYWHERE, UNSAID, UNSURE, *EUROPEAN)
    scenario = Scenario(
        workload=Workload(requests_per_day=20_000),
        objective=Objective(region="eu"),
        options=names,
    )
    case = Case(scenario, catalog)
    winner = at_volume(curves(case), case).verdict.winner
    assert winner is not None
    assert winner.option.id == "ovhcloud/bge-m3"
