"""Cards and machines by number: each option has its own quota, and bad counts are refused."""

import pytest
from pydantic import ValidationError

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.obstacle import Obstacle
from core.errors import ScenarioError
from core.refusals import first_fault
from core.scenario import Hosting, Scenario, Workload

OWNED, RENTED, SMALL = "owned/rtx-4090", "aws/g6.xlarge", "openai/text-embedding-3-small"


def asking(requests_per_day: float, many: int | None) -> Scenario:
    """Own cards beside what is rented."""
    return Scenario(
        workload=Workload(requests_per_day=requests_per_day),
        hosting=Hosting(model="BAAI/bge-m3", labour_usd_per_month=300),
        options=(OWNED, RENTED, SMALL),
        owned=() if many is None else ((OWNED, many),),
    )


def test_the_number_limits_its_own_option_alone(catalog: Catalog) -> None:
    """Where 4 cards do not do, they are out by their number; what is rented takes what it needs."""
    case = Case(asking(24e6, 4), catalog)
    rows = {row.option.id: row for row in at_volume(curves(case), case).rows}
    mine = rows[OWNED]
    assert mine.obstacle is Obstacle.LIMIT
    assert mine.infeasible_reason.startswith("Your 4 cards carry ")
    assert "API with the same weights" in mine.infeasible_reason
    assert rows[RENTED].feasible
    assert (rows[RENTED].replicas or 0) > 4


def test_nothing_is_paid_back_that_is_spent(catalog: Catalog) -> None:
    """Bought cards have a payback against the API; those that are there have none to speak of."""
    for many, there in ((None, True), (8, False)):
        asked = asking(9e5, many).model_copy(update={"options": (OWNED, SMALL)})
        case = Case(asked, catalog)
        verdict = at_volume(curves(case), case).verdict
        assert verdict.self_hosted is not None
        assert verdict.self_hosted.option.id == OWNED
        assert (verdict.payback is not None) is there


def test_its_name_price_and_notes_say_whose_it_is(catalog: Catalog) -> None:
    """The label, the terms of the price, and in words that buying more is another question."""
    case = Case(asking(1e6, 1), catalog)
    option = next(c.option for c in curves(case).curves if c.option.id == OWNED)
    assert option.label == "NVIDIA RTX 4090 (already yours)"
    assert option.terms == "already yours"
    assert option.terms_beside_label == ""
    assert option.is_already_yours
    assert option.price.is_yours
    assert any(note.startswith("1 card already yours: the purchase is") for note in option.notes)
    assert not any("needs a host" in note for note in option.notes)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "owned: owned/rtx-4090 cannot be there 0 times"),
        (-3, "cannot be there -3 times"),
        (1_000_001, "write a whole number from 1 to 1,000,000"),
        (2.5, "cannot be there 2.5 times"),
    ],
)
def test_a_count_that_is_none_is_refused_by_name(count: float, words: str) -> None:
    """0, below 0, above a million and parts of one: what, and what to write."""
    with pytest.raises(ValidationError) as refused:
        Scenario.model_validate({"owned": [[OWNED, count]]})
    assert words in first_fault(refused.value, Scenario)


def test_a_million_cards_are_answered(catalog: Catalog) -> None:
    """At the limit the bill is still a number."""
    case = Case(asking(1e6, 1_000_000), catalog)
    row = next(r for r in at_volume(curves(case), case).rows if r.option.id == OWNED)
    idle = 0.070 * 720 * 0.1883 * 1e6
    assert row.usd_per_month == pytest.approx(idle + 300, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("aws/g6.xlarge", "aws/g6.xlarge is rented, and nobody's own. Write the card that you"),
        ("rtx-4090", "rtx-4090 is a card: write owned/rtx-4090"),
        ("owned/nothing", "the catalogue has no card or machine called 'owned/nothing'"),
    ],
)
def test_what_nobody_owns_is_refused_by_name(catalog: Catalog, name: str, words: str) -> None:
    """A rented machine, a card without its prefix, nothing at all."""
    changed = {"owned": ((name, 2),), "options": (SMALL,)}  # also where it is not compared
    scenario = asking(1e5, None).model_copy(update=changed)
    with pytest.raises(ScenarioError, match="owned: ") as refused:
        curves(Case(scenario, catalog))
    assert words in str(refused.value)


def test_a_model_in_the_id_is_no_machine() -> None:
    """A machine is there with any model: the id stands without one."""
    with pytest.raises(ValidationError, match="write 'owned/rtx-4090'"):
        Scenario(owned=(("owned/rtx-4090@BAAI/bge-m3", 2),))
