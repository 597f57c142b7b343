"""What limits a run, as sentences: too few samples, a late client, drift, failures.

Each function looks at one thing and returns one sentence, or None where all is well.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from core.probe.findings import answer_cautions, attempt_cautions, pattern_cautions, server_cautions
from core.probe.findings.size_findings import without_sizes_found
from core.probe.records.ending import FOUND_WORDS
from core.probe.records.probe_plan import ClosedLoop, OpenLoop, Paired, ProbePlan, ServerSweep
from core.probe.records.sample import Outcome, Phase, Sample
from core.probe.sending.size_stop import NOT_SENT
from core.probe.statistics.effect import matters
from core.probe.statistics.of_server.between_limits import refused_for_size
from core.probe.statistics.percentiles import percentile, requests_for_interval
from core.probe.statistics.words import duration as _ms
from core.probe.statistics.words import outcome_words as _words

_EXPECTED: Final = FOUND_WORDS | {NOT_SENT}
"""Why requests were not sent though the run went through."""

CLIENT_BOUND_SHARE: Final = 0.1
"""Generator lag above this share of the service time means that we measured ourselves."""


def cautions(plan: ProbePlan, samples: Sequence[Sample]) -> tuple[str, ...]:
    """Everything a reader of this run must know, the gravest first."""
    ordered = sorted(samples, key=lambda s: s.seq)
    asked = [s for s in ordered if s.phase is Phase.MEASURED and s.asked]
    if isinstance(plan.schedule, ServerSweep):  # a limit that is looked for is no failure
        asked = [s for s in asked if not refused_for_size(s)]
    measured = without_sizes_found(plan, asked)
    sentences = [
        ended_early(ordered),
        cannot_see_stalls(plan),
        no_first_answer(ordered),
        failures(measured),
        *answer_cautions.all_of(plan, ordered),
        *server_cautions.all_of(plan, ordered),
        refused_by_cap(plan, measured),
        client_bound(measured),
        *_of_one_load(plan, measured),
        *attempt_cautions.all_of(plan, ordered),
        unbilled(plan, ordered),
        near_rate_limit(ordered),
    ]
    return tuple(sentence for sentence in sentences if sentence)


def _of_one_load(plan: ProbePlan, measured: Sequence[Sample]) -> tuple[str | None, ...]:
    """What holds for requests that are alike; steps of a sweep are meant to differ."""
    if not isinstance(plan.schedule, OpenLoop | ClosedLoop | Paired):
        return ()
    own = [s for s in measured if s.target == 0]
    return (too_few(own), *pattern_cautions.all_of(own))


def cannot_see_stalls(plan: ProbePlan) -> str | None:
    """A closed loop waits for the endpoint, and sends one request into a stall, not hundreds."""
    if not isinstance(plan.schedule, ClosedLoop):
        return None
    return (
        "A closed loop cannot see stalls: while the endpoint stands still, nobody asks it, so its "
        "tail looks shorter than users would feel it. Use the open loop for percentiles."
    )


def ended_early(ordered: Sequence[Sample]) -> str | None:
    """Requests of the plan that were never sent."""
    unsent = [s for s in ordered if not s.asked and s.detail not in _EXPECTED]
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
    """Whether our own generator lagged by more than a tenth of what it measured, and 1 ms."""
    lag_s, service_s = lag_and_service_s(measured)
    return lag_s > CLIENT_BOUND_SHARE * service_s and matters(lag_s, service_s)


def lag_and_service_s(measured: Sequence[Sample]) -> tuple[float, float]:
    """p95 of the generator's lag and p50 of the service time, s; zeros where nothing is known."""
    lags = [lag for s in measured if (lag := s.generator_lag_s) is not None]
    services = [s.service_s for s in measured if s.ok]
    if not lags or not services:
        return 0.0, 0.0
    return percentile(lags, 0.95), percentile(services, 0.5)


def unbilled(plan: ProbePlan, ordered: Sequence[Sample]) -> str | None:
    """Answers of a paid endpoint that do not say what they billed."""
    silent = sum(
        s.ok and s.tokens_billed is None and plan.targets[s.target].billed is not None
        for s in ordered
    )
    if not silent:
        return None
    return (
        f"{silent} answers did not say how many tokens they hold: tokens a second are not known, "
        "and where a call has a price it is counted at its worst case."
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
