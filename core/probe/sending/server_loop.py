"""Carries a sweep of a server out: each step as long as it may say something new."""

from collections.abc import Callable, Sequence
from typing import Final

from core.probe.records.ending import EndReason
from core.probe.records.sample import Sample
from core.probe.records.server_sweep import ServerSweep
from core.probe.sending.arrivals import schedule_ns
from core.probe.sending.script import Cut
from core.probe.sending.sender import Sender
from core.probe.sending.ways_of_sending import by_workers, on_schedule, one_call
from core.probe.statistics.of_server.between_limits import (
    Between,
    refused_for_size,
    texts_between,
    tokens_between,
)
from core.probe.statistics.of_server.server_limits import outgrown
from core.probe.statistics.of_server.server_loads import (
    answered_per_s,
    keeps_objective,
    may_bring_more,
    most_answered_per_s,
    texts_under_load,
)
from core.units import CHARACTERS_PER_TOKEN

SILENCE: Final = 3
"""So many requests one after another without an answer: nobody is there any more."""


async def sweep_server(run: Sender, schedule: ServerSweep) -> None:
    """Batches one at a time, limits, closed loops, then open loops at shares of what came out."""
    run.scarce_requests_left = 0
    for step in schedule.cell_order(run.plan.seed):
        await _cell(run, schedule, step)
        if run.ending is not None:
            return
    await _searches(run, schedule)
    if run.ending is not None:
        return
    texts = texts_under_load(run.plan, run.measured)
    if texts is None:
        run.end(EndReason.SILENT)
        return
    await _loops(run, schedule, texts)
    await _loads(run, schedule, texts)


async def _cell(run: Sender, schedule: ServerSweep, step: int) -> None:
    """One request of a size and length, unless a smaller one was too much already."""
    if outgrown(schedule, run.measured, step):
        run.skip()
        return
    await one_call(run)
    _notice_silence(run)


def _notice_silence(run: Sender) -> None:
    last = run.measured[-SILENCE:]
    if len(last) == SILENCE and not any(one.ok or refused_for_size(one) for one in last):
        run.end(EndReason.SILENT)


async def _searches(run: Sender, schedule: ServerSweep) -> None:
    """The most texts that are taken, and the longest text, where some were refused."""
    of_texts, of_tokens = schedule.searches
    await _search(
        run, schedule, of_texts.requests, texts_between, lambda most: Cut(most_texts=most)
    )
    await _search(
        run,
        schedule,
        of_tokens.requests,
        tokens_between,
        lambda most: Cut(characters=CHARACTERS_PER_TOKEN * most),
    )


async def _search(
    run: Sender,
    schedule: ServerSweep,
    requests: int,
    find: Callable[[ServerSweep, Sequence[Sample]], Between | None],
    cut_to: Callable[[int], Cut],
) -> None:
    """Halve what is open, in so many requests at most; one that fails otherwise is asked again."""
    for sent in range(requests):
        open_at = find(schedule, run.measured)
        if open_at is None or open_at.exact:
            run.skip(requests - sent)
            return
        await one_call(run, cut_to(open_at.middle))
        _notice_silence(run)
        if run.ending is not None:
            return


async def _loops(run: Sender, schedule: ServerSweep, texts: int) -> None:
    """More and more workers, until more of them bring no more."""
    rates: list[float] = []
    for workers, (step, requests) in zip(schedule.workers, schedule.loops, strict=True):
        if rates and not may_bring_more(rates):
            run.skip(requests)
            continue
        await by_workers(run, workers, requests, Cut(most_texts=texts))
        samples = _of_step(run, step)
        if run.ending is None and not any(sample.ok for sample in samples):
            run.end(EndReason.SILENT)
        rates.append(answered_per_s(samples))


async def _loads(run: Sender, schedule: ServerSweep, texts: int) -> None:
    """Rising rates, until the objective is missed or the server falls behind."""
    most_per_s = most_answered_per_s(schedule, run.measured)
    goes_on = most_per_s > 0
    for step, share in schedule.loads:
        if not goes_on:
            run.skip(schedule.load_requests)
            continue
        due = schedule_ns(
            schedule.load_requests, share * most_per_s, "poisson", run.plan.seed + step
        )
        await on_schedule(run, [int(offset) for offset in due.tolist()], Cut(texts))
        goes_on = run.ending is None and keeps_objective(run.plan, _of_step(run, step))


def _of_step(run: Sender, step: int) -> list[Sample]:
    return [sample for sample in run.measured if sample.step == step]
