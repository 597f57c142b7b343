"""Wait and service together: closed forms, their limit, and a simulated many-server queue."""

import heapq
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.queue.batch_chain import Floats
from core.serving.queue.batch_queue import solve
from core.serving.response.erlang import Waiting, waiting
from core.serving.response.service_response import (
    ExponentialService,
    NodeService,
    Service,
    fixed_service,
    response_percentile,
)
from tests.oracles.serving.queues import empirical_service, gamma_service, scv
from tests.serving.simulation import poisson_arrivals


@given(st.floats(0, 0.99), st.floats(0, 0.999))
def test_m_m_1_responds_exponentially(load: float, level: float) -> None:
    """The response of M/M/1 is exponential with rate mu - lambda."""
    wait = waiting(1, load, 1.0)
    assert wait is not None
    expected = -math.log1p(-level) / (1 - load)
    found = response_percentile(level, wait, ExponentialService(1.0))
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("gap", [0.0, 1e-15, -1e-15, 1e-9, -1e-9, 1e-5])
def test_equal_rates_of_wait_and_service_have_their_limit(gap: float) -> None:
    """Where the decay of the wait meets that of the service: e^-t (1 + C t), without a jump."""
    wait = Waiting(0.6, 0.6 / (1 + gap))
    found = ExponentialService(1.0).share_above(2.0, wait)
    assert found == pytest.approx(math.exp(-2) * (1 + 0.6 * 2), rel=1e-9 + 2 * abs(gap))


@given(st.floats(0.01, 0.98), st.integers(1, 12), st.floats(0.01, 20))
def test_the_closed_form_is_the_convolution(load: float, servers: int, t_s: float) -> None:
    """The exponential service agrees with its own integral over the wait."""
    wait = waiting(servers, load * servers, 1.0)
    assert wait is not None
    middles = (np.arange(4_000) + 0.5) / 4_000 * t_s
    over = sum(wait.share_above(t_s - x) * math.exp(-x) for x in middles.tolist())
    expected = over * t_s / 4_000 + math.exp(-t_s)
    found = ExponentialService(1.0).share_above(t_s, wait)
    assert found == pytest.approx(expected, rel=1e-4, abs=1e-12)


def test_an_idle_server_responds_in_its_service_time() -> None:
    """At rate 0 the percentile is that of the service alone."""
    wait = waiting(2, 0.0, 1.0)
    assert wait is not None
    assert response_percentile(0.95, wait, fixed_service(0.3)) == pytest.approx(0.3, rel=1e-12)
    assert response_percentile(0.95, wait, ExponentialService(0.3)) == pytest.approx(
        0.3 * math.log(20), rel=1e-12
    )


@given(st.floats(0, 0.97), st.floats(0, 0.97), st.sampled_from([0.5, 0.95, 0.99]))
def test_more_requests_respond_later(one: float, other: float, level: float) -> None:
    """Percentiles rise with the rate, for fixed, exponential and gamma services."""
    low, high = sorted((one, other))
    for service in (fixed_service(1.0), ExponentialService(1.0), gamma_service(1.0, 0.5)):
        quiet, busy = (waiting(3, 3 * load, 1.0, scv(service)) for load in (low, high))
        assert quiet is not None
        assert busy is not None
        slower = response_percentile(level, busy, service)
        assert response_percentile(level, quiet, service) <= slower * (1 + 1e-9)


def test_gamma_with_a_variation_of_one_is_exponential() -> None:
    """Two hundred nodes stand for the law within 1 % at p95."""
    wait = waiting(2, 1.2, 1.0)
    assert wait is not None
    nodes = response_percentile(0.95, wait, gamma_service(1.0, 1.0))
    assert nodes == pytest.approx(
        response_percentile(0.95, wait, ExponentialService(1.0)), rel=0.01
    )


def simulated_s(servers: int, rate: float, service: Service, seed: int) -> Floats:
    """Responses of a first-come-first-served queue with several servers."""
    requests = 300_000
    rng = np.random.default_rng(seed)
    arrivals = poisson_arrivals(rate, requests, rng).tolist()
    if isinstance(service, NodeService):
        drawn = rng.choice(service.seconds, requests).tolist()
    else:
        drawn = rng.exponential(service.mean_s, requests).tolist()
    free = [0.0] * servers
    responses = np.empty(requests)
    for index, (at, takes) in enumerate(zip(arrivals, drawn, strict=True)):
        end = max(at, free[0]) + takes
        heapq.heapreplace(free, end)
        responses[index] = end - at
    return responses[requests // 20 :]


@pytest.mark.parametrize(
    "service",
    [fixed_service(1.0), ExponentialService(1.0), gamma_service(1.0, 0.25), gamma_service(1.0, 4)],
    ids=["fixed", "exponential", "gamma 0.25", "gamma 4"],
)
@pytest.mark.parametrize(("servers", "load"), [(1, 0.6), (4, 0.8), (16, 0.6)])
def test_percentiles_agree_with_a_simulation(servers: int, load: float, service: Service) -> None:
    """Poisson arrivals: p95 within the 15 % that are asked of an approximation."""
    wait = waiting(servers, load * servers / service.mean_s, service.mean_s, scv(service))
    assert wait is not None
    seen = simulated_s(servers, load * servers / service.mean_s, service, seed=4)
    found = response_percentile(0.95, wait, service)
    assert found == pytest.approx(np.quantile(seen, 0.95), rel=0.15)


@pytest.mark.parametrize("load", [0.2, 0.5, 0.8, 0.9])
def test_one_fixed_server_is_a_batcher_of_single_texts(load: float) -> None:
    """The approximation meets the exact M/D/1 solution within 10 % at p95."""
    exact = solve(load, np.array([1.0]))
    wait = waiting(1, load, 1.0, service_scv=0.0)
    assert exact is not None
    assert wait is not None
    found = response_percentile(0.95, wait, fixed_service(1.0))
    assert found == pytest.approx(exact.response.p95_s, rel=0.10)


@given(st.lists(st.floats(0.001, 10), min_size=1, max_size=600))
def test_a_measured_law_keeps_its_mean(measured: list[float]) -> None:
    """Cut to two hundred nodes it still has the measured mean."""
    service = empirical_service(measured)
    assert service.mean_s == pytest.approx(np.mean(measured), rel=1e-9)
    assert len(service.seconds) == min(len(measured), 200)
    assert scv(service) >= 0


def test_nonsense_is_refused() -> None:
    """No times, times of 0, a law without variation."""
    for wrong in (
        lambda: empirical_service([]),
        lambda: fixed_service(0.0),
        lambda: fixed_service(math.inf),
        lambda: ExponentialService(-1.0),
        lambda: gamma_service(1.0, 0.0),
    ):
        with pytest.raises(ModelInputError):
            wrong()
