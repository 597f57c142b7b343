"""Every line of every bill names inputs, and every input has a value and an origin."""

import pytest

from core.catalog.schema import Catalog
from core.decide.answer.bill_inputs import inputs_of
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.measurement.measured import Measurement
from core.scenario import Hosting, Scenario, Serverless, Vectors, Workload, hybrid_id
from tests.decide.conftest import OPTIONS

NOTHING: dict[str, Measurement] = {}
EVERYTHING = Scenario(
    workload=Workload(deferrable_share=0.3, length_cv=0.5),
    hosting=Hosting(model="open/large", egress_usd_per_gb=0.09, autoscale=True, spot_share=0.5),
    vectors=Vectors(stored_millions=10),
    options=(*OPTIONS, hybrid_id("rent/l-1", "alpha/tiered")),
    prices=(("this-machine", 0.25),),
)


@pytest.mark.parametrize("requests_per_day", [1.0, 100_000.0, 1e9])
def test_no_line_stands_without_its_inputs(
    frozen_catalog: Catalog, requests_per_day: float
) -> None:
    """Each name on a line is found, with a value and whose it is; the lines sum to the bill."""
    load = EVERYTHING.workload.model_copy(update={"requests_per_day": requests_per_day})
    scenario = EVERYTHING.model_copy(update={"workload": load})
    found = curves(Case(scenario, frozen_catalog, NOTHING))
    for row in at_volume(found, Case(scenario, frozen_catalog, NOTHING)).rows:
        named = {used.name: used for used in inputs_of(row.option, Case(scenario, frozen_catalog))}
        for line in row.lines:
            assert line.inputs, f"{row.option.id}: {line.label}"
            for name in line.inputs:
                assert named[name].value
                assert named[name].origin in {"yours", "default", "catalogue", "measured"}
        if row.usd_per_month is not None:
            total = sum(line.usd_per_month for line in row.lines)
            assert total == pytest.approx(row.usd_per_month, rel=1e-9)


def test_what_was_changed_is_yours_and_has_no_source(catalog: Catalog) -> None:
    """A default carries the row behind it; one's own number carries nobody's name."""
    (option,) = (
        row.option
        for row in at_volume(
            curves(Case(Scenario(options=("aws/g6.xlarge",)), catalog, NOTHING)),
            Case(Scenario(options=("aws/g6.xlarge",)), catalog, NOTHING),
        ).rows
    )
    before = {i.name: i for i in inputs_of(option, Case(Scenario(), catalog))}
    own = Scenario(hosting=Hosting(labour_usd_per_month=99))
    after = {i.name: i for i in inputs_of(option, Case(own, catalog))}
    assert (before["labour"].origin, before["labour"].source is not None) == ("default", True)
    assert (after["labour"].origin, after["labour"].source) == ("yours", None)
    assert after["labour"].value == "$99.00 a month"


def test_the_rows_behind_the_defaults_are_in_the_catalogue(catalog: Catalog) -> None:
    """Each assumption has its row, and the default is the row's value."""
    from core.decide.answer.bill_inputs import _ASSUMPTIONS  # noqa: PLC0415 - private to the module

    rows = {row.id: row for row in catalog.assumptions}
    for (section, field), name in _ASSUMPTIONS.items():
        assert name in rows
        value = getattr(getattr(Scenario(), section), field)
        expected = 1 + value if field == "index_overhead" else value
        if field != "labour_usd_per_month":
            assert rows[name].value == pytest.approx(expected), name


