"""A server that stops when idle, against a simulation of one."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.by_replica.scale_to_zero import ScaleToZero, keep_warm
from core.errors import ModelInputError
from core.units import THIRTY_DAYS
from tests.oracles.serving.queues import cold_starts_per_s, mean_response_s

timeouts = st.floats(0.0, 3_600.0)
cold_starts = st.floats(0.0, 300.0)
service_times = st.floats(0.001, 10.0)


@st.composite
def servers(draw: st.DrawFn) -> ScaleToZero:
    """Any time-out, cold start and service law."""
    mean = draw(service_times)
    return ScaleToZero(
        draw(timeouts), draw(cold_starts), mean, mean**2 * (1 + draw(st.floats(0.0, 4.0)))
    )


@dataclass
class Observed:
    """What one simulated server did."""

    billed_fraction: float
    cold_starts_per_s: float
    delayed_share: float
    mean_response_s: float


def simulate(server: ScaleToZero, rate: float, requests: int, seed: int) -> Observed:
    """Serve Poisson arrivals with exponential service times one by one."""
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(1 / rate, requests)).tolist()
    services = rng.exponential(server.service_mean_s, requests).tolist()
    free_at, starts, delayed, off, response = 0.0, 0, 0, 0.0, 0.0
    starting_until = 0.0
    for arrival, service in zip(arrivals, services, strict=True):
        stopped_at = free_at + server.idle_timeout_s
        if arrival > stopped_at:
            off += arrival - stopped_at
            starts += 1
            starting_until = free_at = arrival + server.cold_start_s
        delayed += arrival < starting_until
        free_at = max(arrival, free_at) + service
        response += free_at - arrival
    return Observed(1 - off / free_at, starts / free_at, delayed / requests, response / requests)


@pytest.mark.parametrize(
    ("rate", "timeout", "cold_start", "mean"),
    [(0.01, 60.0, 10.0, 1.0), (0.05, 10.0, 40.0, 4.0), (0.5, 1.0, 5.0, 1.2)],
)
def test_a_simulated_server_does_what_the_formulas_say(
    rate: float, timeout: float, cold_start: float, mean: float
) -> None:
    """Billed time, cold starts, delays and response agree within a few per cent."""
    server = ScaleToZero(timeout, cold_start, mean, 2 * mean**2)
    seen = simulate(server, rate, 100_000, seed=5)
    assert float(server.billed_fraction(rate)) == pytest.approx(seen.billed_fraction, rel=0.02)
    assert float(cold_starts_per_s(server, rate)) == pytest.approx(seen.cold_starts_per_s, rel=0.03)
    assert float(server.delayed_share(rate)) == pytest.approx(seen.delayed_share, rel=0.03)
    assert mean_response_s(server, rate) == pytest.approx(seen.mean_response_s, rel=0.04)


def test_little_traffic_still_pays_for_half_the_month() -> None:
    """36 requests an hour with a minute's time-out: 48 % billed, 57 % of them delayed."""
    server = ScaleToZero(60.0, 8.0, 0.1, 0.02)
    assert float(server.billed_fraction(36 / 3_600)) == pytest.approx(0.48, abs=0.01)
    assert float(server.delayed_share(36 / 3_600)) == pytest.approx(0.57, abs=0.01)


@given(servers())
def test_without_load_nothing_is_billed_and_a_lone_request_waits(server: ScaleToZero) -> None:
    """The limit of no arrivals."""
    assert float(server.billed_fraction(0.0)) == 0
    assert float(cold_starts_per_s(server, 0.0)) == 0
    assert float(server.delayed_share(0.0)) == 1
    alone = server.service_mean_s + server.cold_start_s
    assert mean_response_s(server, 0.0) == pytest.approx(alone, rel=1e-12)


@given(servers(), st.floats(0.0, 0.99))
def test_a_warm_server_is_billed_in_full_and_is_a_plain_queue(
    server: ScaleToZero, rho: float
) -> None:
    """The limit of an endless time-out: no cold start, Pollaczek-Khinchine."""
    rate = rho / server.service_mean_s
    warm = keep_warm(server)
    assert float(warm.billed_fraction(rate)) == 1
    assert float(cold_starts_per_s(warm, rate)) == float(warm.delayed_share(rate)) == 0
    load = rate * server.service_mean_s
    plain = server.service_mean_s + rate * server.service_second_moment_s2 / (2 * (1 - load))
    assert mean_response_s(warm, rate) == pytest.approx(plain, rel=1e-9)


