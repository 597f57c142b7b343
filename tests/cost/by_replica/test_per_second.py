"""GPUs by the second over a day: the share that is billed, replicas beyond one, cold starts."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cost.by_replica.per_second import PerSecondBill
from core.cost.by_replica.scale_to_zero import ScaleToZero, keep_warm
from core.cost.curve.breakdown import CostLine, TokenLine
from core.units import THIRTY_DAYS

SECONDS = THIRTY_DAYS.seconds_per_month
RENT = CostLine("Rent", 500.0, "$0.69/h x 720 h", ("price", "calendar"))
SERVER = ScaleToZero(60.0, 20.0, 0.02, 0.0004)


def bill(
    relative_load: tuple[float, ...] = (1.0,),
    server: ScaleToZero = SERVER,
    labour: float = 0.0,
    capacity_tokens_per_s: float = 20_000.0,
) -> PerSecondBill:
    """A replica of 20,000 tokens/s for texts of 500 tokens."""
    return PerSecondBill(
        server=server,
        relative_load=relative_load,
        capacity_tokens_per_month=capacity_tokens_per_s * SECONDS,
        tokens_per_request=500.0,
        seconds_per_month=SECONDS,
        replica=RENT,
        labour_usd_per_month=labour,
    )


hours = st.one_of(st.just(0.0), st.floats(0.01, 5.0))
loads = st.lists(hours, min_size=1, max_size=24).filter(any)
volumes = st.floats(3, 13).map(lambda exponent: 10.0**exponent)
bills = st.builds(
    bill,
    loads.map(tuple),
    st.builds(ScaleToZero, st.floats(0, 3_600), st.floats(0, 600), st.just(0.02), st.just(0.0004)),
    st.sampled_from([0.0, 1_500.0]),
    st.floats(100.0, 1e6),
)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.0, 1.0), st.floats(0, 3_600), st.floats(0, 600))
def test_at_an_even_load_it_is_the_billed_share_of_the_month(
    part: float, timeout_s: float, cold_s: float
) -> None:
    """Within the capacity of one replica the curve follows the formula within 0.1 %."""
    server = ScaleToZero(timeout_s, cold_s, 0.02, 0.0004)
    asked = bill(server=server)
    tokens = part * asked.capacity_tokens_per_month
    share = float(server.billed_fraction(tokens / SECONDS / 500.0))
    assert float(asked.curve().at(tokens)) == pytest.approx(500 * share, rel=1e-3, abs=1e-3)


@settings(max_examples=100, deadline=None)
@given(bills, volumes)
def test_the_lines_sum_to_the_curve(asked: PerSecondBill, tokens: float) -> None:
    """The itemised bill and the curve are the same money."""
    total = math.fsum(line.usd_per_month for line in asked.lines(tokens))
    assert total == pytest.approx(float(asked.curve().at(tokens)), rel=1e-9)


def test_labour_has_a_line_where_it_costs_something() -> None:
    """A line of $0 would be read as a cost that somebody looked at."""
    assert [line.label for line in bill().lines(1e9)] == ["Compute"]
    assert [line.label for line in bill(labour=5.0).lines(1e9)] == ["Compute", "Labour"]


@pytest.mark.parametrize("usd", [0.0, 1e-9])
def test_what_costs_nothing_still_runs(usd: float) -> None:
    """The replicas that are up do not depend on their price, nor on what is paid beside them."""
    free = replace(bill(labour=1e6), replica=replace(RENT, usd_per_month=usd))
    tokens = 0.3 * free.capacity_tokens_per_month
    assert free.mean_replicas(tokens) == pytest.approx(bill().mean_replicas(tokens), rel=1e-12)
    assert free.lines(tokens)[0].usd_per_month == pytest.approx(usd * free.mean_replicas(tokens))


@settings(max_examples=100, deadline=None)
@given(bills, volumes, st.floats(0.01, 0.9))
def test_from_one_volume_on_cold_starts_are_rare(
    asked: PerSecondBill, tokens: float, share: float
) -> None:
    """Below it the share is higher, from it on it is not."""
    least = asked.tokens_delaying_at_most(share)
    if tokens >= least:
        assert asked.delayed_share(tokens) <= share * (1 + 1e-9)
    elif tokens < least * (1 - 1e-6):
        assert asked.delayed_share(tokens) > share
    assert replace(asked, server=keep_warm(asked.server)).tokens_delaying_at_most(share) == 0


@settings(max_examples=100, deadline=None)
@given(bills, volumes)
def test_it_never_costs_more_than_replicas_that_never_stop(
    asked: PerSecondBill, tokens: float
) -> None:
    """Stopping when idle saves, or costs the same."""
    always_up = float(asked.replicas_at(tokens)) * 500 + asked.labour_usd_per_month
    assert float(asked.curve().at(tokens)) <= always_up * (1 + 1e-9)


@settings(max_examples=100, deadline=None)
@given(bills, st.lists(volumes, min_size=2, max_size=10))
def test_more_volume_never_costs_less(asked: PerSecondBill, tokens: list[float]) -> None:
    """Every further request starts a replica or keeps it up.

    But for a cold start that is longer than the time-out: then a busier hour has fewer starts.
    """
    if asked.server.cold_start_s > asked.server.idle_timeout_s:
        return
    rising = asked.curve().at(np.sort(np.array(tokens)))
    assert np.all(np.diff(rising) >= -1e-3 * rising[1:])


def test_no_volume_costs_the_labour_alone() -> None:
    """A GPU that nobody starts is not billed."""
    assert float(bill(labour=1_500.0).curve().at(0.0)) == pytest.approx(1_500, abs=1e-3)


def test_kept_warm_one_replica_is_billed_all_month() -> None:
    """At any volume within its capacity, and nobody meets a cold start."""
    warm = bill(server=keep_warm(SERVER))
    assert warm.curve().at(np.array([1e3, 1e9])).tolist() == pytest.approx([500, 500], rel=1e-6)
    assert warm.delayed_share(1e6) == 0


def test_a_busy_hour_needs_its_replicas_and_a_dead_one_none() -> None:
    """Half the hours dead, half at three replicas: 1.5 of them are billed on average."""
    asked = bill((0.0, 2.0))
    tokens = 1.25 * asked.capacity_tokens_per_month
    assert float(asked.replicas_at(tokens)) == 3
    assert asked.mean_replicas(tokens) == pytest.approx(1.5)


@settings(max_examples=60, deadline=None)
@given(bills, volumes)
def test_the_delayed_share_is_a_share(asked: PerSecondBill, tokens: float) -> None:
    """Between none and all of the requests; all of them where hardly any comes."""
    assert 0 <= asked.delayed_share(tokens) <= 1 + 1e-12
    assert asked.delayed_share(0.0) == pytest.approx(1.0)


def test_a_rare_request_always_waits_and_a_steady_stream_never() -> None:
    """Once an hour meets a cold start; ten a second do not."""
    hourly, steady = 500 * 720, 500 * 10 * SECONDS
    assert bill().delayed_share(hourly) == pytest.approx(0.98, abs=0.02)
    assert bill().delayed_share(steady) < 1e-9


def test_egress_is_billed_by_the_token_beside_it() -> None:
    """What goes with the volume is not part of the compute."""
    asked = bill()
    plain = float(asked.curve().at(1e9))
    moved = PerSecondBill(
        asked.server,
        asked.relative_load,
        asked.capacity_tokens_per_month,
        asked.tokens_per_request,
        asked.seconds_per_month,
        asked.replica,
        by_token=(TokenLine("Egress", 1e-9, "answers"),),
    )
    assert float(moved.curve().at(1e9)) == pytest.approx(plain + 1)
    assert moved.mean_replicas(1e9) == pytest.approx(asked.mean_replicas(1e9))


def test_little_labour_and_little_that_is_given_are_lines_too() -> None:
    """Half a dollar either way; the compute of a month without end is its rent."""
    awake = replace(bill(server=ScaleToZero(math.inf, 20.0, 0.02, 0.0004)), free_usd=0.5)
    lines = {line.label: line.usd_per_month for line in awake.lines(1e9)}
    assert lines == pytest.approx({"Compute": 500.0, "Free use": -0.5}, rel=1e-3)
    paid = {line.label for line in replace(awake, labour_usd_per_month=0.5).lines(1e9)}
    assert paid == {"Compute", "Free use", "Labour"}


def test_what_is_at_work_is_the_work_and_none_of_it_waits() -> None:
    """20 ms alone are 25,000 tokens/s; up to what a replica carries that is its work."""
    asked = bill()
    for tokens_per_s in (100.0, 10_000.0):
        running = asked.running(tokens_per_s * SECONDS)
        assert running.at_work == pytest.approx(tokens_per_s * 0.02 / 500)
    many = asked.running(60_000.0 * SECONDS)
    assert many.at_work == pytest.approx(3.0)
