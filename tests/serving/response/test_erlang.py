"""Servers without batching, against identities and limits."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.response.erlang import Waiting, erlang_b, erlang_c, waiting
from tests.oracles.serving.queues import mm1k_blocking

offered = st.floats(0.001, 60)


@given(st.integers(0, 60), offered)
def test_erlang_b_is_its_definition(servers: int, load: float) -> None:
    """a^c/c! over the sum of a^k/k!, the truncated Poisson law."""
    terms = [math.exp(k * math.log(load) - math.lgamma(k + 1)) for k in range(servers + 1)]
    assert erlang_b(servers, load) == pytest.approx(terms[-1] / math.fsum(terms), rel=1e-9)


@given(st.integers(1, 60), st.floats(0.001, 0.999))
def test_erlang_c_is_its_definition(servers: int, utilisation: float) -> None:
    """C = c B / (c - a (1 - B)); it waits more than it would be turned away."""
    load = servers * utilisation
    blocked, waits = erlang_b(servers, load), erlang_c(servers, load)
    assert waits == pytest.approx(servers * blocked / (servers - load * (1 - blocked)), rel=1e-9)
    assert waits is not None
    assert blocked <= waits <= 1


def test_published_values() -> None:
    """Two round cases by hand: a = 2, c = 3 gives B = 4/19 and C = 4/9."""
    assert erlang_b(3, 2.0) == pytest.approx(4 / 19, rel=1e-12)
    assert erlang_c(3, 2.0) == pytest.approx(4 / 9, rel=1e-12)


@given(st.floats(0, 0.999))
def test_one_server_waits_as_often_as_it_is_busy(utilisation: float) -> None:
    """Erlang C of one server is its utilisation."""
    assert erlang_c(1, utilisation) == pytest.approx(utilisation, abs=1e-12)


@pytest.mark.parametrize("load", [2.0, 2.0001, 100.0])
def test_servers_that_cannot_keep_up_have_no_answer(load: float) -> None:
    """At a utilisation of 1 or more: None, never a number."""
    assert erlang_c(2, load) is None
    assert waiting(2, load, 1.0) is None


@given(st.integers(1, 20), st.floats(0, 0.98), st.floats(0, 0.98))
def test_more_requests_wait_longer(servers: int, one: float, other: float) -> None:
    """Chance and mean of the wait rise with the rate."""
    low, high = sorted((one, other))
    quiet, busy = waiting(servers, low * servers, 1.0), waiting(servers, high * servers, 1.0)
    assert quiet is not None
    assert busy is not None
    assert quiet.probability <= busy.probability + 1e-12
    assert quiet.mean_s <= busy.mean_s + 1e-12


@given(st.floats(0.001, 0.99), st.floats(0, 4))
def test_one_server_obeys_pollaczek_and_khinchine(load: float, scv: float) -> None:
    """M/G/1: mean wait rho (1 + cs2) / (2 (1 - rho)) services, exactly."""
    wait = waiting(1, load, 1.0, service_scv=scv)
    assert wait is not None
    assert wait.mean_s == pytest.approx(load * (1 + scv) / (2 * (1 - load)), rel=1e-9)


def test_the_tail_of_m_m_c_is_exact() -> None:
    """M/M/c: P(W > t) = C e^-(c - a) t / s."""
    wait = waiting(3, 2.0, 1.0)
    assert wait is not None
    assert wait.share_above(0.7) == pytest.approx(4 / 9 * math.exp(-0.7), rel=1e-12)
    assert wait.share_above(-0.1) == 1.0


def test_nobody_waits_without_requests() -> None:
    """At rate 0 the wait is 0, without dividing by it."""
    wait = waiting(4, 0.0, 1.0)
    assert wait == Waiting(0.0, 0.0)
    assert wait.share_above(0.0) == 0.0
    assert wait.decay_per_s == math.inf


@given(st.floats(0, 20), st.integers(1, 80))
def test_blocking_with_places_is_its_definition(load: float, places: int) -> None:
    """r^K over the sum of r^j, j = 0..K, at any load."""
    terms = [load**j for j in range(places + 1)]
    expected = terms[-1] / math.fsum(terms)
    assert mm1k_blocking(load, 1.0, places) == pytest.approx(expected, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("load", [1.0, 1 - 1e-12, 1 + 1e-12, math.nextafter(1, 2)])
def test_blocking_at_a_load_of_one_has_its_limit(load: float) -> None:
    """1/(K+1) at r = 1, and nothing is cancelled away beside it."""
    assert mm1k_blocking(load, 1.0, 9) == pytest.approx(0.1, rel=1e-9)


def test_blocking_with_one_place_is_erlang_b_and_survives_extremes() -> None:
    """One place is one server without a queue; a huge load blocks all but what is served."""
    assert mm1k_blocking(0.7, 1.0, 1) == pytest.approx(erlang_b(1, 0.7), rel=1e-12)
    assert mm1k_blocking(1e6, 1.0, 10_000) == pytest.approx(1 - 1e-6, rel=1e-12)
    assert mm1k_blocking(1e-6, 1.0, 10_000) == 0.0


def test_nonsense_is_refused() -> None:
    """Negative loads, no servers, no places, no service time."""
    for wrong in (
        lambda: erlang_b(-1, 1.0),
        lambda: erlang_b(2, -1.0),
        lambda: erlang_b(2, math.nan),
        lambda: erlang_c(0, 0.0),
        lambda: mm1k_blocking(1.0, 1.0, 0),
        lambda: waiting(1, 0.5, 0.0),
        lambda: waiting(1, 0.5, 1.0, service_scv=-1),
    ):
        with pytest.raises(ModelInputError):
            wrong()
