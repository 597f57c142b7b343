"""The open loop under a server that stalls 2 s of every 10: ours beside the server's own record.

The truth is what the server did to the very requests that it got. A closed loop sends one
request into each stall and reports tails that are nearly all missing.
"""

import asyncio

from core.measurement import Subject
from core.probe.budget import Unlimited
from core.probe.embedders.openai_compatible import OpenAICompatible
from core.probe.plan import OpenLoop, ProbePlan
from core.probe.run import run_probe
from core.probe.sample import Phase, Sample
from core.probe.statistics import percentile
from tests.benchmarks.bench_transport import TEXT, target
from tests.benchmarks.report import load, say, table, within
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthProcess

RUNS = 3
RATE_PER_S = 50.0
REQUESTS = 2_000
SHARES = (0.5, 0.9, 0.95, 0.99)
P50_LIMIT_S = 0.0015
TAIL_LIMIT = 0.05


def one_run(seed: int) -> tuple[list[float], list[float]]:
    """Percentiles of the response time, s: as measured, and in truth."""
    delay = Delay(median_s=0.02, stall_every_s=10, stall_for_s=2)
    samples: list[Sample] = []
    with GroundTruthProcess(Config(delay=delay)) as server:
        to = target(server.base_url)
        plan = ProbePlan(
            subject=Subject(option_id="endpoint/benchmark/m", label="benchmark", model="m"),
            target=to,
            texts=(TEXT,),
            schedule=OpenLoop(requests=REQUESTS, rate_per_s=RATE_PER_S),
            in_flight_cap=1_024,
            seed=seed,
        )
        embedder = OpenAICompatible(to, None)
        asyncio.run(run_probe(plan, embedder, samples.append, Unlimited(), lambda: False))
        truth = [t.service_s for t in server.truths[1 + plan.warm_up_requests :]]
    measured = [s.response_s for s in samples if s.phase is Phase.MEASURED]
    return [percentile(measured, q) for q in SHARES], [percentile(truth, q) for q in SHARES]


def main() -> bool:
    """Run and compare; return whether the budgets are kept."""
    kept = True
    for seed in range(RUNS):
        measured, truth = one_run(seed)
        table(
            f"{REQUESTS} requests at {RATE_PER_S:.0f}/s, ms; {load()}",
            ("", *(f"p{q * 100:.0f}" for q in SHARES)),
            [
                ("measured", *(f"{value * 1e3:,.1f}" for value in measured)),
                ("truth", *(f"{value * 1e3:,.1f}" for value in truth)),
            ],
        )
        off_s = abs(measured[0] - truth[0])
        tail = max(abs(m / t - 1) for m, t in zip(measured[1:], truth[1:], strict=True))
        kept = within("p50 off by, ms", off_s * 1e3, P50_LIMIT_S * 1e3) and kept
        kept = within("tails off by, share", tail, TAIL_LIMIT, digits=3) and kept
    say("")
    return kept
