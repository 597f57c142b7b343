"""Steps of rising load: what came out of each, and whether more could have."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from core.measurement.report import LimitedBy, LoadStep
from core.probe.records.probe_plan import ConcurrencySweep, OpenLoop, ProbePlan, Ramp
from core.probe.records.sample import Outcome, Sample
from core.probe.statistics.estimates import estimate
from core.units import NS_PER_SECOND

BEHIND: Final = 0.8
"""Below this share of what was offered, answers come out slower than requests go in."""
MANY_FAILED: Final = 0.2
LATE_S: Final = 0.1
"""A client that ends a step less than this behind its schedule has kept up with it."""


def step_result(plan: ProbePlan, step: int, samples: Sequence[Sample]) -> LoadStep:
    """One step in numbers; ``samples`` are those of it that were asked, at least one."""
    schedule = plan.schedule
    timed = [s for s in samples if not s.new_connection] or list(samples)
    answered = [s for s in samples if s.ok]
    due_s = _span_s([s.intended_ns for s in samples])
    answering_s, elapsed_s = _answering_s(samples), _elapsed_s(plan, step, samples)
    answered_per_s, good_per_s = rates_of(plan, step, samples)
    tokens = [s.tokens_billed or s.input_tokens for s in answered]
    known = None if None in tokens else sum(count or 0 for count in tokens)
    finished = is_finished(plan, step, samples)
    limited_by, limit = None, ""
    if isinstance(schedule, Ramp):
        scarce = schedule.scarce_left(step)
        limited_by, limit = _limit(plan, samples, scarce, answering_s, finished=finished)
    return LoadStep(
        workers=schedule.workers[step] if isinstance(schedule, ConcurrencySweep) else None,
        rate_per_s=schedule.rates_per_s[step] if isinstance(schedule, Ramp) else None,
        n=len(samples),
        n_ok=len(answered),
        opened=sum(s.new_connection for s in samples),
        offered_per_s=_per_s(len(samples) - 1, due_s),
        answered_per_s=answered_per_s,
        good_per_s=good_per_s,
        tokens_per_s=_per_s(known, elapsed_s) if known else None,
        response_p50=estimate([s.response_s for s in timed], 0.50),
        response_p95=estimate([s.response_s for s in timed], 0.95),
        saturated=limited_by == "server",
        finished=finished,
        limited_by=limited_by,
        limit=limit,
    )


def rates_of(plan: ProbePlan, step: int, samples: Sequence[Sample]) -> tuple[float, float | None]:
    """Answers/s of requests that were asked, at least one; and those within the objective, if any.

    Over the time that they took in all: a failure is no answer, and its time is in it.
    """
    elapsed_s = _elapsed_s(plan, step, samples)
    good = None if plan.slo_s is None else sum(s.response_s <= plan.slo_s for s in samples)
    answered_per_s = _per_s(sum(s.ok for s in samples), elapsed_s)
    return answered_per_s, None if good is None else _per_s(good, elapsed_s)


def _answering_s(samples: Sequence[Sample]) -> float:
    """From the first request's due time to the last answer, s."""
    first_ns = min(s.intended_ns for s in samples)
    ends_ns = [s.completed_ns for s in samples if s.ok and s.completed_ns is not None]
    return _span_s([first_ns, *ends_ns])


def _elapsed_s(plan: ProbePlan, step: int, samples: Sequence[Sample]) -> float:
    return max(_answering_s(samples), _lasted_s(plan, step, samples))


def is_finished(plan: ProbePlan, step: int, samples: Sequence[Sample]) -> bool:
    """Whether every request of a step was asked and has ended by itself.

    Of a step that was broken off nobody knows what it would have come to.
    """
    schedule = plan.schedule
    whole = schedule.requests_of(step) if isinstance(schedule, Ramp | ConcurrencySweep) else 0
    return sum(s.outcome is not Outcome.CANCELLED for s in samples) == whole


