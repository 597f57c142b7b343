"""Self-hosting bills: replicas, energy, labour."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.by_replica.hosted_bill import (
    HostedBill,
    HoursAlike,
    active_energy_usd_per_token,
    capital_line,
    energy_kwh,
    idle_energy_line,
    rent_line,
)
from core.cost.curve.breakdown import CostLine, TokenLine
from core.errors import ModelInputError
from core.units import AVERAGE_MONTH, THIRTY_DAYS
from tests.cost.strategies import following_bills, hosted_bills, volumes


@given(st.one_of(hosted_bills(), following_bills()), volumes)
def test_the_lines_sum_to_the_bill(bill: HostedBill, tokens: float) -> None:
    """The itemised bill and the curve are the same money."""
    total = sum(line.usd_per_month for line in bill.lines(tokens))
    assert total == pytest.approx(float(bill.curve().at(tokens)), rel=1e-9)


@given(hosted_bills(), volumes)
def test_every_line_names_its_inputs(bill: HostedBill, tokens: float) -> None:
    """No line stands without an explanation."""
    assert all(line.label and line.explanation for line in bill.lines(tokens))


@given(st.one_of(hosted_bills(), following_bills()), st.lists(volumes, min_size=2, max_size=20))
def test_more_volume_never_costs_less(bill: HostedBill, tokens: list[float]) -> None:
    """Cost and replicas are monotone in volume."""
    rising = np.sort(np.array(tokens))
    usd = bill.curve().at(rising)
    assert np.all(np.diff(usd) >= -1e-12 * usd[1:])
    assert np.all(np.diff(bill.replicas_at(rising)) >= 0)


@given(hosted_bills(), volumes, st.floats(1.01, 3.0))
def test_a_dearer_card_costs_more(bill: HostedBill, tokens: float, factor: float) -> None:
    """At every volume the bill rises with the rent or the capital."""
    usd = bill.acquisition.usd_per_month * factor
    dearer = replace(bill, acquisition=replace(bill.acquisition, usd_per_month=usd))
    assert dearer.curve().at(tokens) > bill.curve().at(tokens)


@given(hosted_bills(), volumes)
def test_a_spare_replica_costs_a_replica_at_every_volume(bill: HostedBill, tokens: float) -> None:
    """One more spare adds exactly the month of one replica."""
    more = replace(bill, spare_replicas=bill.spare_replicas + 1)
    added = float(more.curve().at(tokens) - bill.curve().at(tokens))
    assert added == pytest.approx(bill.usd_per_replica_month, rel=1e-6)
    assert more.replicas(tokens) == bill.replicas(tokens) + 1


@given(hosted_bills(), volumes)
def test_the_replicas_carry_the_volume(bill: HostedBill, tokens: float) -> None:
    """Without the spare ones they suffice, and one fewer would not."""
    working = bill.replicas(tokens) - bill.spare_replicas
    assert working * bill.capacity_tokens_per_month >= tokens * (1 - 1e-8)
    assert working == 1 or (working - 1) * bill.capacity_tokens_per_month < tokens


def test_an_instance_with_eight_cards_is_one_step_of_eight_capacities() -> None:
    """Eight cards in one instance are bought, and fail, as one replica."""
    rent = CostLine("Rent", 8_000.0, "eight cards")
    eight = HostedBill(8e9, 0, 0.0, rent)
    assert eight.replicas(7.9e9) == 1
    assert eight.replicas(8.1e9) == 2
    assert float(eight.curve().at(8.1e9)) == 16_000


def test_a_replica_that_carries_nothing_is_refused() -> None:
    """No number of them would do."""
    with pytest.raises(ModelInputError, match="carry something"):
        HostedBill(0.0, 0, 0.0, CostLine("Rent", 1.0, "rent"))


def test_rent_runs_by_the_hour() -> None:
    """A month of rent is the calendar's hours times the price."""
    assert rent_line(3.06, THIRTY_DAYS).usd_per_month == pytest.approx(2_203.20)
    assert rent_line(3.06, AVERAGE_MONTH).usd_per_month == pytest.approx(2_233.80)


def test_a_card_that_resells_at_its_price_costs_nothing_without_interest() -> None:
    """Capital is the loss of value; with interest it is the interest forgone."""
    assert capital_line(1_200, 1.0, 0.0, 36).usd_per_month == 0
    assert capital_line(1_200, 1.0, 0.1, 36).usd_per_month > 0
    assert capital_line(1_200, 0.0, 0.0, 36).usd_per_month == pytest.approx(33.333333333)


