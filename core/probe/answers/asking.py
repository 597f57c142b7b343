"""Requests made for a purpose of their own, beside a run's schedule: each paid for and judged."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.probe.answers.answer_check import AnswerCheck
from core.probe.answers.paid_again import embed_paid
from core.probe.records.budget import Budget, tokens_to_settle
from core.probe.records.embedder import Answer, Embedder, Fault
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings
from core.units import NS_PER_SECOND


class Told:
    """What one request brought."""

    def __init__(self, timings: Timings) -> None:
        self.timings = timings
        self.vectors: NDArray[Any] | None = None
        self.refused = False
        self.reason = ""
        """Why there are no vectors, in a few words."""

    @property
    def service_s(self) -> float | None:
        """Service time of an answer, s."""
        sent, done = self.timings.sent_ns, self.timings.completed_ns
        if self.vectors is None or sent is None or done is None:
            return None
        return (done - sent) / NS_PER_SECOND


class Asker:
    """One question after another, each paid for and judged."""

    def __init__(
        self,
        embedder: Embedder,
        budget: Budget,
        timeout_s: float,
        cancelled: Callable[[], bool],
    ) -> None:
        self._cancelled = cancelled
        self._embedder = embedder
        self._budget = budget
        self._timeout_s = timeout_s

    async def ask(self, texts: Sequence[str]) -> Told:
        """One request; it brings nothing where the money is spent or the answer is none."""
        reply = Told(Timings())
        reservation = None if self._cancelled() else self._budget.reserve(texts)
        if reservation is None:
            reply.reason = "cancelled" if self._cancelled() else "the spending cap is reached"
            return reply
        tokens, billed_s, outcome = None, None, Outcome.CANCELLED
        try:
            answer = await embed_paid(
                self._embedder,
                self._budget,
                texts,
                timeout_s=self._timeout_s,
                timings=reply.timings,
            )
            tokens, billed_s, outcome = _billed(answer)
            reply.vectors = (
                AnswerCheck(asked_model=None, expected_dims=None, free=self._budget.free)
                .judge(texts, answer)
                .vectors.astype(np.float64)
            )
        except Fault as fault:
            outcome, reply.reason = fault.outcome, str(fault)
            reply.refused = fault.reported.http_status in {400, 413, 422}
        finally:
            due = tokens_to_settle(outcome, reply.timings, tokens)
            self._budget.settle(reservation, due, billed_s)
        return reply


def _billed(answer: Answer) -> tuple[int | None, float | None, Outcome]:
    tokens = 0 if answer.free else answer.tokens_billed
    return tokens, answer.reported.billed_s, Outcome.OK
