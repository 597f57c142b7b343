"""Points of cost and latency."""

import pytest

from core.catalog.schema import Catalog
from core.decide.advice.cost_latency_front import pareto
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.scenario import Scenario


def test_without_an_analysis_a_point_has_its_cost_and_no_range(
    frozen_catalog: Catalog, question: Scenario
) -> None:
    """Both ends are the row's own mean; what has no price has no point."""
    case = Case(question, frozen_catalog)
    rows = at_volume(curves(case), case).rows
    points = pareto(rows)
    priced = [row for row in rows if row.usd_per_month is not None]
    assert [point.row.option.id for point in points] == [row.option.id for row in priced]
    assert 0 < len(points) < len(rows)
    for point in points:
        assert point.usd_low == point.usd_high == pytest.approx(point.row.mean_usd_per_month)
        assert point.usd_low > 0
