"""A request that says little of the endpoint is sent a second time, once, and is paid.

Its idle connection had been closed, or its form was refused and there is another one.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from core.probe.records.budget import Budget
from core.probe.records.embedder import Answer, ClosedIdle, Embedder, SendAgain
from core.probe.records.timings import Timings, now_ns
from core.units import NS_PER_SECOND

NOT_AGAIN: Final = "; it was not sent again, for the spending cap"


async def embed_paid(
    embedder: Embedder, budget: Budget, texts: Sequence[str], *, timeout_s: float, timings: Timings
) -> Answer:
    """Embed within ``timeout_s`` in all; a money reservation for one sending is the caller's.

    A second sending is no retry of a failure: servers close what nobody uses. But it may be billed
    beside the first, so it is paid for before it leaves. Its time is part of the request's own.
    Raises what the embedder raises.
    """
    began_ns = now_ns()
    try:
        return await embedder.embed(texts, timeout_s=timeout_s, timings=timings)
    except SendAgain as fault:
        if not budget.pay_unclear(texts):
            raise type(fault)(
                fault.outcome, f"{fault.detail}{NOT_AGAIN}", reported=fault.reported
            ) from None
        closed, note = isinstance(fault, ClosedIdle), fault.note
    sent_ns, timings.request_written_ns = timings.sent_ns, None
    left_s = timeout_s - (now_ns() - began_ns) / NS_PER_SECOND
    try:
        answer = await embedder.embed(texts, timeout_s=max(0.001, left_s), timings=timings)
        return replace(answer, note=note) if note else answer
    finally:
        timings.sent_ns, timings.reopened = sent_ns, closed