def test_prices_and_watts_come_with_their_units(frozen_catalog: Catalog) -> None:
    """An API's price in the unit that is billed, a card's to buy; watts of one's own card alone."""
    options = ("alpha/flat", "rent/l-1", "owned/gpu-home")
    scenario = Scenario(hosting=Hosting(model="open/large"), options=options)
    case = Case(scenario, frozen_catalog)
    shown = {
        row.option.id: {used.name: used.value for used in inputs_of(row.option, case)}
        for row in at_volume(curves(case), case).rows
    }
    assert shown["alpha/flat"]["price"] == "$0.1 per 1M tokens"
    assert shown["rent/l-1"]["price"] == "$1 per hour"
    assert shown["owned/gpu-home"]["price"] == "$1,200 to buy"
    assert shown["owned/gpu-home"]["card power"] == "320 W at full load"
    assert shown["alpha/flat"]["card power"] == shown["rent/l-1"]["card power"] == "not billed"


def test_vcpus_that_an_offer_does_not_give_are_named_as_assumed(catalog: Catalog) -> None:
    """Beside the throughput that rests on them, with the row that assumes them; known ones not."""
    said = {}
    for option_id in ("owned/rtx-4090", "aws/g6.xlarge"):
        scenario = Scenario(hosting=Hosting(model="intfloat/e5-small-v2"), options=(option_id,))
        case = Case(scenario, catalog, NOTHING)
        (row,) = at_volume(curves(case), case).rows
        capacity = row.option.capacity
        assert capacity is not None
        (used,) = (used for used in inputs_of(row.option, case) if used.name == "throughput")
        said[option_id] = (used, capacity)
    used, capacity = said["owned/rtx-4090"]
    assert used.value.endswith("predicted, beside 16 vCPUs, assumed")
    assert used.source == catalog.assumption("vcpus-per-card").source
    assert "16 vCPUs, assumed" in capacity.explanation
    used, capacity = said["aws/g6.xlarge"]
    assert "assumed" not in used.value + capacity.explanation


def named(catalog: Catalog, option_id: str, scenario: Scenario) -> dict[str, str]:
    """The values of an option's inputs by their names."""
    case = Case(scenario.model_copy(update={"options": (option_id,)}), catalog, NOTHING)
    (row,) = at_volume(curves(case), case).rows
    return {used.name: used.value for used in inputs_of(row.option, case)}


def test_what_a_price_row_asks_besides_is_shown_and_none_where_it_asks_nothing(
    frozen_catalog: Catalog,
) -> None:
    """A batch price of five cents; of the offer by tiers there is none."""
    shown = named(frozen_catalog, "alpha/flat", EVERYTHING)
    assert shown["batch price"] == "$0.05"
    assert shown["minimum"] == shown["fixed fee"] == shown["fee of a call"] == "none"
    assert named(frozen_catalog, "alpha/tiered", EVERYTHING)["batch price"] == "none"


def test_where_a_provider_takes_fewer_texts_a_call_its_own_number_is_shown(
    frozen_catalog: Catalog,
) -> None:
    """The least of what is asked and what it takes, and who says so."""
    asked = EVERYTHING.model_copy(update={"serverless": Serverless(items_per_call=100)})
    assert named(frozen_catalog, "alpha/flat", asked)["texts per call"] == "100"
    first, *others = frozen_catalog.providers
    few = first.api_offers[0].model_copy(update={"max_inputs_per_request": 16})
    changed = first.model_copy(update={"api_offers": (few, *first.api_offers[1:])})
    catalog = frozen_catalog.model_copy(update={"providers": (changed, *others)})
    said = named(catalog, "alpha/flat", asked)["texts per call"]
    assert said == "16, the most that it takes of your 100"


def test_dimensions_are_the_model_s_or_unknown(frozen_catalog: Catalog) -> None:
    """Unknown of a model that is not in the catalogue, and of one whose row does not say."""
    dims = {model.id: model.dims for model in frozen_catalog.models}
    assert named(frozen_catalog, "alpha/tiered", EVERYTHING)["dimensions"] == (
        f"{dims['open/large']:,}"
    )
    silent = frozen_catalog.model_copy(
        update={"models": tuple(m.model_copy(update={"dims": None}) for m in frozen_catalog.models)}
    )
    assert named(silent, "alpha/tiered", EVERYTHING)["dimensions"] == "unknown"
