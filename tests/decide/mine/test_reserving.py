"""Reservations: at a published price where there is one, else at a typed discount."""

from decimal import Decimal

import numpy as np
import pytest

from core.catalog.schema import Catalog, MachineOffer
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.plan.plan_moves import Mover
from core.decide.plan.plan_terms import PlanTerms
from core.decide.result.snapshot import OptionAtVolume
from core.scenario import Hosting, Objective, Scenario


def with_term(catalog: Catalog, usd: str, months: int) -> Catalog:
    """The frozen catalogue with rent/l-1 sold for a term, too."""
    (rent,) = (p for p in catalog.providers if p.id == "rent")
    there = rent.machines[0]
    price = there.price.model_copy(update={"usd": Decimal(usd)})
    row = {"id": "l-1-term", "purchase": "reserved", "term_months": months, "prices": (price,)}
    machines = (*rent.machines, MachineOffer.model_validate({**dict(there), **row}))
    others = tuple(p for p in catalog.providers if p.id != "rent")
    rented = rent.model_copy(update={"machines": machines})
    return catalog.model_copy(update={"providers": (*others, rented)})


def asking(horizon: int = 36, **hosting: object) -> Scenario:
    """One rented machine."""
    return Scenario(
        hosting=Hosting.model_validate({"model": "open/large", **hosting}),
        objective=Objective(horizon_months=horizon),
        options=("rent/l-1",),
    )


def row_of(catalog: Catalog, scenario: Scenario) -> OptionAtVolume:
    """Its row."""
    case = Case(scenario, catalog)
    (row,) = at_volume(curves(case), case).rows
    return row


def rent(row: OptionAtVolume) -> float:
    """USD a month of one replica."""
    line = next(line for line in row.lines if line.label == "Rent")
    return line.usd_per_month / (row.replicas or 1)


def test_a_published_price_of_the_term_is_used_with_its_grade(frozen_catalog: Catalog) -> None:
    """$0.55 an hour for 3 years in the place of $1.00: 720 h of it, published."""
    catalog = with_term(frozen_catalog, "0.55", 36)
    row = row_of(catalog, asking(reserved_term="3y"))
    assert rent(row) == pytest.approx(0.55 * 720)
    assert row.option.terms == "reserved for 3 years (published)"
    assert "reserved for 3 years (published)" in row.lines[0].explanation


def test_without_a_published_price_the_discount_counts_and_is_said(
    frozen_catalog: Catalog,
) -> None:
    """A price for 3 years says nothing of 1 year: the default of 40 % is assumed, or typed."""
    catalog = with_term(frozen_catalog, "0.55", 36)
    assumed = row_of(catalog, asking(reserved_term="1y"))
    assert rent(assumed) == pytest.approx(0.6 * 720)
    assert assumed.option.terms == "reserved for 1 year (40 % off: assumed)"
    assert any("no price for 1 year is published" in note for note in assumed.option.notes)
    typed = row_of(catalog, asking(reserved_term="1y", reserved_discount=0.3))
    assert rent(typed) == pytest.approx(0.7 * 720)
    assert typed.option.terms == "reserved for 1 year (30 % off: yours)"


def test_a_share_of_them_is_reserved_where_one_is_given(frozen_catalog: Catalog) -> None:
    """Half of them at $0.55, half on demand."""
    catalog = with_term(frozen_catalog, "0.55", 36)
    row = row_of(catalog, asking(reserved_term="3y", reserved_share=0.5))
    assert rent(row) == pytest.approx((0.55 + 1.0) / 2 * 720)
    assert row.option.terms == "50% reserved for 3 years (published)"


def test_an_own_price_is_not_mixed_with_a_published_one(frozen_catalog: Catalog) -> None:
    """A typed hourly price is that on demand: the discount comes off it."""
    catalog = with_term(frozen_catalog, "0.55", 36)
    own = asking(reserved_term="3y").model_copy(update={"prices": (("rent/l-1", 2.0),)})
    assert rent(row_of(catalog, own)) == pytest.approx(2.0 * 0.6 * 720)


def test_a_fleet_that_follows_the_load_reserves_nothing(frozen_catalog: Catalog) -> None:
    """A reservation is paid at all hours; it is said why there is none."""
    row = row_of(frozen_catalog, asking(reserved_term="3y", autoscale=True))
    assert row.option.terms == ""
    assert any("no reservation" in note for note in row.option.notes)


@pytest.mark.parametrize(
    ("horizon", "words"),
    [(12, "36 months are committed, 24 of them beyond your horizon of 12"), (36, "36 months")],
)
def test_the_commitment_is_named_over_the_horizon(
    frozen_catalog: Catalog, horizon: int, words: str
) -> None:
    """A term of 3 years with a horizon of 12 months binds for 24 more."""
    notes = row_of(frozen_catalog, asking(horizon, reserved_term="3y")).option.notes
    assert any(words in note for note in notes)


def test_who_leaves_a_term_early_pays_it_to_its_end(frozen_catalog: Catalog) -> None:
    """After 1 month of 36, 35 are owed; on demand none is."""
    owed = []
    for term in ("", "3y"):
        case = Case(asking(reserved_term=term), frozen_catalog)
        drawn = tuple(curves(case).curves)
        one = np.ones(36)
        mover = Mover(drawn, case, PlanTerms(), one * 1e9, one, one)
        owed.append(float(mover.moves().leaving[0, 0, 1]))
        bill = drawn[0].bill
    assert bill is not None
    assert owed[0] == 0
    paid = float(np.asarray(bill.paid_replicas(np.array([1e9])))[0])
    assert owed[1] == pytest.approx(35 * paid * bill.replica_usd_per_month)
