"""A day of one's own replicas: hours, all requests, a lost replica, and the exact busy hour."""

import heapq
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.answer.day_of_replicas import day_of, exact_response
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.day_result import DayOfReplicas
from core.decide.result.snapshot import OptionAtVolume
from core.measurement.measured import Measurement
from core.scenario import Hosting, Scenario, Workload, hybrid_id

NOTHING: dict[str, Measurement] = {}
L4 = "rent/l-1"


def asked(requests_per_day: float = 1e7, **workload: object) -> Scenario:
    """Texts of 500 tokens on the frozen catalogue's card."""
    load = Workload.model_validate({"requests_per_day": requests_per_day, **workload})
    return Scenario(workload=load, hosting=Hosting(model="open/large"), options=(L4,))


def row_and_day(
    scenario: Scenario, catalog: Catalog, option_id: str = L4
) -> tuple[OptionAtVolume, DayOfReplicas | None]:
    """One option at the scenario's volume, and its day."""
    one = scenario.model_copy(update={"options": (option_id,)})
    case = Case(one, catalog, NOTHING)
    found = curves(case)
    row = at_volume(found, case).rows[0]
    return row, day_of(row, found.curves[0].bill, case)


def test_the_busiest_hour_is_that_of_the_table(frozen_catalog: Catalog) -> None:
    """Same replicas, utilisation and p95 as the option's row says; the night is idler."""
    row, day = row_and_day(asked(), frozen_catalog)
    assert day is not None
    busiest = max(day.hours, key=lambda hour: hour.requests_per_s)
    assert day.p95_busiest_s == pytest.approx(row.predicted_p95_s)
    assert busiest.utilisation == pytest.approx(row.utilisation)
    assert busiest.replicas == (row.replicas or 0) - row.spare_replicas
    assert min(hour.utilisation for hour in day.hours) < 0.01


def test_the_hours_bring_the_days_requests(frozen_catalog: Catalog) -> None:
    """They add up to the volume."""
    _, day = row_and_day(asked(1e7), frozen_catalog)
    assert day is not None
    assert sum(hour.requests_per_s for hour in day.hours) * 3_600 == pytest.approx(1e7)


@settings(max_examples=20, deadline=None)
@given(st.floats(4, 8).map(lambda e: 10.0**e), st.floats(1, 10))
def test_all_requests_are_answered_between_the_quietest_and_the_busiest_hour(
    frozen_catalog: Catalog, requests: float, peak: float
) -> None:
    """The p95 of the mixture lies between the hours' own, and GPU busy above utilisation."""
    _, day = row_and_day(asked(requests, peak_to_mean=peak), frozen_catalog)
    assert day is not None
    p95s = [hour.p95_s for hour in day.hours if hour.p95_s is not None and hour.requests_per_s > 0]
    assert day.p95_all_s is not None
    assert min(p95s) * 0.999 <= day.p95_all_s <= max(p95s) * 1.001
    for hour in day.hours:
        assert hour.gpu_busy >= hour.utilisation * (1 - 1e-9)


def test_a_spare_replica_saves_the_busiest_hour(frozen_catalog: Catalog) -> None:
    """With it the p95 is what was promised; without one the load of the lost piles on the rest."""
    scenario = asked(1e7)
    row, day = row_and_day(scenario, frozen_catalog)
    assert day is not None
    assert day.lost is not None
    assert day.lost.p95_s == pytest.approx(row.predicted_p95_s)
    bare = scenario.model_copy(
        update={"hosting": Hosting(model="open/large", spare_replicas=0, utilisation_ceiling=0.95)}
    )
    _, unsafe = row_and_day(bare, frozen_catalog)
    assert unsafe is not None
    assert unsafe.lost is not None
    assert unsafe.lost.p95_s is None
    assert unsafe.lost.backlog is not None
    assert unsafe.lost.backlog.largest_requests > 1_000


