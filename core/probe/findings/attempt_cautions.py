"""Requests that were sent more than once, or over a connection that had to be opened again."""

from collections.abc import Sequence

from core.probe.records.probe_plan import ProbePlan
from core.probe.records.sample import Phase, Sample
from core.probe.records.timings import REOPENED
from core.probe.statistics.words import duration
from core.units import NS_PER_SECOND


def all_of(plan: ProbePlan, ordered: Sequence[Sample]) -> tuple[str | None, ...]:
    """One sentence for each kind, None where there was none."""
    return cold_after_retries(plan, ordered), retried(ordered), reopened(ordered)


def cold_after_retries(plan: ProbePlan, ordered: Sequence[Sample]) -> str | None:
    """A first call that was answered after attempts and pauses, which are no cold start."""
    firsts = [s for s in ordered if s.phase is Phase.COLD and s.seq < len(plan.targets)]
    again = [s for s in firsts if s.ok and s.attempts > 1 and s.sent_ns is not None]
    if not again:
        return None
    first = again[0]
    before_s = ((first.sent_ns or 0) - first.intended_ns) / NS_PER_SECOND
    return (
        f"The first call was sent {first.attempts} times, and the cold start is that of the last: "
        f"{duration(before_s)} before it, our own pauses among them, are left out."
    )


def retried(ordered: Sequence[Sample]) -> str | None:
    """Failures that retries have hidden in latencies, as the plan wanted."""
    again = [s for s in ordered if s.attempts > 1]
    if not again:
        return None
    return (
        f"{len(again)} requests were sent {sum(s.attempts for s in again)} times in all, as the "
        "plan allows: their failures are inside their response times, and may have been billed."
    )


def reopened(ordered: Sequence[Sample]) -> str | None:
    """Connections that the server had closed while they were idle."""
    reopenings = sum(REOPENED in s.detail for s in ordered)
    if not reopenings:
        return None
    times = "once" if reopenings == 1 else f"{reopenings} times"
    return (
        f"A connection that the server had closed while it was idle was opened again, {times}: at "
        "once, and that is part of the latency. Where a call has a price, both sendings are paid."
    )
