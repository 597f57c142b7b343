"""A look at a server's counters disturbs no run: it is short, keyless, and of one's own servers."""

import asyncio
import time

import pytest

from core.measurement.beside.server_metrics import ServerMetrics
from core.probe.records.probe_plan import ApiTarget
from core.probe.wire.route import DIRECT
from core.runs.trust.shipped import shipped
from core.runs.working.server_look import PATHS, PATIENCE_S, ServerLook
from tests.runs.support import api_plan, local_plan
from tests.servers.standins import serving
from tests.servers.standins.hostile import WAYS, Hostile
from tests.servers.standins.standin import StandIn

SLACK_S = 1.0


def looked(standin: StandIn, requests: int, path: str = "/v1") -> ServerMetrics | None:
    """Two looks with so many requests between them."""

    async def both() -> ServerMetrics | None:
        look = ServerLook(api_plan(f"{standin.origin}{path}").target, DIRECT)
        await look.before()
        standin.embedded += requests
        return await look.after(requests)

    return asyncio.run(both())


def test_the_counters_stand_where_the_server_has_them() -> None:
    """TEI's at /metrics, a NIM's at /v1/metrics; asked without a key, before and after."""
    with serving.tei() as standin:
        seen = looked(standin, 10)
        assert sorted(standin.paths) == ["/metrics", "/metrics", "/v1/metrics"]
        assert standin.paths[-1] == "/metrics"
        assert not any("authorization" in one.headers for one in standin.asked)
    assert seen is not None
    assert seen.batch_texts == pytest.approx(4)
    with serving.nim() as standin:
        seen = looked(standin, 10)
        assert standin.paths[-1] == "/v1/metrics"
    assert seen is not None
    assert seen.batch_texts == pytest.approx(6)


def test_a_server_without_counters_is_asked_once_only() -> None:
    """After the run nobody asks again."""
    with StandIn({}) as standin:
        assert looked(standin, 10) is None
        assert sorted(standin.paths) == sorted(PATHS)


@pytest.mark.parametrize("way", ["silent", "endless", "redirect", "no HTTP"])
def test_a_hostile_server_delays_the_run_by_no_more_than_the_patience(way: str) -> None:
    """And its run goes on."""

    async def first(origin: str) -> None:
        await ServerLook(api_plan(f"{origin}/v1").target, DIRECT).before()

    with Hostile(WAYS[way]) as server:
        began = time.monotonic()
        asyncio.run(first(server.origin))
        assert time.monotonic() - began < PATIENCE_S + SLACK_S


def test_a_provider_and_this_machines_own_model_are_not_asked() -> None:
    """A provider shows nobody his counters; a look at them would be a strange request."""
    endpoints = [one.endpoint for one in shipped().providers if one.endpoint is not None]
    targets = [ApiTarget(endpoint=one, wire_model="m") for one in endpoints]

    async def looks() -> list[ServerMetrics | None]:
        made = [ServerLook(target, DIRECT) for target in (*targets, local_plan().target)]
        for look in made:
            await look.before()  # which no test could, without a network
        return [await look.after(1) for look in made]

    assert endpoints
    began = time.monotonic()
    assert set(asyncio.run(looks())) == {None}
    assert time.monotonic() - began < PATIENCE_S
