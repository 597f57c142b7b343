"""Measured watts of this machine, in its bill and in no other."""

import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.answer.bill_inputs import inputs_of
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.option import Option
from core.decide.result.snapshot import OptionAtVolume, Snapshot
from core.measurement.measured import Measurement
from core.scenario import THIS_MACHINE, Scenario
from tests.decide.conftest import OPTIONS, Measure
from tests.measurement.test_measured import fit

WATTS = {"idle_w": 20.0, "active_w": 65.0, "energy_source": "RAPL"}
PRICED = ((THIS_MACHINE, 0.25),)


def swept(measure: Measure, **changes: object) -> dict[str, Measurement]:
    """This machine, measured by a sweep that read the watts."""
    found = measure(THIS_MACHINE).model_copy(update={"fit": fit(**(WATTS | changes))})
    return {THIS_MACHINE: found}


def asked(question: Scenario, **hosting: object) -> Scenario:
    """Everything compared, with this machine at $0.25 an hour."""
    changed = question.hosting.model_copy(update=hosting)
    return question.model_copy(update={"prices": PRICED, "hosting": changed})


def snapshot(scenario: Scenario, catalog: Catalog, runs: dict[str, Measurement]) -> Snapshot:
    """The comparison at the scenario's volume."""
    return at_volume(curves(Case(scenario, catalog, runs)), Case(scenario, catalog, runs))


def row(scenario: Scenario, catalog: Catalog, runs: dict[str, Measurement]) -> OptionAtVolume:
    """This machine's row."""
    rows = snapshot(scenario, catalog, runs).rows
    return next(row for row in rows if row.option.id == THIS_MACHINE)


def energy_usd(found: OptionAtVolume) -> float:
    """Its electricity a month."""
    return sum(line.usd_per_month for line in found.lines if line.label.startswith("Energy"))


def test_measured_watts_are_lines_of_this_machines_bill(
    question: Scenario, frozen_catalog: Catalog, measure: Measure
) -> None:
    """Idle watts for every hour of every replica, more while it works; the lines sum to it."""
    scenario = asked(question)
    with_power = row(scenario, frozen_catalog, swept(measure))
    without = row(scenario, frozen_catalog, swept(measure, energy_source=""))
    assert with_power.usd_per_month is not None
    assert without.usd_per_month is not None
    assert with_power.replicas is not None
    labels = [line.label for line in with_power.lines]
    assert {"Energy, idle", "Energy, active"} <= set(labels)
    hours = scenario.calendar.hours_per_month
    idle = next(line for line in with_power.lines if line.label == "Energy, idle")
    expected = with_power.replicas * hours * 20 / 1_000 * scenario.hosting.usd_per_kwh
    assert idle.usd_per_month == pytest.approx(expected)
    extra = with_power.usd_per_month - without.usd_per_month
    assert extra == pytest.approx(energy_usd(with_power), rel=1e-9)
    most = with_power.replicas * hours * 65 / 1_000 * scenario.hosting.usd_per_kwh
    assert expected < energy_usd(with_power) <= most * (1 + 1e-9)


def test_a_line_of_electricity_names_the_measured_watts(
    question: Scenario, frozen_catalog: Catalog, measure: Measure
) -> None:
    """Not the assumption for a card that one might buy."""
    scenario = asked(question)
    option = row(scenario, frozen_catalog, swept(measure)).option
    named = {used.name: used for used in inputs_of(option, Case(scenario, frozen_catalog))}
    assert named["idle power"].value == "20 W, read by RAPL"
    assert named["card power"].value == "65 W at full batches, read by RAPL"
    assert {named["idle power"].origin, named["card power"].origin} == {"measured"}
    owned = Option(**{n: getattr(option, n) for n in option.__slots__} | {"power": None})
    assumed = {used.name: used for used in inputs_of(owned, Case(scenario, frozen_catalog))}
    assert assumed["idle power"].value == "70 W"


