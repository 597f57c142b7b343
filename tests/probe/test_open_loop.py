"""A server that stalls: what users would have felt, not what a patient client sees."""

from collections.abc import Callable

import numpy as np

from core.probe.records.sample import Phase
from core.probe.statistics.percentiles import percentile
from tests.harness.pace import at_our_pace
from tests.probe.support import carry_out, plan
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthProcess, GroundTruthServer

RELATIVE = 0.25
ABSOLUTE_S = 0.03
"""At the quickest pace. Wide: only the size of what is seen is at stake."""


def test_a_stall_is_felt_by_all_who_arrive_during_it(
    server_process: Callable[..., GroundTruthProcess],
) -> None:
    """A third of the arrivals meets a stall of half a second; the percentiles say so.

    The server's own record of the same requests is the truth. A closed loop would have sent a
    single request into each stall and reported a p90 of 10 ms.
    """

    def scene(slower: int) -> None:
        every_s, for_s = 1.5 * slower, 0.5 * slower
        delay = Delay(median_s=0.01 * slower, stall_every_s=every_s, stall_for_s=for_s)
        server = server_process(Config(delay=delay))
        rate_per_s, timeout_s = 80 / slower, 20.0 * slower
        run = carry_out(
            plan(
                server.base_url,
                requests=240,
                rate_per_s=rate_per_s,
                in_flight_cap=200,
                timeout_s=timeout_s,
            )
        )
        truths = server.truths[3:]
        measured = [s for s in run.samples if s.phase is Phase.MEASURED]
        assert len(measured) == len(truths) == 240
        response = [s.response_s for s in measured]
        truth = [t.service_s for t in truths]
        for q in (0.5, 0.9, 0.95):
            expected = percentile(truth, q)
            allowed_s = RELATIVE * expected + ABSOLUTE_S * slower
            assert abs(percentile(response, q) - expected) <= allowed_s
        stalled = np.mean([t.delay_s > 0.02 * slower for t in truths])
        assert 0.2 < stalled < 0.5
        assert percentile(response, 0.9) > 0.2 * slower

    at_our_pace(scene)


def test_a_request_is_never_faster_than_the_server(
    embedding_server: Callable[..., GroundTruthServer],
) -> None:
    """From sending to the last byte takes at least what was injected, on a busy computer too."""
    server = embedding_server(Config(delay=Delay("lognormal", 0.01, 0.8)))
    run = carry_out(plan(server.base_url, requests=60))
    injected = sorted(t.delay_s for t in server.truths[3:])
    service = sorted(s.service_s for s in run.samples if s.phase is Phase.MEASURED)
    assert all(s >= d - 1e-3 for s, d in zip(service, injected, strict=True))
