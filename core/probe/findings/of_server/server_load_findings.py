"""What a server did under load: workers seen, rates, and the p95 predicted beside the measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from typing import Any

from core.measurement.server_found import ServerCell, ServerLoad, ServerLoop, ServerTimes
from core.probe.records.probe_plan import ProbePlan
from core.probe.records.sample import Sample
from core.probe.records.server_sweep import ServerSweep
from core.probe.statistics.estimates import estimate
from core.probe.statistics.of_server.server_clock import Clock
from core.probe.statistics.of_server.server_loads import (
    answered_per_s,
    brings_more,
    keeps_objective,
    most_answered_per_s,
)
from core.probe.statistics.percentiles import percentile
from core.units import NS_PER_SECOND


@dataclass(frozen=True, slots=True)
class Seen:
    """A sweep with what its batches say."""

    plan: ProbePlan
    schedule: ServerSweep
    asked: Sequence[Sample]
    cells: Sequence[ServerCell]
    times: ServerTimes | None
    clock: Clock

    def of_step(self, step: int) -> list[Sample]:
        """Its samples."""
        return [s for s in self.asked if s.step == step]


def load_fields(seen: Seen) -> dict[str, Any]:
    """Fields of a ServerFound that the loops give; none before the first of them."""
    steps = {step for step, _ in (*seen.schedule.loops, *seen.schedule.loads)}
    under_load = [s for s in seen.asked if s.step in steps]
    texts = under_load[0].texts if under_load else None
    cell = next(
        (c for c in seen.cells if (c.texts, c.tokens_asked) == (texts, seen.schedule.load_tokens)),
        None,
    )
    loops = _loops(seen)
    if cell is None or not loops:
        return {}
    most = most_answered_per_s(seen.schedule, seen.asked)
    alone_s = cell.fitted_s or cell.compute_s
    workers = most * alone_s if most and alone_s else None
    loads = _loads(seen, most, workers)
    return {
        "texts": texts,
        "tokens": cell.tokens,
        "loops": loops,
        "loads": loads,
        "full_per_s": most or None,
        "workers": workers,
        "all_workers_seen": _is_all(seen.schedule, loops),
        "kept_per_s": max((load.rate_per_s for load in loads if load.kept), default=None),
    }


def _is_all(schedule: ServerSweep, loops: Sequence[ServerLoop]) -> bool:
    """Whether the last loop that was carried out whole brought no more than those before it."""
    whole = [x.answered_per_s for x in loops if x.n == x.workers * schedule.rounds]
    return bool(whole) and not brings_more(whole)


def _loops(seen: Seen) -> tuple[ServerLoop, ...]:
    loops = []
    for workers, (step, _) in zip(seen.schedule.workers, seen.schedule.loops, strict=True):
        if samples := seen.of_step(step):
            loops.append(
                ServerLoop(
                    workers=workers,
                    n=len(samples),
                    n_ok=sum(s.ok for s in samples),
                    answered_per_s=answered_per_s(samples),
                    response_p95=estimate([s.response_s for s in samples], 0.95),
                )
            )
    return tuple(loops)


def _loads(seen: Seen, most: float, workers: float | None) -> tuple[ServerLoad, ...]:
    loads = []
    for step, share in seen.schedule.loads:
        if samples := seen.of_step(step):
            times = [s.response_s for s in samples]
            whole = len(samples) == seen.schedule.load_requests
            predicted = _predicted_s(samples, most, workers, seen.clock.network_s or 0.0)
            loads.append(
                ServerLoad(
                    share=share,
                    rate_per_s=share * most,
                    n=len(samples),
                    n_ok=sum(s.ok for s in samples),
                    response_p50=estimate(times, 0.5),
                    response_p95=estimate(times, 0.95),
                    predicted_p50_s=percentile(predicted, 0.5) if predicted else None,
                    predicted_p95_s=percentile(predicted, 0.95) if predicted else None,
                    kept=whole and keeps_objective(seen.plan, samples),
                    whole=whole,
                )
            )
    return tuple(loads)


def _predicted_s(
    samples: Sequence[Sample], most: float, workers: float | None, network_s: float
) -> list[float]:
    """Responses of so many workers, first come first served, to the very arrivals of a run, s.

    The work of each request is what the most that came out leaves to a worker, so that nothing of
    this run's own times is in it (Kiefer and Wolfowitz 1955, the queue GI/G/c).
    """
    if not workers or not most:
        return []
    count = max(1, round(workers))
    service_s = count / most
    free = [0.0] * count
    heapify(free)
    responses = []
    for due_s in sorted(s.intended_ns / NS_PER_SECOND for s in samples):
        ends_s = max(due_s, free[0]) + service_s
        heapreplace(free, ends_s)
        responses.append(ends_s - due_s + network_s)
    return responses