def test_energy_is_hours_times_watts_times_the_facility_factor() -> None:
    """Energy: kWh = H * PUE * W / 1000."""
    assert energy_kwh(730, 320, 1.5) == pytest.approx(350.4)
    line = idle_energy_line(70, 0.20, 1.0, THIRTY_DAYS)
    assert line.usd_per_month == pytest.approx(720 * 0.070 * 0.20)


@given(st.floats(75, 600), st.floats(0, 70), st.floats(1e3, 1e6), st.floats(1, 2), st.floats(0, 1))
def test_a_card_draws_idle_power_and_more_for_as_long_as_it_is_busy(
    tdp_w: float, idle_w: float, rate: float, pue: float, busy: float
) -> None:
    """H PUE (W_idle (1 - b) + W_active b): the idle line plus the energy of every token."""
    idle = idle_energy_line(idle_w, 0.2, pue, THIRTY_DAYS).usd_per_month
    month = rate * THIRTY_DAYS.seconds_per_month
    busy_s_per_token = busy * THIRTY_DAYS.seconds_per_month / month
    per_token = active_energy_usd_per_token(tdp_w, idle_w, busy_s_per_token, 0.2, pue)
    drawn = energy_kwh(720, idle_w * (1 - busy) + tdp_w * busy, pue) * 0.2
    assert idle + per_token * month == pytest.approx(drawn, rel=1e-9)


def test_work_never_gives_energy_back() -> None:
    """A host that idles above the card's own power adds nothing for a token."""
    assert active_energy_usd_per_token(60, 70, 1e-4, 0.2, 1.0) == 0


@given(following_bills(), volumes)
def test_a_fleet_that_follows_the_load_costs_no_more_than_one_for_the_peak(
    bill: HostedBill, tokens: float
) -> None:
    """It has at most the peak's replicas in every hour, and as many where all hours are alike."""
    fixed = replace(bill, hours=())
    assert float(bill.curve().at(tokens)) <= float(fixed.curve().at(tokens)) * (1 + 1e-12)
    alike = replace(bill, hours=(HoursAlike(0.25, 1.0), HoursAlike(0.75, 1.0)))
    assert float(alike.curve().at(tokens)) == pytest.approx(float(fixed.curve().at(tokens)))
    assert alike.mean_replicas(tokens) == pytest.approx(fixed.mean_replicas(tokens))


def test_egress_and_storage_stand_beside_the_replicas() -> None:
    """What goes by the token grows with the volume, what goes by the month does not."""
    bill = HostedBill(
        1e9,
        0,
        0.0,
        CostLine("Rent", 100.0, "rent"),
        by_token=(TokenLine("Egress", 1e-9, "answers"),),
        by_month=(CostLine("Vector storage", 7.0, "GB"),),
    )
    assert float(bill.curve().at(2e9)) == pytest.approx(200 + 2 + 7)
    assert {line.label for line in bill.lines(2e9)} == {"Rent", "Egress", "Vector storage"}


@pytest.mark.parametrize(
    ("share", "spare", "said"),
    [
        (1.0, 0, "2 replicas x rent"),
        (1.0, 1, "3 replicas (1 spare) x rent"),
        (0.5, 0, "1.5 replicas on average x rent"),
    ],
)
def test_the_line_says_how_many_replicas_it_is_of(share: float, spare: int, said: str) -> None:
    """Whole ones as whole ones, of a fleet that follows the load the mean."""
    hours = () if share == 1 else (HoursAlike(1 - share, 0.5), HoursAlike(share, 1.0))
    bill = HostedBill(1e9, spare, 0.0, CostLine("Rent", 100.0, "rent"), hours=hours)
    assert bill.lines(1.5e9)[0].explanation == said


def test_little_labour_and_little_energy_are_lines_too() -> None:
    """Half a dollar a month, half a dollar of electricity, and what each replica takes standing."""
    bill = HostedBill(
        1e9,
        1,
        0.5,
        CostLine("Rent", 0.5, "rent"),
        idle_energy=CostLine("Energy, idle", 0.25, "idle"),
        active_usd_per_token=1e-9,
    )
    lines = {line.label: line.usd_per_month for line in bill.lines(5e8)}
    expected = {"Rent": 1.0, "Energy, idle": 0.5, "Energy, active": 0.5, "Labour": 0.5}
    assert lines == pytest.approx(expected)
    assert float(bill.curve().at(5e8)) == pytest.approx(2.5)
    bare = replace(bill, labour_usd_per_month=0.0, active_usd_per_token=0.0, idle_energy=None)
    assert [line.label for line in bare.lines(5e8)] == ["Rent"]