def _limit(
    plan: ProbePlan, samples: Sequence[Sample], scarce: int, answering_s: float, *, finished: bool
) -> tuple[LimitedBy | None, str]:
    """What kept more from coming out of a step, and how that was seen; None where nothing did.

    A rate limit is seen at its first sign; for the rest a step must be finished.
    """
    signs = [s for s in samples if s.near_rate_limit(scarce)]
    if signs:
        return "rate_limit", _rate_limit_words(samples, signs)
    if not finished:
        return None, ""
    refused = sum(s.outcome is Outcome.REFUSED_BY_CAP for s in samples)
    if refused:
        return "client", f"its cap of {plan.in_flight_cap} requests in flight was reached"
    due_s = _span_s([s.intended_ns for s in samples])
    sent_s = _span_s([s.sent_ns for s in samples if s.sent_ns is not None])
    if due_s < BEHIND * sent_s and sent_s - due_s > LATE_S:
        return "client", f"it took {sent_s:.3g} s to send what was due in {due_s:.3g} s"
    failed = sum(not s.ok for s in samples)
    if failed > MANY_FAILED * len(samples):
        return "server", f"{failed} of {len(samples)} requests fail"
    return ("server", "it falls behind") if _fell_behind(samples, answering_s) else (None, "")


def _rate_limit_words(samples: Sequence[Sample], signs: Sequence[Sample]) -> str:
    """The limit's number, as far as the provider says one."""
    limits = [s.requests_limit for s in samples if s.requests_limit is not None]
    refused = sum(s.outcome is Outcome.RATE_LIMITED for s in signs)
    left = [s.requests_left for s in signs if s.requests_left is not None]
    if refused:
        allowed = f"{max(limits):,} being allowed" if limits else "and it states no number"
        return f"{refused} of {len(samples)} requests were refused for it, {allowed}"
    # A limit below what is left of it is none.
    whole = f" of {max(limits):,}" if limits and max(limits) >= min(left) else ""
    return f"{min(left):,}{whole} requests were left"


def _fell_behind(samples: Sequence[Sample], answering_s: float) -> bool:
    """Whether requests went in faster than answers came out.

    The answers' time is compared with that of the arrivals plus one answer without a queue: the
    quickest tenth of this very step shows how long that takes.
    """
    due_s = _span_s([s.intended_ns for s in samples])
    services = [s.service_s for s in samples if s.ok]
    alone_s = float(np.quantile(services, 0.1)) if services else 0.0
    return (due_s + alone_s) < BEHIND * answering_s


def _lasted_s(plan: ProbePlan, step: int, samples: Sequence[Sample]) -> float:
    """How long a step went on, whoever answered, s.

    A few answers before all the rest fails are no rate: the step had its time. That of a ramp, and
    of an open loop, is its requests over its rate, so that no more comes out than goes in. Workers
    were busy to the end of the last request, which for one that timed out is the time-out.
    """
    schedule = plan.schedule
    if isinstance(schedule, Ramp):
        return len(samples) / schedule.rates_per_s[step]
    if isinstance(schedule, OpenLoop):
        return len(samples) / schedule.rate_per_s
    first_ns = min(s.intended_ns for s in samples)
    return max((_end_ns(plan, s) - first_ns) / NS_PER_SECOND for s in samples)


def _end_ns(plan: ProbePlan, sample: Sample) -> int:
    """When a request ended, as far as its sample knows."""
    if sample.outcome is Outcome.TIMEOUT:
        return sample.intended_ns + round(plan.timeout_s * NS_PER_SECOND)
    known = (sample.completed_ns, sample.first_byte_ns, sample.sent_ns)
    return next((moment for moment in known if moment is not None), sample.intended_ns)


def _span_s(moments_ns: Sequence[int]) -> float:
    """From the first moment to the last, s."""
    return (max(moments_ns) - min(moments_ns)) / NS_PER_SECOND if moments_ns else 0.0


def _per_s(count: int, seconds: float) -> float:
    return count / seconds if seconds > 0 else 0.0
