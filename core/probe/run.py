"""Carries a plan out: a cold call, warm-up calls, then the open loop on its absolute schedule.

Every planned request ends as exactly one sample, handed to ``sink`` when it ends: answered,
failed, refused, or not sent because the run ended before it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice
from sys import platform
from typing import Final

from core.errors import BreakevenError
from core.probe.arrivals import schedule_ns
from core.probe.budget import Budget, tokens_to_settle
from core.probe.check import AnswerCheck, plausible_tokens
from core.probe.embedders.base import Embedder, Fault
from core.probe.ending import Ending, EndReason
from core.probe.plan import LocalTarget, ProbePlan
from core.probe.recorder import Recorder, Request
from core.probe.sample import Outcome, Phase, Sample
from core.probe.timings import now_ns, to_ns
from core.units import NS_PER_SECOND

POLL_S: Final = 0.05
"""How often a waiting run asks whether it was cancelled."""

WAKE_EARLY_NS: Final = to_ns(0.016 if platform == "win32" else 0.0015)
"""A sleep may end this late, so it aims this much earlier; the rest is spent yielding."""

LEAD_IN_NS: Final = to_ns(0.02)
"""Between the last warm-up answer and the start of the schedule."""


async def run_probe(
    plan: ProbePlan,
    embedder: Embedder,
    sink: Callable[[Sample], None],
    budget: Budget,
    cancelled: Callable[[], bool],
) -> Ending:
    """Carry out ``plan`` against ``embedder``, which is opened and closed here.

    ``sink`` gets each sample once, in the order in which they end. ``cancelled`` is asked about
    20 times a second. Raises EgressError or EngineError where nothing can be sent at all, and
    whatever ``sink``, ``budget`` or ``cancelled`` raise.
    """
    run = _Run(plan, embedder, Recorder(sink), budget, cancelled)
    try:
        await embedder.open()
        return await run.carry_out()
    finally:
        await run.drop_in_flight()
        await embedder.aclose()


@dataclass(slots=True)
class _Paid:
    """A request with the money set aside for it."""

    request: Request
    reservation: object


class _Run:
    """The state of one run."""

    def __init__(
        self,
        plan: ProbePlan,
        embedder: Embedder,
        recorder: Recorder,
        budget: Budget,
        cancelled: Callable[[], bool],
    ) -> None:
        self._plan = plan
        self._embedder = embedder
        self._recorder = recorder
        self._budget = budget
        self._cancelled = cancelled
        self._check = _answer_check(plan)
        self._texts = cycle(plan.texts)
        self._in_flight: set[asyncio.Task[None]] = set()
        self._ending: Ending | None = None
        self._error: BaseException | None = None
        self._next_seq = self._next_poll_ns = 0
        self._any_answer = False

    async def carry_out(self) -> Ending:
        """All phases, then one sample for each request that was not sent."""
        for _ in range(1 + self._plan.warm_up_requests):
            await self._call_and_wait()
        if self._plan.warm_up_requests and not self._any_answer:
            self._end(EndReason.NO_ANSWER)
        await self._open_loop()
        await self._drain()
        ending = self._ending or Ending(EndReason.COMPLETED)
        self._record_unsent(ending)
        return ending

    async def drop_in_flight(self) -> None:
        """Cancel what is still on its way; each request records itself."""
        if not self._in_flight:
            return
        await asyncio.sleep(0)  # a task cancelled before its first step would record nothing
        for task in self._in_flight:
            task.cancel()
        if self._in_flight:
            await asyncio.wait(self._in_flight)

    async def _call_and_wait(self) -> None:
        """One call of the cold start or the warm-up."""
        self._poll()
        paid = self._next_request()
        if paid is not None:
            paid.request.due_ns = now_ns()
            self._launch(paid)
            await self._drain()

    async def _open_loop(self) -> None:
        """Send on the schedule, whatever becomes of the requests before."""
        plan = self._plan
        begin_ns = now_ns() + LEAD_IN_NS
        schedule = schedule_ns(plan.requests, plan.rate_per_s, plan.arrivals, plan.seed)
        for offset_ns in schedule.tolist():
            paid = self._next_request()
            if paid is None:
                return
            paid.request.due_ns = begin_ns + offset_ns
            await self._until(paid.request.due_ns)
            if self._ending is not None:
                self._unsend(paid)
                return
            if len(self._in_flight) < plan.in_flight_cap:
                self._launch(paid)
            else:
                self._refuse(paid)

    async def _until(self, due_ns: int) -> None:
        """Wait for a moment, precisely, or for the end of the run."""
        while self._ending is None and (left_ns := due_ns - WAKE_EARLY_NS - now_ns()) > 0:
            await asyncio.sleep(min(left_ns / NS_PER_SECOND, POLL_S))
            self._poll()
        while True:
            await asyncio.sleep(0)  # at least once: a late schedule must not starve the answers
            self._poll()
            if self._ending is not None or now_ns() >= due_ns:
                return

    async def _drain(self) -> None:
        """Wait for everything in flight, unless the run ended in a way that drops it."""
        while self._in_flight and not self._dropping:
            await asyncio.wait(self._in_flight, timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED)
            self._poll()
        await self.drop_in_flight()
        self._poll()

    def _poll(self) -> None:
        """Notice a cancellation, and an error that a task ran into."""
        if self._error is not None:
            raise self._error
        if not self._dropping and now_ns() >= self._next_poll_ns:
            self._next_poll_ns = now_ns() + to_ns(POLL_S)
            if self._cancelled():
                self._end(EndReason.CANCELLED)

    @property
    def _dropping(self) -> bool:
        return self._ending is not None and self._ending.drops_in_flight

    def _end(self, reason: EndReason) -> None:
        """Send nothing more. The first reason stands, unless a graver one drops what is left."""
        ending = Ending(reason)
        if self._ending is None or (ending.drops_in_flight and not self._dropping):
            self._ending = ending

    def _next_request(self) -> _Paid | None:
        """The next request with its money set aside; None where the run has ended."""
        if self._ending is not None:
            return None
        texts = tuple(islice(self._texts, self._plan.texts_per_request))
        reservation = self._budget.reserve(texts)
        if reservation is None:
            self._end(EndReason.OVER_BUDGET)
            return None
        request = Request(self._next_seq, self._phase(self._next_seq), now_ns(), texts)
        self._next_seq += 1
        return _Paid(request, reservation)

    def _phase(self, seq: int) -> Phase:
        if seq == 0:
            return Phase.COLD
        return Phase.WARM_UP if seq <= self._plan.warm_up_requests else Phase.MEASURED

    def _launch(self, paid: _Paid) -> None:
        task = asyncio.create_task(self._send(paid))
        self._in_flight.add(task)
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        if not task.cancelled() and self._error is None:
            self._error = task.exception()

    async def _send(self, paid: _Paid) -> None:
        """One request from sending to its sample."""
        request = paid.request
        try:
            await self._ask(request)
        except Fault as fault:
            request.outcome, request.detail = fault.outcome, fault.detail
            request.reported, request.tokens_billed = fault.reported, fault.tokens_billed
        except asyncio.CancelledError:
            request.outcome = Outcome.CANCELLED
            request.detail = self._ending.words if self._ending else "the run was stopped"
        except BreakevenError:
            self._budget.settle(paid.reservation, 0)  # a forbidden address got no request
            raise
        request.tokens_billed = plausible_tokens(request.texts, request.tokens_billed)
        if request.outcome is Outcome.UNAUTHORISED:
            self._end(EndReason.UNAUTHORISED)
        self._settle_and_record(paid)

    async def _ask(self, request: Request) -> None:
        """Embed and judge. Raises Fault, CancelledError, or an error that ends the run."""
        answer = await self._embedder.embed(
            request.texts, timeout_s=self._plan.timeout_s, timings=request.timings
        )
        request.reported = answer.reported
        request.tokens_billed = answer.tokens_billed
        request.dims = answer.vectors.shape[1]
        request.input_tokens = self._check.tokens_of(request.texts)
        answer = self._check.judge(request.texts, answer)
        request.detail, request.free = answer.note, answer.free
        self._any_answer = True

    def _refuse(self, paid: _Paid) -> None:
        """The endpoint is so far behind that our own cap on requests in flight is reached."""
        paid.request.outcome = Outcome.REFUSED_BY_CAP
        paid.request.detail = f"{self._plan.in_flight_cap} requests were in flight"
        self._settle_and_record(paid)

    def _unsend(self, paid: _Paid) -> None:
        """The run ended while this request waited for its time."""
        ending = self._ending or Ending(EndReason.CANCELLED)
        paid.request.outcome, paid.request.detail = ending.outcome_of_unsent, ending.words
        self._settle_and_record(paid)

    def _settle_and_record(self, paid: _Paid) -> None:
        request = paid.request
        billed = 0 if request.free else request.tokens_billed
        tokens = tokens_to_settle(request.outcome, request.timings, billed)
        self._budget.settle(paid.reservation, tokens, request.reported.billed_s)
        self._recorder.record(request)

    def _record_unsent(self, ending: Ending) -> None:
        """One sample for each request of the plan that was never begun."""
        planned = 1 + self._plan.warm_up_requests + self._plan.requests
        for seq in range(self._next_seq, planned):
            self._recorder.record(
                Request(
                    seq,
                    self._phase(seq),
                    now_ns(),
                    outcome=ending.outcome_of_unsent,
                    detail=ending.words,
                )
            )


def _answer_check(plan: ProbePlan) -> AnswerCheck:
    target = plan.target
    if isinstance(target, LocalTarget):
        return AnswerCheck(asked_model=None, expected_dims=None)
    check = AnswerCheck(
        asked_model=target.wire_model, expected_dims=target.dimensions or target.expected_dims
    )
    check.tokens_of(plan.texts)  # counted now, remembered for when time is measured
    return check
