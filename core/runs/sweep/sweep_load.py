"""The queue with a measured fit, held against a real open loop at the same rate."""

import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.engines.local import Engine
from core.engines.measuring.timing import text_of
from core.errors import RunError
from core.measurement.latency import LatencySummary, Subject
from core.measurement.sweep import CapacityFound, LoadCheck
from core.probe.embedders.wrapped.batching import BatchingEmbedder
from core.probe.findings.summary import summarise
from core.probe.records.budget import Unlimited
from core.probe.records.probe_plan import LocalTarget, OpenLoop, ProbePlan
from core.probe.records.sample import Sample
from core.probe.sending.run_probe import run_probe
from core.runs.sweep.sweep_question import SweepQuestion
from core.serving.batch.batch_fit import BatchTiming
from core.serving.batch.batch_noise import Floats, noise_factors, noisy_batch_s
from core.serving.batch.batch_time import BatchTime
from core.serving.queue.batch_queue import solve
from core.serving.response.slo_capacity import Feasible, capacity_exact

TIMEOUT_S: Final = 120.0
IN_FLIGHT: Final = 1_024
HIGHEST_LOAD: Final = 0.95
"""Above this share of full throughput a queue answers to every percent of a batch time."""
MOST_REQUESTS_PER_S: Final = 200.0
"""Requests that this process sends on schedule while its engine works: each takes it some 0.3 ms,
which are then not the engine's."""
BISECTIONS: Final = 12
"""The capacity is right within a 4,000th of full throughput, far below the error of the fit."""


@dataclass(frozen=True, slots=True)
class Server:
    """One replica as the queue sees it, and what it would serve."""

    question: SweepQuestion
    batch_time: BatchTime
    tokens_per_text: int
    batch_s: Floats
    factors: tuple[float, ...]


def server_of(
    batch_time: BatchTime, factors: Sequence[float], question: SweepQuestion, engine: Engine
) -> Server:
    """The replica that this fit describes, for texts of the asked length."""
    wanted = min(question.tokens_per_text, engine.info.max_tokens)
    tokens = engine.count_tokens([text_of(engine, wanted)])
    batch_s = noisy_batch_s(batch_time, tokens, question.largest_batch, factors)
    return Server(question, batch_time, tokens, batch_s, tuple(factors))


def capacity_found(server: Server) -> CapacityFound:
    """The largest rate within the objective, from the queue solved exactly; takes seconds."""
    question = server.question
    capacity = capacity_exact(
        server.batch_s, question.slo_p95_s, highest_load=HIGHEST_LOAD, bisections=BISECTIONS
    )
    full = len(server.batch_s) / float(server.batch_s[-1].mean())
    if isinstance(capacity, Feasible):
        rate: float | None = capacity.rate_per_s
        explanation = (
            f"{capacity.rate_per_s:,.1f} texts/s of {server.tokens_per_text} tokens within "
            f"{question.slo_p95_s:g} s at p95: {capacity.load:.0%} of the throughput of full "
            "batches."
        )
        if capacity.load >= HIGHEST_LOAD:
            explanation += " The objective would allow more; nobody should plan for it."
    else:
        rate, explanation = None, capacity.reason
    return CapacityFound(
        tokens_per_text=server.tokens_per_text,
        largest_batch=question.largest_batch,
        slo_p95_s=question.slo_p95_s,
        texts_per_s=rate,
        full_texts_per_s=full,
        explanation=explanation,
        noise_factors=server.factors,
    )