def test_with_the_only_replica_lost_everything_waits(frozen_catalog: Catalog) -> None:
    """The day's requests pile up."""
    alone = asked(1_000).model_copy(
        update={"hosting": Hosting(model="open/large", spare_replicas=0)}
    )
    _, day = row_and_day(alone, frozen_catalog)
    assert day is not None
    assert day.lost is not None
    assert day.lost.replicas == 0
    assert day.lost.backlog is not None
    assert day.lost.backlog.largest_requests == pytest.approx(1_000, rel=0.1)


def test_a_hybrids_replicas_are_never_asked_for_more_than_they_carry(
    frozen_catalog: Catalog,
) -> None:
    """What exceeds them goes to the API: full at noon, and in time."""
    name = hybrid_id(L4, "alpha/tiered")
    hosting = Hosting(model="open/large", labour_usd_per_month=0)
    scenario = asked(1e8).model_copy(update={"hosting": hosting})
    row, day = row_and_day(scenario, frozen_catalog, name)
    assert row.replicas
    assert day is not None
    assert max(hour.utilisation for hour in day.hours) <= 0.6 * (1 + 1e-9)
    assert day.lost is not None
    assert day.lost.api_stands_in
    assert day.lost.backlog is None
    if day.lost.replicas:
        assert day.lost.p95_s is not None
        assert day.lost.p95_s <= scenario.objective.slo_p95_s
    small, none = row_and_day(asked(100), frozen_catalog, name)
    assert (small.replicas, none) == (0, None)


def test_replicas_that_follow_the_load_come_and_go(frozen_catalog: Catalog) -> None:
    """At night fewer of them work, each as busy as it may be."""
    scenario = asked(1e8).model_copy(
        update={"hosting": Hosting(model="open/large", autoscale=True)}
    )
    _, day = row_and_day(scenario, frozen_catalog)
    assert day is not None
    counts = [hour.replicas for hour in day.hours]
    assert min(counts) == 1
    assert max(counts) > 20
    assert all(hour.utilisation <= 0.6 * (1 + 1e-9) for hour in day.hours)


@settings(max_examples=20, deadline=None)
@given(st.floats(5, 9).map(lambda e: 10.0**e), st.floats(0, 1), st.floats(1, 10), st.booleans())
def test_what_can_wait_is_gathered_on_replicas_that_follow_the_load(
    frozen_catalog: Catalog, requests: float, waits: float, peak: float, mixed: bool
) -> None:
    """No more replica hours than are paid for, one begun apart; all is done and none overloaded."""
    scenario = asked(requests, deferrable_share=waits, peak_to_mean=peak).model_copy(
        update={"hosting": Hosting(model="open/large", autoscale=True, labour_usd_per_month=0)}
    )
    name = hybrid_id(L4, "alpha/tiered") if mixed else L4
    row, day = row_and_day(scenario, frozen_catalog, name)
    if day is None:
        assert mixed
        return
    hours = sum(hour.replicas for hour in day.hours)
    paid = ((row.mean_replicas or 0) - row.spare_replicas) * 24
    # Beside an API no replica stands for an hour of next to nothing.
    assert mixed or hours <= paid + 1 + 1e-6 * paid
    assert max(hour.replicas for hour in day.hours) <= (row.replicas or 0) - row.spare_replicas
    assert all(hour.utilisation <= 0.6 * (1 + 1e-6) for hour in day.hours)
    done = sum(hour.requests_per_s for hour in day.hours) * 3_600
    assert done == pytest.approx(requests * (1 - (row.api_share or 0)), rel=1e-6)


def test_an_api_has_no_replicas(frozen_catalog: Catalog) -> None:
    """Nothing is known of its machines."""
    assert row_and_day(asked(), frozen_catalog, "alpha/tiered")[1] is None


