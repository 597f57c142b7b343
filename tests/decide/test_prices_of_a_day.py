"""A question as of a day: every answer goes by the prices of then, and says where there is none."""

from datetime import date

import pytest

from core.catalog.schema import Catalog
from core.decide.advice.cheaper_elsewhere import cheaper_elsewhere
from core.decide.answer.bill_inputs import inputs_of
from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.plan.plan import plan
from core.decide.plan.plan_terms import PlanTerms
from core.scenario import Hosting, Scenario, hybrid_id

ADA = "openai/text-embedding-ada-002"
DAYS = tuple(map(date.fromisoformat, ("2000-01-01", "2023-04-30", "2026-06-01", "2026-11-01")))


def asked(catalog: Catalog, **fields: object) -> Case:
    """The default comparison, with a hybrid of each order of dates."""
    hybrids = (hybrid_id("aws/p3.2xlarge", "cloudflare/bge-m3"),)
    options = (*Scenario().options, *hybrids)
    return Case(Scenario.model_validate({"options": options} | fields), catalog)


@pytest.mark.parametrize("day", DAYS)
def test_every_answer_is_given_for_any_day(day: date, catalog: Catalog) -> None:
    """Curves, verdict, inputs, ranges and plan; what has no price says so and is no winner."""
    case = asked(catalog, as_of=day)
    drawn = curves(case)
    snapshot = at_volume(drawn, case)
    for row in snapshot.rows:
        inputs_of(row.option, case)
        sold = case.catalog.find_api(row.option.id) or case.catalog.find_machine(row.option.id)
        if sold is not None and not sold[1].prices:
            assert row.usd_per_month is None
            assert f"No price is known by {day}" in row.option.unpriced_reason
            assert snapshot.verdict.winner is not row
    assert beliefs(case, [curve.option for curve in drawn.curves])
    assert plan(drawn, case, PlanTerms())
    for row in snapshot.rows:
        for cheaper in cheaper_elsewhere(case, row).all:
            assert cheaper.row.option.price.source is not None


def test_a_far_day_answers_as_no_day(catalog: Catalog) -> None:
    """The same rows at the same cost."""
    far, none = (asked(catalog, as_of=day) for day in (date(2100, 12, 31), None))
    rows = [
        [(row.option.id, row.usd_per_month) for row in at_volume(curves(case), case).rows]
        for case in (far, none)
    ]
    assert rows[0] == rows[1]


def test_an_old_price_is_used_on_its_day(catalog: Catalog) -> None:
    """ada-002 cost four times as much in 2023 as the newest row says."""
    usd = {}
    for day in (date(2023, 4, 1), date(2026, 12, 1)):
        case = asked(catalog, as_of=day)
        rows = at_volume(curves(case), case).rows
        usd[day.year] = next(row.option.price.usd for row in rows if row.option.id == ADA)
    assert usd == {2023: 0.4, 2026: 0.1}


def test_a_price_of_ones_own_holds_on_any_day(catalog: Catalog) -> None:
    """Before the first list price, too: it is what the user pays."""
    case = asked(catalog, as_of=date(2001, 1, 1), prices=((ADA, 0.3),))
    row = next(r for r in at_volume(curves(case), case).rows if r.option.id == ADA)
    assert row.option.unpriced_reason == ""
    assert row.usd_per_mtok == pytest.approx(0.3)


def test_before_its_first_price_an_option_is_what_it_is_after(frozen_catalog: Catalog) -> None:
    """The kind, the model and the longest text are the offer's own, whatever model is hosted."""
    names = ("alpha/flat", "beta/seconds", "beta/requests", "rent/l-1")
    early, late = (
        Case(
            Scenario(options=names, hosting=Hosting(model="open/small"), as_of=day), frozen_catalog
        )
        for day in (date(2001, 1, 1), date(2026, 6, 1))
    )
    for before, after in zip(curves(early).curves, curves(late).curves, strict=True):
        assert before.option.unpriced_reason.startswith("No price is known by 2001-01-01")
        for field in ("id", "label", "kind", "model"):
            assert getattr(before.option, field) == getattr(after.option, field)
    of_flat = curves(early).curves[0].option
    assert (of_flat.model, of_flat.max_tokens) == ("alpha/embed", 8_191)
