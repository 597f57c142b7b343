"""A base of one's own with an API behind it: what the base cannot take at once spills over.

Allowed only where both give the same vectors: vectors of different models, or of one model that
is served in different ways, do not mix in an index. That is proved before the first request.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.errors import RunError
from core.probe.answers.answer_check import AnswerCheck
from core.probe.records.embedder import Answer, Embedder, Fault
from core.probe.records.timings import Timings

LEAST_COSINE: Final = 0.999
"""Half precision and another batch stay above it; another pooling, prefix or limit does not."""
SPILLED: Final = "spilled to the burst target"

_FIXED: Final = (
    "refund",
    "Wie lange dauert die Lieferung nach Zürich, und was kostet sie?",
    "def mean(values):\n    return sum(values) / len(values)\n",
    "The committee met on Tuesday to discuss the budget of the coming year. " * 30,
)
"""Short, foreign, code, and long enough to be cut by one side alone."""


def check_texts(texts: Sequence[str]) -> tuple[str, ...]:
    """What both sides must agree on: fixed texts, and the longest of one's own."""
    return (*_FIXED, max(texts, key=len)) if texts else _FIXED


class Hybrid:
    """Sends to the base while it has fewer than so many requests under way, else to the burst."""

    def __init__(self, base: Embedder, burst: Embedder, in_flight_limit: int) -> None:
        self._base = base
        self._burst = burst
        self._limit = in_flight_limit
        self._in_flight = 0
        self._proved = False

    async def open(self) -> None:
        """Get both ready."""
        await self._base.open()
        await self._burst.open()

    async def aclose(self) -> None:
        """Let go of both."""
        await self._base.aclose()
        await self._burst.aclose()

    async def prove(self, texts: Sequence[str], *, timeout_s: float) -> Answer:
        """Ask both for the same texts; gives the burst target's answer, which may be billed.

        Raises RunError with the reason where they are not the same vectors.
        """
        own = await _asked(self._base, "base", texts, timeout_s, free=True)
        other = await _asked(self._burst, "burst target", texts, timeout_s, free=False)
        refuse_different(own.vectors, other.vectors)
        self._proved = True
        return other

    async def embed(self, texts: Sequence[str], *, timeout_s: float, timings: Timings) -> Answer:
        """One request to either side. Raises what that side raises; nothing is tried twice."""
        if not self._proved:
            raise RunError("A hybrid asks nothing before both sides were proved to agree.")
        if self._in_flight >= self._limit:
            answer = await self._burst.embed(texts, timeout_s=timeout_s, timings=timings)
            return Answer(
                answer.vectors,
                answer.positions,
                answer.tokens_billed,
                answer.model,
                answer.reported,
                note=SPILLED,
            )
        self._in_flight += 1
        try:
            answer = await self._base.embed(texts, timeout_s=timeout_s, timings=timings)
        finally:
            self._in_flight -= 1
        # Its own name for the model does not matter: the vectors were compared.
        return Answer(
            answer.vectors,
            answer.positions,
            answer.tokens_billed,
            reported=answer.reported,
            free=True,
        )


async def _asked(
    embedder: Embedder, side: str, texts: Sequence[str], timeout_s: float, *, free: bool
) -> Answer:
    """A judged answer of one side. Raises RunError where there is none."""
    check = AnswerCheck(asked_model=None, expected_dims=None, free=free)
    try:
        answer = await embedder.embed(texts, timeout_s=timeout_s, timings=Timings())
        return check.judge(texts, answer)
    except Fault as fault:
        words = fault.outcome.value.replace("_", " ")
        raise RunError(
            f"The {side} gave no vectors to compare ({words}: {fault.detail}), so nothing may "
            "spill over."
        ) from None


def refuse_different(
    own: NDArray[np.float32] | NDArray[np.float64],
    other: NDArray[np.float32] | NDArray[np.float64],
) -> None:
    """Raises RunError unless each pair of rows points the same way."""
    if own.shape[1] != other.shape[1]:
        raise RunError(
            f"The base gives {own.shape[1]} dimensions and the burst target {other.shape[1]}: "
            "their vectors cannot be in one index. Choose the same model on both sides."
        )
    norms = np.linalg.norm(own, axis=1) * np.linalg.norm(other, axis=1)
    worst = float(np.min(np.sum(own.astype(np.float64) * other, axis=1) / norms))
    if worst < LEAST_COSINE:
        raise RunError(
            f"Base and burst target do not give the same vectors: the cosine of a check text is "
            f"{worst:.4f}, and {LEAST_COSINE} is the least. Another model, revision, pooling, "
            "prefix or limit of length: their vectors must not be mixed in one index."
        )
