"""How requests failed, alike ones together: what it was, and what the server said."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.probe.findings.size_findings import without_sizes_found
from core.probe.records.probe_plan import ProbePlan
from core.probe.records.sample import Sample
from core.probe.statistics.words import duration, outcome_words


@dataclass(frozen=True, slots=True)
class WayToFail:
    """Requests that failed alike."""

    count: int
    outcome: str
    """In words: "rate limited"."""
    status: int | None
    detail: str
    said: str
    """The server's own sentence, of the first of them that has one."""
    wait_s: float | None
    """The longest wait that it asked for."""

    @property
    def sentence(self) -> str:
        """All of it in a line."""
        detail = f" ({self.detail})" if self.detail else ""
        wait = "" if self.wait_s is None else f"; it asks to wait {duration(self.wait_s)}"
        words = f'; it says: "{self.said}"' if self.said else ""
        return f"{self.count} {self.outcome}{detail}{wait}{words}"


def ways_to_fail(plan: ProbePlan, samples: Sequence[Sample]) -> tuple[WayToFail, ...]:
    """The ways, the commonest first; none of requests that were not sent because a run ended.

    Alike are those of one outcome and detail: a server's own sentence may name each request.
    """
    alike: dict[tuple[str, str], list[Sample]] = {}
    for sample in without_sizes_found(plan, samples):
        if sample.asked and not sample.ok:
            alike.setdefault((sample.outcome.value, sample.detail), []).append(sample)
    return tuple(sorted(map(_way, alike.values()), key=lambda way: -way.count))


def _way(samples: Sequence[Sample]) -> WayToFail:
    first = samples[0]
    waits = [s.retry_after_s for s in samples if s.retry_after_s is not None]
    return WayToFail(
        count=len(samples),
        outcome=outcome_words(first.outcome),
        status=first.http_status,
        detail=first.detail,
        said=next((s.server_said for s in samples if s.server_said), ""),
        wait_s=max(waits, default=None),
    )
