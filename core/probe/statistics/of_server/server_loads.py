"""How much a server answers at once: what came out of more workers, and within the objective."""

import math
from collections.abc import Sequence
from statistics import median
from typing import Final

from core.measurement.seen_load import ROOM_TO_WAIT
from core.probe.records.probe_plan import ProbePlan
from core.probe.records.sample import Sample
from core.probe.records.server_sweep import ServerSweep
from core.probe.statistics.of_server.server_clock import clock_of
from core.probe.statistics.percentiles import percentile
from core.units import NS_PER_SECOND

NEARLY_BEST: Final = 1.05
"""A size whose time a text is within this of the least is as good."""
MORE: Final = 1.1
"""More workers that bring less than a tenth more bring no more."""
SURE_AFTER: Final = 3
"""Numbers of workers: of fewer there are not two that could have brought more."""
BEHIND: Final = 1.25
"""A server that takes this many times as long as its requests came in falls behind."""
LEVEL: Final = 0.95
HALF: Final = 0.5


def texts_under_load(plan: ProbePlan, samples: Sequence[Sample]) -> int | None:
    """Texts of the requests of the loops: the best batch within the objective.

    Of the sizes at that length whose lone request takes half of the objective at most, the smallest
    that takes the server nearly the least for a text; the quickest request where none is quick
    enough. None where none was answered.
    """
    schedule = plan.schedule
    assert isinstance(schedule, ServerSweep)  # noqa: S101  whoever calls has looked
    batches = [s for s in samples if s.step < len(schedule.cells)]
    clock = clock_of(samples, batches)
    by_size: dict[int, list[float]] = {}
    for sample in batches:
        size, length = schedule.cells[sample.step]
        if sample.ok and length == schedule.load_tokens:
            by_size.setdefault(size, []).append(clock.compute_s(sample))
    times = {size: median(seconds) for size, seconds in by_size.items()}
    if not times:
        return None
    limit_s = math.inf if plan.slo_s is None else ROOM_TO_WAIT * plan.slo_s
    quick = {size: took for size, took in times.items() if took <= limit_s}
    if not quick:
        return min(times, key=times.__getitem__)
    least = min(took / size for size, took in quick.items())
    return min(size for size, took in quick.items() if took / size <= NEARLY_BEST * least)


def answered_per_s(samples: Sequence[Sample]) -> float:
    """Answers a second of a closed loop, from the first sending to the last answer; 0: none."""
    ends = [s.completed_ns for s in samples if s.ok and s.completed_ns is not None]
    begins = [s.sent_ns for s in samples if s.sent_ns is not None]
    took_s = (max(ends) - min(begins)) / NS_PER_SECOND if ends and begins else 0.0
    return len(ends) / took_s if took_s > 0 else 0.0


def brings_more(rates: Sequence[float]) -> bool:
    """Whether the last number of workers brought clearly more than any before it."""
    return len(rates) == 1 or rates[-1] > MORE * max(rates[:-1])


def may_bring_more(rates: Sequence[float]) -> bool:
    """Whether more workers are worth a try: not after two numbers of them that brought no more.

    One may have met a moment at which this computer, or the server, stood still.
    """
    return brings_more(rates) or len(rates) < SURE_AFTER or brings_more(rates[:-1])


def most_answered_per_s(schedule: ServerSweep, samples: Sequence[Sample]) -> float:
    """The most answers a second of any closed loop that was carried out whole; 0: of none."""
    by_step = ([s for s in samples if s.step == step] for step, _ in schedule.loops)
    whole = (
        answered_per_s(part)
        for part, (_, requests) in zip(by_step, schedule.loops, strict=True)
        if sum(s.asked for s in part) == requests
    )
    return max(whole, default=0.0)


def keeps_objective(plan: ProbePlan, samples: Sequence[Sample]) -> bool:
    """Whether a rate was answered within the objective, and as fast as it came in."""
    if not samples or not all(sample.ok for sample in samples):
        return False
    if plan.slo_s is not None and percentile([s.response_s for s in samples], LEVEL) > plan.slo_s:
        return False
    due = [s.intended_ns for s in samples]
    ends = [s.completed_ns or 0 for s in samples]
    alone_ns = min(s.service_s for s in samples) * NS_PER_SECOND
    return max(ends) - min(due) <= BEHIND * (max(due) - min(due)) + BEHIND * alone_ns


def at_half(schedule: ServerSweep, samples: Sequence[Sample]) -> list[Sample]:
    """The samples that stand for the server's latency: of the open loop nearest to half load.

    Before there is one, those of the smallest requests, as of a sweep of batches.
    """
    sent = {s.step for s in samples}
    loads = [(abs(share - HALF), step) for step, share in schedule.loads if step in sent]
    step = min(loads)[1] if loads else 0
    return [s for s in samples if s.step == step]