@given(service_times, cold_starts, st.floats(0.0, 0.99))
def test_without_a_time_out_only_work_and_starts_are_billed(
    mean: float, cold_start: float, rho: float
) -> None:
    """The limit T = 0: billed is rho plus the time spent starting."""
    server = ScaleToZero(0.0, cold_start, mean, mean**2)
    rate = rho / mean
    starting = float(cold_starts_per_s(server, rate)) * cold_start
    billed = float(server.billed_fraction(rate))
    assert billed == pytest.approx(rate * mean + starting, rel=1e-9, abs=1e-12)


@given(servers(), st.floats(0.0, 1.5), st.floats(1.0, 100.0))
def test_a_longer_time_out_costs_more_and_delays_fewer(
    server: ScaleToZero, rho: float, more: float
) -> None:
    """Billed time rises with the time-out, delays fall; both are shares."""
    rate = rho / server.service_mean_s
    longer = ScaleToZero(
        server.idle_timeout_s + more,
        server.cold_start_s,
        server.service_mean_s,
        server.service_second_moment_s2,
    )
    assert 0 <= float(server.billed_fraction(rate)) <= float(longer.billed_fraction(rate)) <= 1
    assert 0 <= float(longer.delayed_share(rate)) <= float(server.delayed_share(rate)) <= 1


@given(servers())
def test_an_overloaded_server_never_stops_and_has_no_response(server: ScaleToZero) -> None:
    """At exactly its capacity and beyond: all billed, no cold start, None."""
    rate = 1 / server.service_mean_s
    for overloaded in (rate * (1 + 1e-12), 2 * rate):
        assert float(server.billed_fraction(overloaded)) == 1
        assert float(cold_starts_per_s(server, overloaded)) == 0
        assert mean_response_s(server, overloaded) is None


def test_exactly_the_capacity_is_unstable() -> None:
    """Load 1 has no mean response."""
    assert mean_response_s(ScaleToZero(60.0, 8.0, 0.5, 0.25), 2.0) is None


def test_the_bill_follows_the_billed_time() -> None:
    """Many rates at once; in the end the whole month."""
    server = ScaleToZero(60.0, 8.0, 0.1, 0.02)
    usd = server.usd_per_month(np.array([0.0, 0.01, 0.1, 100.0]), 0.001, THIRTY_DAYS)
    assert np.all(np.diff(usd) > 0)
    assert usd[0] == 0
    assert usd[-1] == pytest.approx(0.001 * 720 * 3_600)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ((-1.0, 1.0, 1.0, 1.0), "idle time-out"),
        ((math.nan, 1.0, 1.0, 1.0), "idle time-out"),
        ((1.0, math.inf, 1.0, 1.0), "cold start"),
        ((1.0, 1.0, 0.0, 1.0), "mean service time"),
        ((1.0, 1.0, 1.0, math.inf), "second moment"),
        ((1.0, 1.0, 1.0, 0.5), "second moment of the service time must be at least the mean"),
    ],
)
def test_impossible_servers_are_refused(
    arguments: tuple[float, float, float, float], field: str
) -> None:
    """Each error names its field."""
    with pytest.raises(ModelInputError, match=field):
        ScaleToZero(*arguments)


def test_impossible_rates_are_refused() -> None:
    """Negative and unknown."""
    server = ScaleToZero(60.0, 8.0, 0.1, 0.02)
    for rate in (-1.0, math.nan, math.inf):
        with pytest.raises(ModelInputError, match="requests a second"):
            server.billed_fraction(rate)
        with pytest.raises(ModelInputError, match="requests a second"):
            mean_response_s(server, rate)
    with pytest.raises(ModelInputError, match="price of a second"):
        server.usd_per_month(1.0, -1.0, THIRTY_DAYS)
