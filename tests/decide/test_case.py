"""A question with its catalogue: what is worked out once, and what two questions share."""

import pytest

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.load.rhythm import rhythm_of
from core.decide.load.text_load import text_load
from core.errors import ScenarioError
from core.scenario import Hosting, LongTexts, Scenario, Workload


def test_texts_are_those_of_the_workload(frozen_catalog: Catalog) -> None:
    """Asked once or twice, the same value as worked out directly."""
    load = Workload(tokens_per_request=700, length_cv=0.5, long_texts=LongTexts.CHUNK)
    case = Case(Scenario(workload=load), frozen_catalog)
    assert case.load.texts(512) == text_load(load, 512)
    assert case.load.texts(512) is case.load.texts(512)
    assert case.load.rhythm == rhythm_of(load)


def test_another_volume_shares_what_was_worked_out(frozen_catalog: Catalog) -> None:
    """A step of the volume slider, or of a price, finds texts and rhythm ready."""
    case = Case(Scenario(), frozen_catalog)
    more = Scenario(workload=Workload(requests_per_day=7e6, growth_per_month=0.1))
    assert case.asking(more).load is case.load
    assert case.asking(Scenario(hosting=Hosting(labour_usd_per_month=9))).load is case.load


def test_other_texts_share_nothing(frozen_catalog: Catalog) -> None:
    """What another workload makes of its texts is its own."""
    case = Case(Scenario(), frozen_catalog)
    longer = case.asking(Scenario(workload=Workload(tokens_per_request=900)))
    assert longer.load is not case.load
    assert longer.load.texts(None).tokens == 900


def test_the_answer_is_that_of_a_new_case(catalog: Catalog) -> None:
    """A case that shares its load answers as one that was made for the question."""
    small, large = Scenario(), Scenario(workload=Workload(requests_per_day=3e7))
    case = Case(small, catalog)
    drawn = curves(case)
    shared = at_volume(drawn, case.asking(large))
    alone = at_volume(curves(Case(large, catalog)), Case(large, catalog))
    assert [row.usd_per_month for row in shared.rows] == [row.usd_per_month for row in alone.rows]


@pytest.mark.parametrize("usd", [-1.0, float("nan"), float("inf")])
def test_what_is_no_price_is_refused_by_name(frozen_catalog: Catalog, usd: float) -> None:
    """One sentence that names the option."""
    priced = {"prices": (("alpha/flat", usd),), "options": ("alpha/flat",)}
    scenario = Scenario().model_copy(update=priced)
    with pytest.raises(ScenarioError, match="alpha/flat"):
        curves(Case(scenario, frozen_catalog))
