"""Carries a plan out: a cold call and warm-up calls of each target, then its schedule."""

from collections.abc import Callable, Collection, Sequence

from core.probe.records.budget import Budget
from core.probe.records.embedder import Embedder
from core.probe.records.ending import Ending, EndReason
from core.probe.records.probe_plan import ProbePlan
from core.probe.records.sample import Sample
from core.probe.sending.loops import first_calls, follow_schedule
from core.probe.sending.sender import Party, Sender

Asked = tuple[Embedder, Budget]
"""An embedder and the money for it."""


async def run_probe(
    plan: ProbePlan,
    embedder: Embedder,
    sink: Callable[[Sample], None],
    budget: Budget,
    cancelled: Callable[[], bool],
    rivals: Sequence[Asked] = (),
    typed: Collection[int] = (),
) -> Ending:
    """Carry out ``plan`` against ``embedder`` and, in a comparison, one more for each rival.

    All of them are opened and closed here. ``typed``: numbers of the targets that are no option of
    the catalogue: what their model is called is theirs to say. ``sink`` gets each sample once, in
    the order in which they end. ``cancelled`` is asked about 20 times a second. Raises EgressError
    or EngineError where nothing can be sent at all, and whatever ``sink``, a budget or
    ``cancelled`` raise.
    """
    asked = ((embedder, budget), *rivals)
    parties = [
        Party(target, plan.texts, *one, typed=number in typed)
        for number, (target, one) in enumerate(zip(plan.targets, asked, strict=True))
    ]
    run = Sender(plan, parties, sink, cancelled)
    try:
        for party in parties:
            await party.embedder.open()
        await first_calls(run)
        await follow_schedule(run)
        await run.drain()
        ending = run.ending or Ending(EndReason.COMPLETED)
        run.record_unsent(ending)
        return ending
    finally:
        await run.drop_in_flight()
        for party in parties:
            await party.embedder.aclose()
