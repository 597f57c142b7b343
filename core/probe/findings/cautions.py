"""What limits a run, as sentences: too few samples, a late client, drift, failures.

Each function looks at one thing and returns one sentence, or None where all is well.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from core.probe.records.ending import FOUND_WORDS
from core.probe.records.probe_plan import ClosedLoop, OpenLoop, Paired, ProbePlan
from core.probe.records.sample import Outcome, Phase, Sample
from core.probe.statistics.percentiles import (
    lag_one_correlation,
    percentile,
    requests_for_interval,
    two_sided_ranks,
    warm_up_length,
)
from core.probe.statistics.words import duration as _ms
from core.probe.statistics.words import outcome_words as _words

CLIENT_BOUND_SHARE: Final = 0.1
"""Generator lag above this share of the service time means that we measured ourselves."""

CORRELATED: Final = 0.3
"""Rank correlation of neighbours above which an interval for independent samples is too narrow."""

MANY_NEW_CONNECTIONS: Final = 0.05
"""From this share on, handshakes reach into the p95."""

LEAST_SLOW: Final = 3
"""Fewer slow requests at the beginning than this are chance."""

_LEAST_FOR_PATTERNS: Final = 40
"""Below this, drift and correlation cannot be told from chance."""


def cautions(plan: ProbePlan, samples: Sequence[Sample]) -> tuple[str, ...]:
    """Everything a reader of this run must know, the gravest first."""
    ordered = sorted(samples, key=lambda s: s.seq)
    measured = [s for s in ordered if s.phase is Phase.MEASURED and s.asked]
    sentences = [
        ended_early(ordered),
        cannot_see_stalls(plan),
        no_first_answer(ordered),
        failures(measured),
        refused_by_cap(plan, measured),
        client_bound(measured),
        *_of_one_load(plan, measured),
        retried(ordered),
        unbilled(plan, ordered),
        near_rate_limit(ordered),
    ]
    return tuple(sentence for sentence in sentences if sentence)


def _of_one_load(plan: ProbePlan, measured: Sequence[Sample]) -> tuple[str | None, ...]:
    """What holds for requests that are alike; steps of a sweep are meant to differ."""
    if not isinstance(plan.schedule, OpenLoop | ClosedLoop | Paired):
        return ()
    own = [s for s in measured if s.target == 0]
    return (
        too_few(own),
        still_warming_up(own),
        drift(own),
        correlated(own),
        new_connections(own),
    )


def cannot_see_stalls(plan: ProbePlan) -> str | None:
    """A closed loop waits for the endpoint, and sends one request into a stall, not hundreds."""
    if not isinstance(plan.schedule, ClosedLoop):
        return None
    return (
        "A closed loop cannot see stalls: while the endpoint stands still, nobody asks it, so its "
        "tail looks shorter than users would feel it. Use the open loop for percentiles."
    )


def still_warming_up(measured: Sequence[Sample]) -> str | None:
    """First measured requests that are clearly slower than the rest."""
    slow = warm_up_length([s.response_s for s in measured])
    if slow < LEAST_SLOW:
        return None
    return (
        f"The first {slow} measured requests were slower than the rest: the warm-up was too short. "
        "They are in the percentiles."
    )


def ended_early(ordered: Sequence[Sample]) -> str | None:
    """Requests of the plan that were never sent."""
    unsent = [s for s in ordered if not s.asked and s.detail not in FOUND_WORDS]
    if not unsent:
        return None
    over_budget = any(s.outcome is Outcome.OVER_BUDGET for s in unsent)
    reason = "the spending cap was reached" if over_budget else unsent[0].detail or "cancelled"
    return (
        f"The run ended early ({reason}): {len(unsent)} of {len(ordered)} requests were not sent."
    )


def no_first_answer(ordered: Sequence[Sample]) -> str | None:
    """A cold start that could not be measured."""
    first = next((s for s in ordered if s.phase is Phase.COLD), None)
    if first is None or first.ok or not first.asked:
        return None
    return f"The first call failed ({_words(first.outcome)}), so there is no cold start to show."


def failures(measured: Sequence[Sample]) -> str | None:
    """Failures and how they count; refusals by our own cap are told apart."""
    counts = Counter(
        s.outcome for s in measured if not s.ok and s.outcome is not Outcome.REFUSED_BY_CAP
    )
    if not counts:
        return None
    kinds = ", ".join(f"{_words(kind)} {n}" for kind, n in counts.most_common())
    return (
        f"{counts.total()} of {len(measured)} measured requests failed ({kinds}). "
        "Each counts as infinitely slow in every percentile."
    )


def refused_by_cap(plan: ProbePlan, measured: Sequence[Sample]) -> str | None:
    """Our own cap of requests in flight, where it was reached."""
    refused = sum(s.outcome is Outcome.REFUSED_BY_CAP for s in measured)
    if not refused:
        return None
    return (
        f"{refused} of {len(measured)} arrivals were refused because {plan.in_flight_cap} requests "
        "were waiting for an answer: that is our own cap, not a limit of the endpoint. They count "
        "as infinitely slow; what they would have taken is not known."
    )


def too_few(measured: Sequence[Sample]) -> str | None:
    """A sample without an upper bound for its p95."""
    needed = requests_for_interval(0.95)
    missing = needed - len(measured)
    if missing <= 0:
        return None
    return (
        f"{len(measured)} measured requests are too few for an upper bound of the p95: "
        f"{missing} more are needed ({needed} in all). It may be read as 'at least' only."
    )


def client_bound(measured: Sequence[Sample]) -> str | None:
    """Our own lateness against what was to be measured."""
    lag_s, service_s = lag_and_service_s(measured)
    if not is_client_bound(measured):
        return None
    return (
        f"This machine was part of the bottleneck: 5 % of the requests left {_ms(lag_s)} or more "
        f"after their time, against a service time of {_ms(service_s)}. "
        "Lower the rate or quieten the machine."
    )


def is_client_bound(measured: Sequence[Sample]) -> bool:
    """Whether our own generator lagged by more than a tenth of what it measured."""
    lag_s, service_s = lag_and_service_s(measured)
    return lag_s > CLIENT_BOUND_SHARE * service_s


def lag_and_service_s(measured: Sequence[Sample]) -> tuple[float, float]:
    """p95 of the generator's lag and p50 of the service time, s; zeros where nothing is known."""
    lags = [lag for s in measured if (lag := s.generator_lag_s) is not None]
    services = [s.service_s for s in measured if s.ok]
    if not lags or not services:
        return 0.0, 0.0
    return percentile(lags, 0.95), percentile(services, 0.5)