def check_load(
    engine: Engine,
    server: Server,
    capacity: CapacityFound,
    share: float,
    sink: Callable[[Sample], None],
    cancelled: Callable[[], bool],
) -> LoadCheck:
    """Predict the latencies at a share of the capacity, then measure them.

    The server runs in this process, greedy as the queue assumes; requests come on an absolute
    schedule, and each counts from its intended start. Raises RunError where nothing was answered.
    """
    rate = share * (capacity.texts_per_s or capacity.full_texts_per_s)
    load = Load(rate, texts_per_request(rate, server.question.largest_batch))
    predicted = solve(load.requests_per_s, load.of(server.batch_s))
    if predicted is None:
        raise RunError(f"At {rate:.1f} texts/s the queue never settles.")
    summary, batches = _measured(engine, server, load, sink, cancelled)
    seconds = np.array([took for _, took in batches])
    fitted = np.array([server.batch_time.seconds(n, server.tokens_per_text) for n, _ in batches])
    return LoadCheck(
        share=share,
        rate_per_s=rate,
        texts_per_request=load.texts_per_request,
        predicted_p50_s=predicted.response.p50_s,
        predicted_p95_s=predicted.response.p95_s,
        predicted_mean_batch=predicted.mean_batch * load.texts_per_request,
        measured=summary,
        measured_mean_batch=float(np.mean([n for n, _ in batches])),
        slowdown=float(seconds.sum() / fitted.sum()),
        own_times_p95_s=_own_times_p95_s(server, load, batches),
    )


@dataclass(frozen=True, slots=True)
class Load:
    """Texts that come in requests of some texts each."""

    texts_per_s: float
    texts_per_request: int

    @property
    def requests_per_s(self) -> float:
        """Requests, each with its texts."""
        return self.texts_per_s / self.texts_per_request

    def of(self, batch_s: Floats) -> Floats:
        """Times of batches of 1, 2, ... requests, from those of 1, 2, ... texts."""
        size = self.texts_per_request
        return batch_s[size - 1 :: size]


def texts_per_request(texts_per_s: float, largest_batch: int) -> int:
    """Texts of a request, so that requests come no faster than they can be sent on schedule.

    A computer that answers thousands of texts a second cannot send them one by one in the same
    process: the latencies would be those of the sender. No request is larger than a batch.
    """
    return min(largest_batch, max(1, math.ceil(texts_per_s / MOST_REQUESTS_PER_S)))


def _own_times_p95_s(
    server: Server, load: Load, batches: Sequence[tuple[int, float]]
) -> float | None:
    """p95 of the queue with the noise that the run itself had."""
    tokens = server.tokens_per_text
    timings = [BatchTiming(texts, tokens, (took,)) for texts, took in batches]
    factors = noise_factors(timings, server.batch_time)
    largest = server.question.largest_batch
    batch_s = noisy_batch_s(server.batch_time, tokens, largest, factors)
    solved = solve(load.requests_per_s, load.of(batch_s))
    return None if solved is None else solved.response.p95_s


def _measured(
    engine: Engine,
    server: Server,
    load: Load,
    sink: Callable[[Sample], None],
    cancelled: Callable[[], bool],
) -> tuple[LatencySummary, list[tuple[int, float]]]:
    plan = ProbePlan(
        subject=Subject(option_id="sweep", label="sweep", model=engine.info.model),
        target=LocalTarget(),
        texts=(text_of(engine, server.tokens_per_text),),
        schedule=OpenLoop(requests=server.question.requests, rate_per_s=load.requests_per_s),
        texts_per_request=load.texts_per_request,
        seed=server.question.seed,
        in_flight_cap=IN_FLIGHT,
        timeout_s=TIMEOUT_S,
    )
    engine.warm_up(plan.texts[0], server.question.largest_batch)
    embedder = BatchingEmbedder(engine, server.question.largest_batch, server.tokens_per_text)
    samples: list[Sample] = []

    def keep(sample: Sample) -> None:
        samples.append(sample)
        sink(sample)

    asyncio.run(run_probe(plan, embedder, keep, Unlimited(), cancelled))
    alone = 1 + plan.warm_up_requests
    batches = embedder.batches[alone:]
    if not batches:
        raise RunError(f"No request at {load.texts_per_s:.1f} texts/s was answered.")
    return summarise(plan, samples), batches
