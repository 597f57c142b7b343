"""The ways in which requests leave: alone, on a schedule, or by workers that wait."""

from collections.abc import Iterable
from typing import Final

from core.probe.records.timings import now_ns, to_ns
from core.probe.sending.script import WHOLE, Cut
from core.probe.sending.sender import Paid, Sender

LEAD_IN_NS: Final = to_ns(0.02)
"""Between the last warm-up answer and the start of the schedule."""


async def one_call(run: Sender, cut: Cut = WHOLE) -> None:
    """One request, and the wait for its end. ``cut``: how much of it is sent."""
    run.poll()
    paid = run.next_paid(cut)
    if paid is not None:
        paid.request.due_ns = now_ns()
        run.launch(paid)
        await run.drain()


async def on_schedule(run: Sender, offsets_ns: Iterable[int], cut: Cut = WHOLE) -> None:
    """Send at these times from now, whatever becomes of the requests before; then wait for all.

    ``cut``: how much of each request is sent.
    """
    begin_ns = now_ns() + LEAD_IN_NS
    for offset_ns in offsets_ns:
        paid = run.next_paid(cut)
        if paid is None:
            break
        paid.request.due_ns = begin_ns + offset_ns
        await run.until(paid.request.due_ns)
        if run.ending is not None:
            run.unsend(paid)
            break
        _send_or_refuse(run, paid)
    await run.drain()


async def by_workers(run: Sender, workers: int, requests: int, cut: Cut = WHOLE) -> None:
    """So many workers, each of which sends its next request when the last one has ended."""
    left = requests

    async def work() -> None:
        nonlocal left
        while left > 0 and run.ending is None:
            left -= 1
            paid = run.next_paid(cut)
            if paid is None:
                return
            paid.request.due_ns = now_ns()
            await run.send(paid)

    for _ in range(min(workers, requests)):
        run.start(work())
    await run.drain()


def _send_or_refuse(run: Sender, paid: Paid) -> None:
    if run.in_flight < run.plan.in_flight_cap:
        run.launch(paid)
    else:
        run.refuse(paid)