def test_a_price_that_contains_the_electricity_is_not_charged_twice(
    question: Scenario, frozen_catalog: Catalog, measure: Measure
) -> None:
    """A cloud's hour: said by the user, and noted."""
    found = row(asked(question, own_price_includes_power=True), frozen_catalog, swept(measure))
    assert energy_usd(found) == 0
    assert any("in the hourly price, as you said" in note for note in found.option.notes)


@pytest.mark.parametrize(
    "changes",
    [{"energy_source": "datasheet TDP of L4"}, {"energy_source": ""}, {"idle_w": None}],
)
def test_watts_that_nobody_measured_are_not_billed(
    question: Scenario, frozen_catalog: Catalog, measure: Measure, changes: dict[str, object]
) -> None:
    """A datasheet's TDP is no measurement: the user is told to put it into the price."""
    found = row(asked(question), frozen_catalog, swept(measure, **changes))
    assert energy_usd(found) == 0
    assert found.option.power is None
    assert any("no power was measured" in note for note in found.option.notes)


def test_a_sweep_here_changes_no_other_option(
    question: Scenario, frozen_catalog: Catalog, measure: Measure
) -> None:
    """Every other row, to the last digit, is what it was."""
    scenario = asked(question)

    def others(runs: dict[str, Measurement]) -> list[str]:
        rows = snapshot(scenario, frozen_catalog, runs).rows
        with np.printoptions(threshold=sys.maxsize):
            return [repr(row) for row in rows if row.option.id != THIS_MACHINE]

    before, after = others({}), others(swept(measure))
    assert len(before) == len(OPTIONS) - 1
    assert before == after


watts = st.floats(0, 500)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(idle_w=watts, above_w=st.floats(0.1, 500), more_w=watts, price=st.floats(0, 1))
def test_more_watts_or_a_dearer_kilowatt_hour_are_never_cheaper(
    question: Scenario,
    frozen_catalog: Catalog,
    measure: Measure,
    idle_w: float,
    above_w: float,
    more_w: float,
    price: float,
) -> None:
    """And at no price electricity costs nothing."""

    def usd(idle: float, active: float, usd_per_kwh: float) -> float:
        runs = swept(measure, idle_w=idle, active_w=active)
        found = row(asked(question, usd_per_kwh=usd_per_kwh), frozen_catalog, runs)
        return energy_usd(found)

    active_w = idle_w + above_w
    slack = 1 + 1e-9
    assert usd(idle_w, active_w, price) <= slack * usd(idle_w, active_w + more_w, price) + 1e-9
    assert usd(idle_w, active_w, price) <= slack * usd(idle_w, active_w, price + 0.1) + 1e-9
    assert usd(idle_w, active_w, 0.0) == 0


@pytest.mark.parametrize(("source", "whose"), [("NVML", "the GPU's"), ("RAPL", "the processor's")])
def test_the_remark_says_whose_watts_were_read(
    question: Scenario, frozen_catalog: Catalog, measure: Measure, source: str, whose: str
) -> None:
    """A GPU's by NVML, a processor's by RAPL."""
    found = row(asked(question), frozen_catalog, swept(measure, energy_source=source))
    (remark,) = [note for note in found.option.notes if "electricity" in note]
    assert remark.startswith(f"{whose} electricity on top of the hourly price: 20 W idle")
    assert remark.endswith(f"read by {source}")


def test_this_machine_serves_once_measured_and_priced_be_the_price_nothing(
    question: Scenario, frozen_catalog: Catalog, measure: Measure
) -> None:
    """It is never withdrawn from sale; at $0 an hour its rent is nothing, its labour is due."""
    runs = swept(measure, energy_source="")
    free = asked(question).model_copy(update={"prices": ((THIS_MACHINE, 0.0),)})
    for scenario, rent in ((asked(question), 0.25 * 720), (free, 0.0)):
        found = row(scenario, frozen_catalog, runs)
        assert (found.option.blocked_reason, found.option.unpriced_reason) == ("", "")
        assert found.feasible
        replicas = found.replicas or 0
        of_rent = sum(line.usd_per_month for line in found.lines if line.label == "Rent")
        assert of_rent == pytest.approx(rent * replicas)
