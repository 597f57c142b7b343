"""The open loop under a server that stalls 2 s of every 10: ours beside the server's own record.

The truth is what the server did to the very requests that it got. A closed loop sends one
request into each stall and reports tails that are nearly all missing: its numbers stand beside.
"""

import asyncio
import statistics
from collections.abc import Sequence

from core.measurement.latency import Subject
from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.records.budget import Unlimited
from core.probe.records.probe_plan import ClosedLoop, OpenLoop, ProbePlan
from core.probe.records.sample import Phase, Sample
from core.probe.records.schedules import Schedule
from core.probe.sending.run_probe import run_probe
from core.probe.statistics.percentiles import percentile
from tests.benchmarks.figure import Figure
from tests.benchmarks.probe.clients import TEXT, RawSocket, target
from tests.benchmarks.report import Spread, load, ratios, say, table, take_precedence
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthProcess

RUNS = 5
RATE_PER_S = 50.0
REQUESTS = 1_700
"""Of a run; all runs together hold 8,500 arrivals, and the verdict is on all of them."""
SHARES = (0.5, 0.9, 0.95, 0.99)
SOCKET_REQUESTS = 100
TIMES_SOCKET = 5.0
TAIL_LIMIT = 0.05
STALLS = Delay(median_s=0.02, stall_every_s=10, stall_for_s=2)

Times = list[float]


def one_run(schedule: Schedule, seed: int) -> tuple[Times, Times]:
    """Response times of the measured requests, s: as measured, and in truth."""
    samples: list[Sample] = []
    with GroundTruthProcess(Config(delay=STALLS)) as server:
        to = target(server.base_url)
        plan = ProbePlan(
            subject=Subject(option_id="endpoint/benchmark/m", label="benchmark", model="m"),
            target=to,
            texts=(TEXT,),
            schedule=schedule,
            in_flight_cap=1_024,
            seed=seed,
        )
        embedder = OpenAICompatible(to, None)
        asyncio.run(run_probe(plan, embedder, samples.append, Unlimited(), lambda: False))
        truth = [t.service_s for t in server.truths[plan.first_calls :]]
    return [s.response_s for s in samples if s.phase is Phase.MEASURED], truth


def percentiles(times: Times) -> list[float]:
    """At the shares of the table."""
    return [percentile(times, q) for q in SHARES]


def socket_adds_s() -> float:
    """What a blocking socket adds to an answer of the same server, without its stalls; a median."""
    with GroundTruthProcess(Config(delay=Delay(median_s=STALLS.median_s))) as server:
        plain = RawSocket(server.origin)
        asyncio.run(plain.open())
        seen_s = [plain.blocking() for _ in range(SOCKET_REQUESTS)]
        asyncio.run(plain.aclose())
        truth = [t.service_s for t in server.truths]
    return statistics.median(s - t for s, t in zip(seen_s, truth, strict=True))


def main() -> list[Figure]:
    """Run and compare; return what is off beside its budgets."""
    say(f"Client and server {take_precedence()}")
    runs, socket_s = [], []
    for seed in range(RUNS):
        socket_s.append(socket_adds_s())
        runs.append(one_run(OpenLoop(requests=REQUESTS, rate_per_s=RATE_PER_S), seed))
    closed, _ = one_run(ClosedLoop(requests=REQUESTS), 0)
    measured = percentiles([t for run, _ in runs for t in run])
    truth = percentiles([t for _, run in runs for t in run])
    n = sum(len(run) for run, _ in runs)
    table(
        f"{n:,} arrivals at {RATE_PER_S:.0f}/s through stalls, response time in ms; {load()}",
        ("", *(f"p{q * 100:.0f}" for q in SHARES)),
        [
            ("the probe, all runs", *(f"{value * 1e3:,.1f}" for value in measured)),
            ("truth of the same arrivals", *(f"{value * 1e3:,.1f}" for value in truth)),
            ("off, median (range) of the runs", *_off(runs)),
            ("closed loop, one worker", *(f"{v * 1e3:,.1f}" for v in percentiles(closed))),
        ],
    )
    say(f"A blocking socket adds {Spread.of(socket_s).text(1e3, 2)} ms to an answer")
    off_s = [abs(percentile(m, 0.5) - percentile(t, 0.5)) for m, t in runs]
    tail = max(abs(m / t - 1) for m, t in zip(measured[1:], truth[1:], strict=True))
    return [
        Figure("p50 off, against what a socket adds", ratios(off_s, socket_s), TIMES_SOCKET),
        Figure("tails off, all runs together", Spread.of([tail]), TAIL_LIMIT, "of the truth"),
    ]


def _off(runs: Sequence[tuple[Times, Times]]) -> list[str]:
    """Measured minus truth of each run, ms."""
    pairs = [(percentiles(measured), percentiles(truth)) for measured, truth in runs]
    return [
        Spread.of([m[i] - t[i] for m, t in pairs]).text(scale=1e3, digits=1)
        for i in range(len(SHARES))
    ]
