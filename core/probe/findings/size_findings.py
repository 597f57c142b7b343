"""The most that a server takes in one request, as its refusals show it.

A batch sweep goes up to a server's limit to find it. What is refused there for its size is a
finding, and no failure of the server; in a run that means to send so much it is one.
"""

from collections.abc import Sequence
from typing import Final

from core.probe.records.probe_plan import BatchSweep, ProbePlan
from core.probe.records.sample import Outcome, Phase, Sample
from core.probe.refusal.size_limits import size_limit
from core.probe.sending.size_stop import NOT_SENT

NAMED: Final = "; what is larger was not sent"


def without_sizes_found(plan: ProbePlan, samples: Sequence[Sample]) -> list[Sample]:
    """The samples but those that a batch sweep was refused for their size, or left out for it."""
    if not isinstance(plan.schedule, BatchSweep):
        return list(samples)
    return [s for s in samples if s.outcome is not Outcome.OVER_LIMIT and s.detail != NOT_SENT]


def limit_sentence(plan: ProbePlan, samples: Sequence[Sample]) -> str | None:
    """What the server takes in one request, by its own number or by what it took; None: no limit.

    ``samples``: those of one target.
    """
    refused = [s for s in samples if s.outcome is Outcome.OVER_LIMIT]
    if not refused:
        return None
    limits = [size_limit(s.http_status, s.server_said) for s in refused]
    texts = [limit.most for limit in limits if limit and limit.kind == "texts" and limit.most]
    tokens = [limit.most for limit in limits if limit and limit.kind == "tokens" and limit.most]
    swept = NAMED if isinstance(plan.schedule, BatchSweep) else ""
    if texts:
        return f"The server takes at most {min(texts):,} texts a request{swept}."
    if tokens:
        return f"The server takes at most {min(tokens):,} tokens in a text{swept}."
    if any(limit and limit.kind == "tokens" for limit in limits):
        return f"The server refused texts for their length and states no limit{swept}."
    return f"{_by_what_it_took(samples, refused)}{swept}."


def _by_what_it_took(samples: Sequence[Sample], refused: Sequence[Sample]) -> str:
    """Between the largest request that was answered and the smallest that was refused."""
    least = min(s.texts for s in refused)
    took = max((s.texts for s in samples if s.ok and s.phase is Phase.MEASURED), default=None)
    if took is None or took >= least:
        return f"The server refused requests of {least:,} texts for their size"
    return f"The server took {took:,} texts a request and refused {least:,} for their size"
