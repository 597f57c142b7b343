"""Lower bounds of bills, against the bills where nothing comes."""

import pytest

from core.catalog.schema import Catalog
from core.decide.advice.least_bill import ROUNDING, LeastBill
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.scenario import Hosting, Scenario, Workload
from tests.decide.capacity.test_swept_server import OPTION as SWEPT
from tests.decide.capacity.test_swept_server import swept

ENERGY = "Energy, active"


def case_of(
    catalog: Catalog, option_id: str, model: str, requests_per_day: float = 1.0, **hosting: float
) -> Case:
    """One option at a volume."""
    return Case(
        Scenario(
            workload=Workload(requests_per_day=requests_per_day),
            hosting=Hosting(model=model, **hosting),
            options=(option_id,),
        ),
        catalog,
    )


@pytest.mark.parametrize("option_id", ["rent/l-1", "owned/gpu-home"])
@pytest.mark.parametrize(("spare", "minimum", "host"), [(0, 1, 0.0), (2, 3, 900.0)])
def test_what_stands_costs_the_bill_without_what_works(
    frozen_catalog: Catalog, option_id: str, spare: int, minimum: int, host: float
) -> None:
    """Rent or capital of the least replicas, what they draw idle, and their labour: to rounding."""
    case = case_of(
        frozen_catalog,
        option_id,
        "open/large",
        spare_replicas=spare,
        minimum_replicas=minimum,
        host_usd=host,
    )
    (row,) = at_volume(curves(case), case).rows
    bill = sum(line.usd_per_month for line in row.lines if not line.label.startswith(ENERGY))
    assert bill > 1_500
    assert LeastBill(case).standing(option_id) == pytest.approx(bill * ROUNDING, rel=1e-12)
    assert LeastBill(case).carrying(option_id) == pytest.approx(bill * ROUNDING, rel=1e-6)


def test_a_price_of_ones_own_stands_in_the_bound(frozen_catalog: Catalog) -> None:
    """In the place of the list's, of a card as well as of a rent."""
    for option_id in ("rent/l-1", "owned/gpu-home"):
        case = case_of(frozen_catalog, option_id, "open/large")
        priced = case.scenario.model_copy(update={"prices": ((option_id, 0.0),)})
        (row,) = at_volume(curves(case), case).rows
        unpriced = ("Labour", "Energy, idle")
        usd = sum(line.usd_per_month for line in row.lines if line.label in unpriced)
        free = LeastBill(Case(priced, frozen_catalog)).standing(option_id)
        assert usd * ROUNDING == pytest.approx(free, rel=1e-12)
        assert free < LeastBill(case).standing(option_id)


def test_by_the_second_only_what_is_computed_beyond_the_free_use_is_paid(catalog: Catalog) -> None:
    """Standing still costs labour alone: $30 that are given are no cost."""
    option_id, model = "modal/l4", "BAAI/bge-m3"
    still = case_of(catalog, option_id, model)
    labour = still.scenario.hosting.labour_usd_per_month
    assert LeastBill(still).standing(option_id) == pytest.approx(labour * ROUNDING, rel=1e-12)
    busy = case_of(catalog, option_id, model, requests_per_day=5e7)
    (row,) = at_volume(curves(busy), busy).rows
    assert row.usd_per_month is not None
    bound = LeastBill(busy).carrying(option_id)
    assert labour < bound <= row.usd_per_month
    twice = case_of(catalog, option_id, model, requests_per_day=1e8)
    more = LeastBill(twice).carrying(option_id) - labour * ROUNDING + 30 * ROUNDING
    assert more == pytest.approx(2 * (bound - labour * ROUNDING + 30 * ROUNDING))


def test_busy_replicas_are_those_of_full_batches_at_the_peak(frozen_catalog: Catalog) -> None:
    """1e9 texts of 500 tokens a day at 50,000 tokens/s: 115.7, at 3 times the mean and 60 %."""
    case = case_of(
        frozen_catalog, "rent/l-1", "open/large", requests_per_day=1e9,
        labour_usd_per_month=0, spare_replicas=0,
    )  # fmt: skip
    capacity = curves(case).curves[0].option.capacity
    assert capacity is not None
    busy = 1e9 * 500 / 86_400 / capacity.nominal_tokens_per_s
    replicas = LeastBill(case).carrying("rent/l-1") / case.scenario.calendar.hours_per_month
    assert replicas == pytest.approx(busy * 3 / 0.6, rel=0.05)


@pytest.mark.parametrize("option_id", [SWEPT, "rent/l-1"])
def test_a_server_that_is_quicker_than_predicted_is_not_passed_over(
    frozen_catalog: Catalog, option_id: str
) -> None:
    """What was swept of a machine may carry more than is published: no bound is above its bill."""
    asked = case_of(frozen_catalog, option_id, "open/large", requests_per_day=1e9).scenario
    quick = swept(start_s=1e-6, per_text_s=1e-7, per_token_s=1e-10)
    case = Case(asked, frozen_catalog, {SWEPT: quick})
    (row,) = at_volume(curves(case), case).rows
    predicted = Case(asked, frozen_catalog)
    model = frozen_catalog.model("open/large")
    assert row.usd_per_month is not None
    assert model is not None
    assert LeastBill(predicted).carrying(option_id) > row.usd_per_month
    assert LeastBill(case).carrying(option_id) <= row.usd_per_month
    assert LeastBill(case).at_peak(["rent/l-1"], [model])[0, 0] <= row.usd_per_month
