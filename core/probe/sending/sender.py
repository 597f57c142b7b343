"""The requests of one run on their way: money set aside, sent, judged, settled, recorded.

Every planned request ends as exactly one sample, handed on when it ends: answered, failed,
refused, or not sent because the run ended before it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from sys import platform
from typing import Any, Final

from core.errors import BreakevenError
from core.probe.answers.answer_check import AnswerCheck, plausible_tokens
from core.probe.answers.paid_again import embed_paid
from core.probe.records.budget import Budget, tokens_to_settle
from core.probe.records.embedder import Embedder, Fault
from core.probe.records.ending import Ending, EndReason
from core.probe.records.probe_plan import BatchSweep, ProbePlan, Target
from core.probe.records.sample import Outcome, Phase, Sample
from core.probe.records.timings import REOPENED, now_ns, to_ns
from core.probe.sending.enough import Enough
from core.probe.sending.recorder import Recorder, Request
from core.probe.sending.script import WHOLE, Call, Cut, script
from core.probe.sending.size_stop import NOT_SENT, SizeStop
from core.units import NS_PER_SECOND

POLL_S: Final = 0.05
"""How often a waiting run asks whether it was cancelled."""

WAKE_EARLY_NS: Final = to_ns(0.016 if platform == "win32" else 0.0015)
"""A sleep may end this late, so it aims this much earlier; the rest is spent yielding."""


class Party:
    """A target with what is needed to ask it."""

    def __init__(
        self,
        target: Target,
        texts: Sequence[str],
        embedder: Embedder,
        budget: Budget,
        *,
        typed: bool = False,
    ) -> None:
        self.embedder = embedder
        self.budget = budget
        self.check = _answer_check(target, texts, typed=typed, free=budget.free)
        self.answered = False


@dataclass(slots=True)
class Paid:
    """A request with the money set aside for it."""

    request: Request
    party: Party
    reservation: object


class Sender:
    """The state of one run. A loop takes requests from it and says when each one leaves."""

    def __init__(
        self,
        plan: ProbePlan,
        parties: Sequence[Party],
        sink: Callable[[Sample], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self.plan = plan
        self.parties = parties
        self.recorder = Recorder(sink)
        self.measured: list[Sample] = []
        """Samples of the measured phase that have ended, in the order of their ends."""
        self.ending: Ending | None = None
        self.scarce_requests_left: int | None = None
        """The run ends once the provider says that no more are left than this."""
        self._cancelled = cancelled
        self._script: Iterator[Call] = script(plan)
        self._enough = Enough(plan)
        self._size_stop = SizeStop()
        self._sweeps_sizes = isinstance(plan.schedule, BatchSweep)
        self._in_flight: set[asyncio.Task[None]] = set()
        self._waiting: set[int] = set()
        self._error: BaseException | None = None
        self._next_seq = self._next_poll_ns = 0
        self._deadline_ns = now_ns() + to_ns(plan.longest_s)

    @property
    def in_flight(self) -> int:
        """Requests, or workers of a closed loop, that have not ended."""
        return len(self._in_flight)

    def end(self, reason: EndReason) -> None:
        """Send nothing more. The first reason stands, unless a graver one drops what is left."""
        ending = Ending(reason)
        if self.ending is None or (ending.drops_in_flight and not self._dropping):
            self.ending = ending

    def skip(self, requests: int = 1) -> None:
        """Leave the next requests of the plan out: what was found makes them needless."""
        if self.ending is None:
            for _ in islice(self._script, requests):
                pass

    def next_paid(self, cut: Cut = WHOLE) -> Paid | None:
        """The next request with its money set aside; None where the run or its script ends.

        ``cut``: how much of it is sent.
        """
        call = None if self.ending is not None else self._next_call()
        if call is None:
            return None
        call = call.cut_to(cut)
        party, texts = self.parties[call.target], call.texts
        reservation = party.budget.reserve(texts)
        if reservation is None:
            self.end(EndReason.OVER_BUDGET)
            self._script = chain((call,), self._script)
            return None
        request = Request(
            self._next_seq,
            call.phase,
            now_ns(),
            texts,
            step=call.step,
            target=call.target,
        )
        self._next_seq += 1
        return Paid(request, party, reservation)

    def _next_call(self) -> Call | None:
        """The next request of the script; what a sweep need not send any more is left out."""
        for call in self._script:
            if not self._sweeps_sizes or not self._size_stop.is_too_large(call.texts):
                return call
            self._leave_out(call, Outcome.CANCELLED, NOT_SENT)
        return None

    def launch(self, paid: Paid) -> None:
        """Send without waiting for the answer."""
        self.start(self.send(paid))

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something that sends, as a task that the end of the run waits for or cancels."""
        task = asyncio.create_task(work)
        self._in_flight.add(task)
        task.add_done_callback(self._landed)

    def refuse(self, paid: Paid) -> None:
        """So many wait for their answers that our own cap on requests in flight is reached."""
        paid.request.outcome = Outcome.REFUSED_BY_CAP
        paid.request.detail = f"our own cap: {self.plan.in_flight_cap} requests were in flight"
        self._settle_and_record(paid)

    def unsend(self, paid: Paid) -> None:
        """The run ended while this request waited for its time."""
        ending = self.ending or Ending(EndReason.CANCELLED)
        paid.request.outcome, paid.request.detail = ending.outcome_of_unsent, ending.words
        self._settle_and_record(paid)

    async def until(self, due_ns: int) -> None:
        """Wait for a moment, precisely, or for the end of the run."""
        while self.ending is None and (left_ns := due_ns - WAKE_EARLY_NS - now_ns()) > 0:
            await asyncio.sleep(min(left_ns / NS_PER_SECOND, POLL_S))
            self.poll()
        while True:
            await asyncio.sleep(0)  # at least once: a late schedule must not starve the answers
            self.poll()
            if self.ending is not None or now_ns() >= due_ns:
                return

    async def drain(self) -> None:
        """Wait for everything in flight, unless the run ended in a way that drops it."""
        while self._in_flight and not self._dropping:
            await asyncio.wait(self._in_flight, timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED)
            self.poll()
        await self.drop_in_flight()
        self.poll()

    async def drop_in_flight(self) -> None:
        """Cancel what is still on its way; each request records itself."""
        if not self._in_flight:
            return
        await asyncio.sleep(0)  # a task cancelled before its first step would record nothing
        for task in self._in_flight:
            task.cancel()
        if self._in_flight:
            await asyncio.wait(self._in_flight)

    def poll(self) -> None:
        """Notice a cancellation, the time limit, and an error that a task ran into."""
        if self._error is not None:
            raise self._error
        now = now_ns()
        if self._dropping or now < self._next_poll_ns:
            return
        self._next_poll_ns = now + to_ns(POLL_S)
        if self._cancelled():
            self.end(EndReason.CANCELLED)
        elif now >= self._deadline_ns:
            self.end(EndReason.OUT_OF_TIME)

    async def send(self, paid: Paid) -> None:
        """One request from sending to its sample."""
        request = paid.request
        self._waiting.add(request.seq)
        try:
            await self._ask(paid)
        except Fault as fault:
            request.outcome, request.detail = fault.outcome, fault.detail
            request.reported, request.tokens_billed = fault.reported, fault.tokens_billed
        except asyncio.CancelledError:
            request.outcome = Outcome.CANCELLED
            request.detail = self.ending.words if self.ending else "the run was stopped"
        except BreakevenError:
            # A forbidden address got no request; an attempt before may have been billed.
            paid.party.budget.settle(paid.reservation, None if self.plan.retries else 0)
            raise
        finally:
            self._waiting.discard(request.seq)
        if request.timings.reopened:
            request.detail = "; ".join(filter(None, (REOPENED, request.detail)))
        request.tokens_billed = plausible_tokens(request.texts, request.tokens_billed)
        if request.outcome is Outcome.UNAUTHORISED:
            self.end(EndReason.UNAUTHORISED)
        elif request.outcome is Outcome.NO_CREDIT:
            self.end(EndReason.NO_CREDIT)
        self._settle_and_record(paid)

    def record_unsent(self, ending: Ending) -> None:
        """One sample for each request of the plan that was never begun."""
        for call in self._script:
            self._leave_out(call, ending.outcome_of_unsent, ending.words)

    def _leave_out(self, call: Call, outcome: Outcome, words: str) -> None:
        unsent = Request(self._next_seq, call.phase, now_ns(), step=call.step, target=call.target)
        unsent.outcome, unsent.detail = outcome, words
        self.recorder.record(unsent)
        self._next_seq += 1

    @property
    def _dropping(self) -> bool:
        return self.ending is not None and self.ending.drops_in_flight

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        if not task.cancelled() and self._error is None:
            self._error = task.exception()

    async def _ask(self, paid: Paid) -> None:
        """Embed and judge. Raises Fault, CancelledError, or an error that ends the run."""
        request, party = paid.request, paid.party
        answer = await embed_paid(
            party.embedder,
            party.budget,
            request.texts,
            timeout_s=self.plan.timeout_s,
            timings=request.timings,
        )
        request.reported = answer.reported
        request.tokens_billed = answer.tokens_billed
        request.dims = answer.vectors.shape[1]
        counted = party.check.tokens_of(request.texts)
        request.input_tokens = counted or answer.reported.tokens_processed
        answer = party.check.judge(request.texts, answer)
        request.detail = answer.note
        request.free = answer.free
        party.answered = True

    def _settle_and_record(self, paid: Paid) -> None:
        request = paid.request
        billed = 0 if request.free else request.tokens_billed
        tokens = tokens_to_settle(request.outcome, request.timings, billed)
        if request.reported.earlier_unclear:
            tokens = None  # the worst case of all attempts stands
        paid.party.budget.settle(paid.reservation, tokens, request.reported.billed_s)
        sample = self.recorder.record(request)
        if sample.phase is Phase.MEASURED:
            self.measured.append(sample)
            self._size_stop.see(sample, request.texts)
            self._look(sample)

    def _look(self, sample: Sample) -> None:
        """Whether this is a reason to stop early."""
        if self._enough.known(self.measured, len(self._waiting)):
            self.end(EndReason.PRECISE)
        scarce = self.scarce_requests_left
        if scarce is not None and sample.near_rate_limit(scarce):
            self.end(EndReason.RATE_LIMIT)


def _answer_check(target: Target, texts: Sequence[str], *, typed: bool, free: bool) -> AnswerCheck:
    asked = target.billed
    if asked is None:
        return AnswerCheck(asked_model=None, expected_dims=None)
    check = AnswerCheck(
        asked_model=asked.wire_model,
        expected_dims=asked.dimensions or asked.expected_dims,
        typed=typed,
        free=free,
    )
    check.tokens_of(texts)  # counted now, remembered for when time is measured
    return check
