"""Mixed fleets: their price and the chance that enough of them work."""

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cost.by_replica.spot_and_reserved import Purchase, Tranche, chance_enough
from core.errors import ModelInputError
from tests.oracles.reservations import fleet_lines, fleet_usd_per_month, replicas_for_chance

spot_tranches = st.builds(
    Tranche,
    st.just(Purchase.SPOT),
    st.integers(0, 5),
    st.floats(0.0, 10.0),
    st.floats(0.0, 2.0),
    st.floats(0.0, 2.0),
)
sure_tranches = st.builds(
    Tranche,
    st.sampled_from([Purchase.ON_DEMAND, Purchase.RESERVED]),
    st.integers(0, 3),
    st.floats(0.0, 10.0),
)
fleets = st.lists(st.one_of(spot_tranches, sure_tranches), min_size=1, max_size=3)


def by_enumeration(fleet: list[Tranche], needed: int) -> float:
    """Chance of enough, over every way in which the replicas may be up or down."""
    chances = [tranche.availability for tranche in fleet for _ in range(tranche.replicas)]
    total = 0.0
    for up in product([True, False], repeat=len(chances)):
        if sum(up) >= needed:
            total += math.prod(a if u else 1 - a for a, u in zip(chances, up, strict=True))
    return total


@settings(max_examples=50, deadline=None)
@given(fleets, st.integers(0, 8))
def test_the_chance_of_enough_is_the_sum_over_all_states(fleet: list[Tranche], needed: int) -> None:
    """Every replica up or down, weighted."""
    if sum(t.replicas for t in fleet) <= 10:
        assert chance_enough(fleet, needed) == pytest.approx(
            by_enumeration(fleet, needed), rel=1e-9, abs=1e-12
        )


@given(fleets, st.floats(1.0, 1_000.0))
def test_a_fleet_costs_the_sum_of_its_tranches(fleet: list[Tranche], hours: float) -> None:
    """Sum of n p (1 + iota t_rec) H."""
    by_hand = sum(
        t.replicas * t.usd_per_hour * (1 + t.interruptions_per_hour * t.recovery_hours) * hours
        for t in fleet
    )
    assert fleet_usd_per_month(fleet, hours) == pytest.approx(by_hand, rel=1e-9)
    assert len(fleet_lines(fleet, hours)) == len(fleet)


@given(spot_tranches)
def test_a_useful_hour_costs_the_price_over_the_availability(spot: Tranche) -> None:
    """What is lost in recovery is paid by the rest."""
    assert spot.usd_per_useful_hour * spot.availability == pytest.approx(
        spot.usd_per_hour, rel=1e-12
    )


def test_certain_replicas_are_certain() -> None:
    """On demand and reserved ones work always; spot without interruption too."""
    fleet = [Tranche(Purchase.RESERVED, 2, 1.0), Tranche(Purchase.SPOT, 1, 0.3)]
    assert [chance_enough(fleet, n) for n in (0, 3, 4)] == [1, 1, 0]


def test_spot_beside_reserved() -> None:
    """One that works half the time makes the third replica a matter of chance."""
    half = Tranche(Purchase.SPOT, 1, 0.3, interruptions_per_hour=1.0, recovery_hours=1.0)
    fleet = [Tranche(Purchase.RESERVED, 2, 1.0), half]
    assert half.availability == 0.5
    assert chance_enough(fleet, 3) == pytest.approx(0.5)
    assert chance_enough(fleet, 2) == 1


def test_large_fleets_do_not_overflow() -> None:
    """Ten thousand spot replicas, half of them needed at an availability of a half."""
    spot = Tranche(Purchase.SPOT, 10_001, 0.3, 1.0, 1.0)
    assert chance_enough([spot], 5_001) == pytest.approx(0.5, rel=1e-9)


@given(st.integers(0, 12), st.floats(0.0, 1.0), st.floats(0.5, 0.9999))
def test_the_fewest_replicas_for_a_chance(needed: int, recovery: float, chance: float) -> None:
    """Enough of them give the chance; one fewer does not."""
    spot = Tranche(Purchase.SPOT, 1, 0.3, 0.5, recovery)
    found = replicas_for_chance(spot, needed, chance)
    assert found >= needed

    def chance_of(replicas: int) -> float:
        return chance_enough([Tranche(Purchase.SPOT, replicas, 0.3, 0.5, recovery)], needed)

    assert chance_of(found) >= chance
    assert found == needed or chance_of(found - 1) < chance


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ((Purchase.SPOT, -1, 1.0), "replicas must be a whole number"),
        ((Purchase.SPOT, 1, math.nan), "price of a replica hour"),
        ((Purchase.SPOT, 1, 1.0, -0.1, 1.0), "interruptions an hour"),
        ((Purchase.SPOT, 1, 1.0, 0.1, math.inf), "recovery in hours"),
        ((Purchase.RESERVED, 1, 1.0, 0.1, 1.0), "must be 0 for reserved"),
    ],
)
def test_impossible_tranches_are_refused(
    arguments: tuple[Purchase, int, float], field: str
) -> None:
    """Each error names its field."""
    with pytest.raises(ModelInputError, match=field):
        Tranche(*arguments)


def test_other_impossible_arguments_are_refused() -> None:
    """Months without hours, chances that are certainties, replicas that are never there."""
    spot = Tranche(Purchase.SPOT, 1, 1.0, 1_000.0, 1_000.0)
    with pytest.raises(ModelInputError, match="hours a month"):
        fleet_usd_per_month([spot], 0.0)
    with pytest.raises(ModelInputError, match="replicas needed"):
        chance_enough([spot], -1)
    with pytest.raises(ModelInputError, match="chance must lie between 0 and 1"):
        replicas_for_chance(spot, 1, 1.0)
    with pytest.raises(ModelInputError, match="too low: even 20 replicas"):
        replicas_for_chance(spot, 1, 0.99)
