"""Every request of a plan in its order: phase, step, target and texts, known before the start."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

import numpy as np

from core.probe.records.probe_plan import (
    BatchSweep,
    ColdStart,
    ConcurrencySweep,
    Paired,
    ProbePlan,
    Ramp,
)
from core.probe.records.sample import Phase


@dataclass(frozen=True, slots=True)
class Call:
    """One request that is planned."""

    phase: Phase
    texts: tuple[str, ...]
    step: int = 0
    target: int = 0


def script(plan: ProbePlan) -> Iterator[Call]:
    """All requests: the first calls of each target, then those of the schedule."""
    texts = cycle(plan.texts)
    for i in range(plan.first_calls):
        taken = _take(texts, plan)
        for target in range(len(plan.targets)):
            yield Call(Phase.WARM_UP if i else Phase.COLD, taken, target=target)
    yield from _scheduled(plan, texts)


def _scheduled(plan: ProbePlan, texts: Iterator[str]) -> Iterator[Call]:
    schedule = plan.schedule
    match schedule:
        case BatchSweep():
            yield from _batches(schedule, plan, texts)
        case ColdStart():
            yield from _after_gaps(schedule, plan, texts)
        case Paired():
            yield from _pairs(schedule, plan, texts)
        case ConcurrencySweep():
            for step in range(len(schedule.workers)):
                yield from _measured(schedule.requests, plan, texts, step)
        case Ramp():
            for step in range(len(schedule.rates_per_s)):
                yield from _measured(schedule.requests_of(step), plan, texts, step)
        case _:
            yield from _measured(schedule.sent, plan, texts)


def _measured(n: int, plan: ProbePlan, texts: Iterator[str], step: int = 0) -> Iterator[Call]:
    for _ in range(n):
        yield Call(Phase.MEASURED, _take(texts, plan), step)


def _batches(schedule: BatchSweep, plan: ProbePlan, texts: Iterator[str]) -> Iterator[Call]:
    """Every size and length once a round, in random order: drift meets all of them alike.

    Which texts a size gets does not depend on the order, so neither does what it may cost.
    """
    order = np.random.default_rng(plan.seed)
    for _ in range(schedule.repeats):
        calls = [_batch(texts, step, *cell) for step, cell in enumerate(schedule.cells)]
        yield from (calls[step] for step in order.permutation(len(calls)).tolist())


def _batch(texts: Iterator[str], step: int, size: int, length: int | None) -> Call:
    taken = tuple(islice(texts, size))
    fitted = taken if length is None else tuple(fitted_text(t, length) for t in taken)
    return Call(Phase.MEASURED, fitted, step)


def _after_gaps(schedule: ColdStart, plan: ProbePlan, texts: Iterator[str]) -> Iterator[Call]:
    """Each gap once a round, in random order. Step 0 is before any gap, step i + 1 after gap i."""
    order = np.random.default_rng(plan.seed)
    for _ in range(schedule.repeats):
        for gap in order.permutation(len(schedule.gaps_s)).tolist():
            yield Call(Phase.COLD, _take(texts, plan), gap + 1)
            yield from _measured(schedule.follow_ups, plan, texts, gap + 1)


def _pairs(schedule: Paired, plan: ProbePlan, texts: Iterator[str]) -> Iterator[Call]:
    """The same texts to every target, in an order drawn for each pair anew."""
    order = np.random.default_rng(plan.seed)
    for pair in range(schedule.pairs):
        taken = _take(texts, plan)
        for target in order.permutation(len(plan.targets)).tolist():
            yield Call(Phase.MEASURED, taken, pair, target)


def fitted_text(text: str, characters: int) -> str:
    """The text cut, or said again and again, until it has so many characters."""
    repeated = (text + " ") * (characters // (len(text) + 1) + 1)
    cut = repeated[:characters]
    # What was cut after a blank would be shorter once a tokenizer trims it.
    return cut if cut.strip() == cut else cut.strip().ljust(characters, ".")


def _take(texts: Iterator[str], plan: ProbePlan) -> tuple[str, ...]:
    return tuple(islice(texts, plan.texts_per_request))