def drift(measured: Sequence[Sample]) -> str | None:
    """Medians of the two halves whose 95 % intervals do not meet."""
    if len(measured) < _LEAST_FOR_PATTERNS:
        return None
    middle = len(measured) // 2
    first, second = (_median_interval(half) for half in (measured[:middle], measured[middle:]))
    if first[1] >= second[0] and second[1] >= first[0]:
        return None
    way = "rose" if second[0] > first[1] else "fell"
    return (
        f"Latency {way} during the run: the median lay in {_ms(first[0])} to {_ms(first[1])} in "
        f"the first half and in {_ms(second[0])} to {_ms(second[1])} in the second."
    )


def correlated(measured: Sequence[Sample]) -> str | None:
    """Neighbours that resemble each other, as in a queue: the intervals are too narrow."""
    if len(measured) < _LEAST_FOR_PATTERNS:
        return None
    r = lag_one_correlation([s.response_s for s in measured])
    if r < CORRELATED:
        return None
    worth = max(1, round(len(measured) * (1 - r) / (1 + r)))
    return (
        f"Neighbouring requests resemble each other (rank correlation {r:.2f}), so the intervals "
        f"are narrower than they should be: {len(measured)} requests are worth about {worth} "
        "independent ones."
    )


def new_connections(measured: Sequence[Sample]) -> str | None:
    """Handshakes inside the percentiles."""
    new = sum(s.new_connection for s in measured)
    if not measured or new / len(measured) < MANY_NEW_CONNECTIONS:
        return None
    return (
        f"{new} of {len(measured)} measured requests opened a connection of their own: the "
        "handshake is part of their latency."
    )


def retried(ordered: Sequence[Sample]) -> str | None:
    """Failures that retries have hidden in latencies, as the plan wanted."""
    again = [s for s in ordered if s.attempts > 1]
    if not again:
        return None
    return (
        f"{len(again)} requests were sent {sum(s.attempts for s in again)} times in all, as the "
        "plan allows: their failures are inside their latencies, and may have been billed."
    )


def unbilled(plan: ProbePlan, ordered: Sequence[Sample]) -> str | None:
    """Answers of a paid endpoint that do not say what they billed."""
    silent = sum(
        s.ok and s.tokens_billed is None and plan.targets[s.target].billed is not None
        for s in ordered
    )
    if not silent:
        return None
    return (
        f"{silent} answers did not say how many tokens they billed: their cost is counted at its "
        "worst case."
    )


def near_rate_limit(ordered: Sequence[Sample]) -> str | None:
    """A rate limit that this run came close to, by the provider's own headers."""
    left = [s.requests_left for s in ordered if s.requests_left is not None]
    if not left or min(left) > len(ordered):
        return None
    return (
        f"The provider's own count of requests left went down to {min(left)}: a longer or faster "
        "run would be rate-limited."
    )


def _median_interval(samples: Sequence[Sample]) -> tuple[float, float]:
    """95 % interval of the median response time, s."""
    ordered = sorted(s.response_s for s in samples)
    ranks = two_sided_ranks(len(ordered), 0.5)
    return ordered[(ranks.low or 1) - 1], ordered[(ranks.high or len(ordered)) - 1]
