"""A row at the edge of what its option can do."""

from core.catalog.schema import Catalog
from core.decide.answer.rows import not_known_to_serve, refusal_at
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.obstacle import Obstacle
from core.scenario import Hosting, Scenario
from tests.decide.conftest import Measure


def test_just_at_its_limit_an_option_serves(frozen_catalog: Catalog) -> None:
    """A token more than the rate limit lets through is too much."""
    case = Case(Scenario(options=("alpha/flat",)), frozen_catalog)
    (curve,) = curves(case).curves
    limit = curve.option.ceiling_tokens_per_month
    assert limit is not None
    assert refusal_at(curve, limit) is None
    assert not_known_to_serve(curve, limit) == ""
    beyond = refusal_at(curve, limit + 1)
    assert beyond is not None
    assert beyond.kind is Obstacle.LIMIT
    assert not_known_to_serve(curve, limit + 1) == beyond.sentence


def test_what_is_predicted_is_said_where_nothing_is_measured(
    frozen_catalog: Catalog, measure: Measure
) -> None:
    """A run decides, and its own words stand in the place of the prediction's."""
    asked = Scenario(options=("rent/l-1",), hosting=Hosting(model="open/large"))
    said = []
    for runs in ({}, {"rent/l-1": measure("rent/l-1")}):
        case = Case(asked, frozen_catalog, runs)
        (row,) = at_volume(curves(case), case).rows
        said.append((row.meets_slo, row.slo_reason.startswith("Not measured; predicted p95")))
    assert said == [(None, True), (True, False)]
