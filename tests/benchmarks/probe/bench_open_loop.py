"""The open loop under a server that stalls 2 s of every 10: ours beside the server's own record.

The truth is what the server did to the very requests that it got. A closed loop sends one
request into each stall and reports tails that are nearly all missing: its numbers stand beside.
"""

import asyncio
from collections.abc import Sequence

from core.measurement.latency import Subject
from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.records.budget import Unlimited
from core.probe.records.probe_plan import ClosedLoop, OpenLoop, ProbePlan
from core.probe.records.sample import Phase, Sample
from core.probe.records.schedules import Schedule
from core.probe.sending.run_probe import run_probe
from core.probe.statistics.percentiles import percentile
from tests.benchmarks.probe.clients import TEXT, target
from tests.benchmarks.report import Spread, load, say, table, take_precedence, within
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthProcess

RUNS = 5
RATE_PER_S = 50.0
REQUESTS = 1_700
"""Of a run; all runs together hold 8,500 arrivals, and the verdict is on all of them."""
SHARES = (0.5, 0.9, 0.95, 0.99)
P50_LIMIT_S = 0.0015
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


def main() -> bool:
    """Run and compare; return whether the budgets are kept."""
    say(f"Client and server {take_precedence()}")
    runs = [
        one_run(OpenLoop(requests=REQUESTS, rate_per_s=RATE_PER_S), seed) for seed in range(RUNS)
    ]
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
    off_s = abs(measured[0] - truth[0])
    tail = max(abs(m / t - 1) for m, t in zip(measured[1:], truth[1:], strict=True))
    kept = within("p50 off by, ms", off_s * 1e3, P50_LIMIT_S * 1e3)
    kept = within("tails off by, share", tail, TAIL_LIMIT, digits=3) and kept
    say("")
    return kept


def _off(runs: Sequence[tuple[Times, Times]]) -> list[str]:
    """Measured minus truth of each run, ms."""
    pairs = [(percentiles(measured), percentiles(truth)) for measured, truth in runs]
    return [
        Spread.of([m[i] - t[i] for m, t in pairs]).text(scale=1e3, digits=1)
        for i in range(len(SHARES))
    ]
