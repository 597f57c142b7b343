"""Every request of a plan in its order: phase, step, target and texts, known before the start."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

import numpy as np

from core.probe.records.probe_plan import (
    BatchSweep,
    ColdStart,
    ConcurrencySweep,
    Paired,
    ProbePlan,
    Ramp,
    ServerSweep,
)
from core.probe.records.sample import Phase
from core.probe.sending.text_stream import (
    TAIL_CHARACTERS,
    Part,
    is_new_each_time,
    parts_of,
    repeated_place,
)
from core.units import CHARACTERS_PER_TOKEN

Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One request that is planned."""

    phase: Phase
    parts: Parts
    step: int = 0
    target: int = 0

    @property
    def texts(self) -> tuple[str, ...]:
        """As they are sent."""
        return tuple(text + tail for text, tail in self.parts)

    def cut_to(self, cut: "Cut") -> "Call":
        """The same request with its first texts alone, none of them longer."""
        parts = self.parts[: cut.most_texts]
        if cut.characters is not None:
            parts = tuple(_fitted(part, cut.characters) for part in parts)
        return replace(self, parts=parts)


@dataclass(frozen=True, slots=True)
class Cut:
    """How much of a planned request is sent, where the plan has an upper bound."""

    most_texts: int | None = None
    """None: all of them."""
    characters: int | None = None
    """Of each text, no more than it has; None: as they are."""


WHOLE: Final = Cut()


def script(plan: ProbePlan) -> Iterator[Call]:
    """All requests: the first calls of each target, then those of the schedule."""
    texts = parts_of(plan)
    for i in range(plan.first_calls):
        taken = _take(texts, plan)
        for target in range(len(plan.targets)):
            yield Call(Phase.WARM_UP if i else Phase.COLD, taken, target=target)
    yield from _scheduled(plan, texts)


def _scheduled(plan: ProbePlan, texts: Iterator[Part]) -> Iterator[Call]:
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
        case ServerSweep():
            yield from _of_server(schedule, plan, texts)
        case _:
            for taken in _with_repeats(schedule.sent, plan, texts):
                yield Call(Phase.MEASURED, taken)


def _measured(n: int, plan: ProbePlan, texts: Iterator[Part], step: int) -> Iterator[Call]:
    for _ in range(n):
        yield Call(Phase.MEASURED, _take(texts, plan), step)


def _with_repeats(n: int, plan: ProbePlan, texts: Iterator[Part]) -> Iterator[Parts]:
    """The texts of requests that are alike, a few of which repeat one from before."""
    before: dict[int, Parts] = {}
    again = {repeated_place(place) for place in range(n)} if is_new_each_time(plan) else set()
    for place in range(n):
        source = repeated_place(place) if again else None
        taken = _take(texts, plan) if source is None else _once_more(before.pop(source), texts)
        if place in again:
            before[place] = taken
        yield taken


def _once_more(parts: Parts, texts: Iterator[Part]) -> Parts:
    """The same text; of several all but the first, and a new one.

    In other company and at other places it shows vectors that were exchanged, too.
    """
    return parts if len(parts) == 1 else (*parts[1:], next(texts))


def _batches(schedule: BatchSweep, plan: ProbePlan, texts: Iterator[Part]) -> Iterator[Call]:
    """Every size and length once a round, in random order: drift meets all of them alike.

    Which texts a size gets does not depend on the order, so neither does what it may cost.
    """
    order = np.random.default_rng(plan.seed)
    for _ in range(schedule.repeats):
        calls = [_batch(texts, step, *cell) for step, cell in enumerate(schedule.cells)]
        yield from (calls[step] for step in order.permutation(len(calls)).tolist())


def _batch(texts: Iterator[Part], step: int, size: int, length: int | None) -> Call:
    taken = tuple(islice(texts, size))
    fitted = taken if length is None else tuple(_fitted(part, length) for part in taken)
    return Call(Phase.MEASURED, fitted, step)


def _fitted(part: Part, characters: int) -> Part:
    """A text of so many characters, its tail among them where there is room for both."""
    text, tail = part
    if characters < 2 * TAIL_CHARACTERS:
        return fitted_text(text, characters), ""
    return fitted_text(text, characters - len(tail)), tail


def _of_server(schedule: ServerSweep, plan: ProbePlan, texts: Iterator[Part]) -> Iterator[Call]:
    """Every size and length, then searches and loops with requests of the largest: an upper bound.

    What is sent of them is known only on the way; a smaller request takes the first texts, or the
    begin of each.
    """
    for step in schedule.cell_order(plan.seed):
        size, tokens = schedule.cells[step]
        yield _batch(texts, step, size, CHARACTERS_PER_TOKEN * tokens)
    for search in schedule.searches:
        for _ in range(search.requests):
            characters = CHARACTERS_PER_TOKEN * search.tokens
            yield _batch(texts, search.step, search.texts, characters)
    length = CHARACTERS_PER_TOKEN * schedule.load_tokens
    loads = ((step, schedule.load_requests) for step, _ in schedule.loads)
    for step, requests in (*schedule.loops, *loads):
        for _ in range(requests):
            yield _batch(texts, step, schedule.sizes[-1], length)


def _after_gaps(schedule: ColdStart, plan: ProbePlan, texts: Iterator[Part]) -> Iterator[Call]:
    """Each gap once a round, in random order. Step 0 is before any gap, step i + 1 after gap i."""
    order = np.random.default_rng(plan.seed)
    for _ in range(schedule.repeats):
        for gap in order.permutation(len(schedule.gaps_s)).tolist():
            yield Call(Phase.COLD, _take(texts, plan), gap + 1)
            yield from _measured(schedule.follow_ups, plan, texts, gap + 1)


def _pairs(schedule: Paired, plan: ProbePlan, texts: Iterator[Part]) -> Iterator[Call]:
    """The same texts to every target, in an order drawn for each pair anew."""
    order = np.random.default_rng(plan.seed)
    for pair, taken in enumerate(_with_repeats(schedule.pairs, plan, texts)):
        for target in order.permutation(len(plan.targets)).tolist():
            yield Call(Phase.MEASURED, taken, pair, target)


def fitted_text(text: str, characters: int) -> str:
    """The text cut, or said again and again, until it has so many characters."""
    repeated = (text + " ") * (characters // (len(text) + 1) + 1)
    cut = repeated[:characters]
    # What was cut after a blank would be shorter once a tokenizer trims it.
    return cut if cut.strip() == cut else cut.strip().ljust(characters, ".")


def _take(texts: Iterator[Part], plan: ProbePlan) -> Parts:
    return tuple(islice(texts, plan.texts_per_request))