def test_the_exact_busy_hour_agrees_with_the_table(frozen_catalog: Catalog) -> None:
    """With texts alike, within the table's accuracy; padding then changes nothing."""
    scenario = asked(2e7)
    row, _ = row_and_day(scenario, frozen_catalog)
    found = exact_response(row)
    assert found is not None
    assert found.p95_equal_s == pytest.approx(row.predicted_p95_s, rel=0.03)
    assert found.p95_unpadded_s == pytest.approx(found.p95_equal_s, rel=0.02)
    assert found.p95_padded_s == pytest.approx(found.p95_equal_s, rel=0.02)
    assert found.p95_shared_queue_s is None


def test_texts_that_differ_take_longer_and_padding_longer_still(frozen_catalog: Catalog) -> None:
    """At the same load of equal texts, with a CV of 1 cut at 512 tokens."""
    scenario = asked(2e7, length_cv=1.0)
    row, _ = row_and_day(scenario, frozen_catalog)
    found = exact_response(row)
    assert found is not None
    assert found.p95_equal_s is not None
    assert found.p95_unpadded_s is not None
    assert found.p95_unpadded_s > found.p95_equal_s
    assert row.predicted_p95_s == pytest.approx(found.p95_unpadded_s, rel=0.15)
    assert found.p95_padded_s is None or found.p95_padded_s > found.p95_unpadded_s


def test_without_batching_a_shared_queue_is_quicker_than_a_queue_each(
    frozen_catalog: Catalog,
) -> None:
    """One text in a batch: Erlang C before all servers, against M/D/1 at each."""
    hosting = Hosting(model="open/large", max_batch_tokens=512)
    scenario = asked(2e7).model_copy(update={"hosting": hosting})
    row, _ = row_and_day(scenario, frozen_catalog)
    found = exact_response(row)
    assert found is not None
    assert found.p95_shared_queue_s is not None
    assert found.p95_equal_s is not None
    assert found.p95_shared_queue_s < found.p95_equal_s


def test_a_shared_queue_waits_as_a_simulated_one_does(frozen_catalog: Catalog) -> None:
    """Poisson arrivals, the first free of all servers, a text a time: its p95 within 5 %."""
    hosting = Hosting(
        model="open/large", max_batch_tokens=512, utilisation_ceiling=0.95, spare_replicas=0
    )
    scenario = asked(2e7).model_copy(update={"hosting": hosting})
    row, _ = row_and_day(scenario, frozen_catalog)
    exact, capacity = exact_response(row), row.option.capacity
    assert exact is not None
    assert capacity is not None
    assert capacity.replica is not None
    assert row.replicas is not None
    assert row.replicas > 2
    assert row.utilisation is not None
    assert row.utilisation > 0.8
    service_s = capacity.replica.queue.alone_s
    random = np.random.default_rng(1)
    gap_s = service_s / (row.utilisation * row.replicas)
    free_at = [0.0] * row.replicas
    responses = []
    for arrival in np.cumsum(random.exponential(gap_s, 200_000)).tolist():
        end = max(arrival, heapq.heappop(free_at)) + service_s
        heapq.heappush(free_at, end)
        responses.append(end - arrival)
    assert exact.p95_shared_queue_s == pytest.approx(np.quantile(responses, 0.95), rel=0.05)


def test_of_what_is_not_known_there_is_no_day(frozen_catalog: Catalog) -> None:
    """No bill, no batches, or no capacity at all."""
    row, day = row_and_day(asked(), frozen_catalog)
    case = Case(asked(), frozen_catalog, NOTHING)
    bill = curves(case).curves[0].bill
    assert day is not None
    assert row.option.capacity is not None
    assert day_of(row, None, case) is None
    unknown = replace(row.option, capacity=replace(row.option.capacity, replica=None))
    assert day_of(replace(row, option=unknown), bill, case) is None
    assert exact_response(replace(row, option=unknown)) is None
    assert day_of(replace(row, option=replace(row.option, capacity=None)), bill, case) is None
