"""Retries of requests that failed for a while: only if the plan asks for them, and counted.

A retry hides a failure in a latency. So there is none by default; where there is, the response
time runs on from the moment that the request was due, the service time is that of the last attempt,
every attempt is counted, and one that may have been billed is paid.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from core.probe.records.budget import REFUSED_UNREAD
from core.probe.records.embedder import Answer, AskedOtherwise, Embedder, Fault
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings, now_ns
from core.units import NS_PER_SECOND

WORTH_ANOTHER: Final = frozenset(
    {
        Outcome.CONNECT,
        Outcome.RESET,
        Outcome.STALE_CONNECTION,
        Outcome.RATE_LIMITED,
        Outcome.SERVER_ERROR,
        Outcome.LOADING,
    }
)
"""Failures that may pass. A wrong answer stays wrong, and a refused key refused."""
FIRST_PAUSE_S: Final = 0.5
"""Doubles with each attempt, unless the server states its own (Retry-After)."""


class Retrying:
    """An embedder whose requests are sent up to ``1 + retries`` times within their total time."""

    def __init__(self, embedder: Embedder, retries: int) -> None:
        self._embedder = embedder
        self._retries = retries

    async def open(self) -> None:
        """Get ready."""
        await self._embedder.open()

    async def aclose(self) -> None:
        """Let go."""
        await self._embedder.aclose()

    async def embed(self, texts: Sequence[str], *, timeout_s: float, timings: Timings) -> Answer:
        """The first attempt that brings an answer. Raises the last one's Fault."""
        deadline_ns = now_ns() + round(timeout_s * NS_PER_SECOND)
        unclear = False
        for attempt in range(1, self._retries + 2):
            left_s = (deadline_ns - now_ns()) / NS_PER_SECOND
            tried = Timings()
            try:
                answer = await self._embedder.embed(
                    texts, timeout_s=max(0.001, left_s), timings=tried
                )
                reported = replace(answer.reported, attempts=attempt, earlier_unclear=unclear)
                return replace(answer, reported=reported)
            except AskedOtherwise:
                raise  # no failure that may pass: whoever pays sends it again in the new form
            except Fault as fault:
                last = _counted(fault, attempt, unclear=unclear)
                pause_s = _pause_s(fault, attempt)
                unclear |= _may_be_billed(fault, tried)
            finally:
                _take_over(timings, tried)
            left_s = (deadline_ns - now_ns()) / NS_PER_SECOND
            if attempt > self._retries or pause_s is None or pause_s >= left_s:
                raise last from None
            await asyncio.sleep(pause_s)
        raise AssertionError("the last attempt returns or raises")


def _counted(fault: Fault, attempt: int, *, unclear: bool) -> Fault:
    return Fault(
        fault.outcome,
        fault.detail,
        reported=replace(fault.reported, attempts=attempt, earlier_unclear=unclear),
        tokens_billed=fault.tokens_billed,
    )


def _pause_s(fault: Fault, attempt: int) -> float | None:
    """How long to wait before the next attempt, s; None where there is no sense in one."""
    if fault.outcome not in WORTH_ANOTHER:
        return None
    if fault.outcome is Outcome.STALE_CONNECTION:
        return 0.0  # the server is well: nobody need wait for it
    stated_s = fault.reported.retry_after_s
    return FIRST_PAUSE_S * 2 ** (attempt - 1) if stated_s is None else stated_s


def _may_be_billed(fault: Fault, tried: Timings) -> bool:
    """Whether a failed attempt left this computer and was not turned away unread."""
    return tried.request_written_ns is not None and fault.outcome not in REFUSED_UNREAD


def _take_over(timings: Timings, tried: Timings) -> None:
    """The moments of the last attempt: what went before, and our pauses, is no time of its own."""
    for name in Timings.__slots__:
        setattr(timings, name, getattr(tried, name))
