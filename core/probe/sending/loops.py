"""How a run's requests leave: each schedule by the ways of sending that it needs."""

from typing import Final

from core.measurement.report import LimitedBy
from core.probe.records.ending import EndReason
from core.probe.records.probe_plan import (
    BatchSweep,
    ClosedLoop,
    ColdStart,
    ConcurrencySweep,
    OpenLoop,
    Paired,
    Ramp,
    ServerSweep,
)
from core.probe.records.sample import Phase
from core.probe.records.timings import now_ns, to_ns
from core.probe.sending.arrivals import schedule_ns
from core.probe.sending.sender import Sender
from core.probe.sending.server_loop import sweep_server
from core.probe.sending.ways_of_sending import by_workers, on_schedule, one_call
from core.probe.statistics.steps import step_result

_END: Final[dict[LimitedBy, EndReason]] = {
    "server": EndReason.SATURATED,
    "rate_limit": EndReason.RATE_LIMIT,
    "client": EndReason.CLIENT_LIMIT,
}


async def first_calls(run: Sender) -> None:
    """The cold call and the warm-up of every target, one after another."""
    plan = run.plan
    for _ in range(plan.first_calls * len(run.parties)):
        await one_call(run)
    if plan.warm_up_requests and not all(party.answered for party in run.parties):
        run.end(EndReason.NO_ANSWER)


async def follow_schedule(run: Sender) -> None:
    """Everything after the first calls."""
    schedule = run.plan.schedule
    match schedule:
        case OpenLoop():
            await on_schedule(run, _due(run, schedule.requests, schedule.rate_per_s))
        case ClosedLoop():
            await by_workers(run, schedule.workers, schedule.requests)
        case ConcurrencySweep():
            for workers in schedule.workers:
                await by_workers(run, workers, schedule.requests)
        case BatchSweep():
            await by_workers(run, 1, schedule.sent)
        case Ramp():
            await _ramp(run, schedule)
        case ColdStart():
            await _after_gaps(run, schedule)
        case Paired():
            await on_schedule(run, _due_in_pairs(run, schedule))
        case ServerSweep():
            await sweep_server(run, schedule)


def _due(run: Sender, n: int, rate_per_s: float, step: int = 0) -> list[int]:
    """Due times on the plan's own arrivals, ns from the start of the step."""
    schedule = run.plan.schedule
    assert isinstance(schedule, OpenLoop | Ramp)  # noqa: S101  the two with such arrivals
    due = schedule_ns(n, rate_per_s, schedule.arrivals, run.plan.seed + step)
    return [int(offset) for offset in due.tolist()]


def _due_in_pairs(run: Sender, schedule: Paired) -> list[int]:
    """One time for each request; those of a pair are neighbours among them."""
    k = len(run.parties)
    due = schedule_ns(schedule.pairs * k, schedule.rate_per_s * k, schedule.arrivals, run.plan.seed)
    return [int(offset) for offset in due.tolist()]


async def _ramp(run: Sender, schedule: Ramp) -> None:
    """Rate after rate, until one is too much or the provider shows its limit."""
    for step, rate_per_s in enumerate(schedule.rates_per_s):
        run.scarce_requests_left = schedule.scarce_left(step)
        await on_schedule(run, _due(run, schedule.requests_of(step), rate_per_s, step))
        if run.ending is not None:
            return
        result = step_result(run.plan, step, [s for s in run.measured if s.step == step])
        if result.limited_by is not None:
            run.end(_END[result.limited_by])
            return


async def _after_gaps(run: Sender, schedule: ColdStart) -> None:
    """Silence, one call, then warm ones."""
    for _ in range(schedule.repeats * len(schedule.gaps_s)):
        silent_since_ns = now_ns()
        paid = run.next_paid()
        if paid is None:
            return
        assert paid.request.phase is Phase.COLD  # noqa: S101  the script says so
        gap_s = schedule.gaps_s[paid.request.step - 1]
        await run.until(silent_since_ns + to_ns(gap_s))
        if run.ending is not None:
            run.unsend(paid)
            return
        paid.request.due_ns = now_ns()
        run.launch(paid)
        await run.drain()
        await by_workers(run, 1, schedule.follow_ups)
