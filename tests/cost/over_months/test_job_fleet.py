"""Machines of a one-off job: as few as the deadline allows, and which hours are paid."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.cost.over_months.job_fleet import (
    BY_THE_SECOND,
    HOUR,
    cheapest_fleet,
    fewest,
    fleet_of_job,
)
from core.errors import ModelInputError

MONTH = 720.0
WORK = st.floats(0.01, 1e5)
DEADLINES = st.floats(1.0, 8_760)
STARTS = st.floats(0, 0.9)
UNITS = st.sampled_from([BY_THE_SECOND, HOUR, MONTH])
PRICES = st.tuples(st.floats(0.01, 100), st.floats(0, 1_000))


def usd_of(
    work: float, deadline: float, start: float, unit: float, usd: tuple[float, float]
) -> float:
    """What the cheapest machines cost."""
    found = cheapest_fleet(work, deadline, start, unit, usd)
    assert found is not None
    return found.paid_hours * usd[0] + found.machines * usd[1]


def test_45_hours_of_one_machine_in_two_days_by_hand() -> None:
    """One machine of 45.5 h: 46 h with a start of 6 minutes are paid. In one day two do it.

    By hand: 45.5 + 2 x 0.1 = 45.7 h are 46 paid hours, 23 each.
    """
    one = cheapest_fleet(45.5, 48, 0.1, HOUR, (1.0, 0.0))
    two = cheapest_fleet(45.5, 24, 0.1, HOUR, (1.0, 0.0))
    assert one is not None
    assert two is not None
    assert (one.machines, one.paid_hours) == (1, 46)
    assert one.hours == pytest.approx(45.6)
    assert (two.machines, two.paid_hours) == (2, 46)
    assert two.hours == pytest.approx(22.85)


def test_by_the_month_more_than_the_fewest_may_cost_less() -> None:
    """1,500 h within 1,600 h: one machine begins a third month, two take 750 h, two months each.

    By hand: 1 x 3 = 3 months; 2 x 2 = 4; three take 500 h, one month each: 3, and no less.
    """
    found = cheapest_fleet(1_500, 1_600, 0.0, MONTH, (1.0, 0.0))
    assert found is not None
    assert found.paid_hours == 3 * MONTH
    fee = cheapest_fleet(1_500, 1_600, 0.0, MONTH, (1.0, 1.0))
    assert fee is not None
    assert fee.machines == 1


@given(WORK, DEADLINES, STARTS, UNITS, PRICES)
def test_the_fewest_are_in_time_and_one_fewer_is_not(
    work: float, deadline: float, start: float, unit: float, usd: tuple[float, float]
) -> None:
    """Of whole paid hours a deadline counts in full hours."""
    least = fewest(work, deadline, start, unit)
    assert least is not None
    assert fleet_of_job(work, least, start, unit).hours <= deadline * (1 + 1e-6)
    ends = math.floor(deadline) if unit == HOUR else deadline
    if least > 1:
        assert start + work / (least - 1) > ends * (1 - 1e-6)
    found = cheapest_fleet(work, deadline, start, unit, usd)
    assert found is not None
    assert found.machines >= least
    assert found.hours <= deadline * (1 + 1e-6)


@given(WORK, DEADLINES, st.floats(1, 10), STARTS, UNITS, PRICES)
def test_more_days_never_cost_more(
    work: float, deadline: float, longer: float, start: float, unit: float, usd: tuple[float, float]
) -> None:
    """Whatever is in time by an early deadline is by a later one."""
    soon = usd_of(work, deadline, start, unit, usd)
    assert usd_of(work, deadline * longer, start, unit, usd) <= soon * (1 + 1e-6)


@given(WORK, st.floats(1, 10), DEADLINES, STARTS, UNITS, PRICES)
def test_more_work_never_costs_less(
    work: float, more: float, deadline: float, start: float, unit: float, usd: tuple[float, float]
) -> None:
    """By the hour, the second and the month."""
    little = usd_of(work, deadline, start, unit, usd)
    assert usd_of(work * more, deadline, start, unit, usd) >= little * (1 - 1e-6)


@given(WORK, st.integers(1, 500), STARTS, UNITS)
def test_no_hour_is_worked_that_is_not_paid(
    work: float, machines: int, start: float, unit: float
) -> None:
    """Paid hours hold the work and every start; none ends before its even share."""
    fleet = fleet_of_job(work, machines, start, unit)
    assert fleet.paid_hours >= (work + machines * start) * (1 - 1e-6)
    assert fleet.hours >= (start + work / machines) * (1 - 1e-9)
    if unit == HOUR:
        assume(work > machines)
        assert fleet.paid_hours < work + machines * start + 1


def test_a_start_that_outlasts_the_deadline_and_no_deadline_at_all() -> None:
    """None has started by then; a deadline that has passed is refused."""
    assert fewest(10, 1, 2, HOUR) is None
    assert cheapest_fleet(10, 1, 2, HOUR, (1.0, 0.0)) is None
    with pytest.raises(ModelInputError, match="deadline"):
        fewest(10, 0, 0, HOUR)


def test_no_more_are_taken_than_can_be_had() -> None:
    """By the month two would be cheaper than one; where one can be had it is one."""
    free = cheapest_fleet(1_000, 1_500, 0.0, MONTH, (1.0, 0.0))
    capped = cheapest_fleet(1_000, 1_500, 0.0, MONTH, (1.0, 0.0), 1)
    assert free is not None
    assert capped is not None
    assert capped.machines == 1
