"""A prediction is known where its whole range lies within the demand, the way to it included."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.obstacle import Obstacle
from core.decide.result.option import CapacityUsed
from core.decide.result.snapshot import OptionAtVolume
from core.decide.result.unknown import About
from core.scenario import Hosting, Objective, Scenario, Workload, hybrid_id

RENTED, OWNED, API = "rent/l-1", "owned/gpu-home", "alpha/flat"
MIXED = hybrid_id(RENTED, "alpha/tiered")


def rows_of(
    catalog: Catalog, objective: Objective, network_s: float = 0.0, requests: float = 2e6
) -> dict[str, OptionAtVolume]:
    """Each option's row, with the way to a rented machine."""
    scenario = Scenario(
        workload=Workload(requests_per_day=requests),
        hosting=Hosting(model="open/large", labour_usd_per_month=0, network_s=network_s),
        objective=objective,
        options=(RENTED, OWNED, API, MIXED),
    )
    case = Case(scenario, catalog)
    return {row.option.id: row for row in at_volume(curves(case), case).rows}


def capacity_of(row: OptionAtVolume) -> CapacityUsed:
    """What it rests on."""
    assert row.option.capacity is not None
    return row.option.capacity


def alone_s(capacity: CapacityUsed) -> float:
    """What a text that finds it idle takes at the middle of the range, by the law of a batch."""
    assert capacity.replica is not None
    return float(np.max(capacity.replica.texts.alone_s))


def test_the_slow_end_is_the_same_work_at_the_low_rate(frozen_catalog: Catalog) -> None:
    """T = t0 + w: with the low end of the rate w takes mid/low as long, the start stays."""
    capacity = capacity_of(rows_of(frozen_catalog, Objective())[RENTED])
    assert capacity.low_tokens_per_s is not None
    assert capacity.slowest_alone_s is not None
    start_s = Hosting().batch_start_s
    slower = capacity.nominal_tokens_per_s / capacity.low_tokens_per_s
    assert slower > 1
    by_hand = start_s + slower * (alone_s(capacity) - start_s)
    assert capacity.slowest_alone_s == pytest.approx(by_hand)


def test_a_range_that_ends_beyond_the_demand_is_not_known(frozen_catalog: Catalog) -> None:
    """Within it at both ends: known. Beyond it at the middle: out. Between: cannot be said yet."""
    capacity = capacity_of(rows_of(frozen_catalog, Objective())[RENTED])
    slow_s, middle_s = capacity.slowest_alone_s, alone_s(capacity)
    assert slow_s is not None
    demands = {
        True: slow_s * 1.001,
        None: (slow_s + middle_s) / 2,
        False: middle_s * 0.999,
    }
    for known, demand in demands.items():
        objective = Objective(slo_p95_s=demand, slo_demanded=True)
        row = rows_of(frozen_catalog, objective)[RENTED]
        assert row.can_serve is known
        assert bool(row.unknown) is (known is None)
        if known is None:
            assert row.unknown[0].about is About.LATENCY
            assert f"a text alone takes {slow_s:.3g} s" in row.unknown[0].sentence
        if known is False:
            assert row.obstacle is Obstacle.LATENCY


def test_a_hybrid_is_no_better_known_than_its_replicas(frozen_catalog: Catalog) -> None:
    """What nobody knows of its base is not known of it."""
    capacity = capacity_of(rows_of(frozen_catalog, Objective())[RENTED])
    demand = ((capacity.slowest_alone_s or 0.0) + alone_s(capacity)) / 2
    rows = rows_of(frozen_catalog, Objective(slo_p95_s=demand, slo_demanded=True))
    assert {one.sentence for one in rows[RENTED].unknown} <= {
        one.sentence for one in rows[MIXED].unknown
    }
    assert rows[MIXED].can_serve is not True


def test_the_default_objective_is_a_wish_for_a_range_too(frozen_catalog: Catalog) -> None:
    """Texts of 32,000 tokens take long at the slow end; nobody demanded anything."""
    assert not rows_of(frozen_catalog, Objective())[RENTED].unknown


def test_the_way_is_in_every_response_of_a_rented_machine_alone(frozen_catalog: Catalog) -> None:
    """At the default objective nothing binds but the ceiling: the same fleet, 20 ms later."""
    near, far = (rows_of(frozen_catalog, Objective(), network_s) for network_s in (0.0, 0.02))
    for name, later_s in ((RENTED, 0.02), (OWNED, 0.0)):
        assert near[name].replicas == far[name].replicas
        for field in ("predicted_p50_s", "predicted_p95_s"):
            before, after = getattr(near[name], field), getattr(far[name], field)
            assert after == pytest.approx(before + later_s)
    assert near[RENTED].slo_reason.endswith("the network not counted.")
    assert far[RENTED].slo_reason.endswith("0.02 s of it on the network.")
    assert "network" not in far[OWNED].slo_reason


def test_a_way_longer_than_the_objective_rules_out_and_says_so(frozen_catalog: Catalog) -> None:
    """No number of machines shortens it."""
    row = rows_of(frozen_catalog, Objective(slo_p95_s=0.3), network_s=0.31)[RENTED]
    assert row.obstacle is Obstacle.LATENCY
    assert "0.31 s of it on the network" in row.infeasible_reason


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 0.6), st.floats(0, 0.6), st.floats(5, 9).map(lambda power: 10.0**power))
def test_a_longer_way_never_costs_less(
    frozen_catalog: Catalog, one_s: float, other_s: float, requests: float
) -> None:
    """Less of the objective is left for the machine: as many machines, more, or none that can."""
    near, far = sorted((one_s, other_s))
    usd = [
        row.usd_per_month if row.feasible and row.usd_per_month is not None else math.inf
        for network_s in (near, far)
        for row in (rows_of(frozen_catalog, Objective(), network_s, requests)[RENTED],)
    ]
    assert usd[0] <= usd[1] * (1 + 1e-9)
