"""From samples to the numbers of a run. Works on a run that is still going, too."""

from collections import Counter
from collections.abc import Sequence

from core.measurement import Estimate, LatencySummary
from core.probe.cautions import cautions
from core.probe.plan import ProbePlan
from core.probe.sample import Phase, Sample
from core.probe.statistics import (
    RankInterval,
    one_sided_ranks,
    percentile,
    two_sided_ranks,
)

LEVEL = 0.95
MS_PER_SECOND = 1_000.0


def summarise(plan: ProbePlan, samples: Sequence[Sample]) -> LatencySummary:
    """Percentiles of the measured requests that were asked; cold start and warm-up apart.

    A failure is +inf. Errors and billed tokens count over all phases.
    """
    measured = [s for s in samples if s.phase is Phase.MEASURED and s.asked]
    response = [s.response_s for s in measured]
    service = [s.service_s for s in measured]
    n_ok = sum(s.ok for s in measured)
    return LatencySummary(
        n_planned=plan.requests,
        n_ok=n_ok,
        n_failed=len(measured) - n_ok,
        response_p50=estimate(response, 0.50),
        response_p95=estimate(response, 0.95),
        response_p99=estimate(response, 0.99),
        service_p50=estimate(service, 0.50),
        service_p95=estimate(service, 0.95),
        cold_start_s=_cold_start_s(samples),
        generator_lag_p95_s=_lag_p95_s(measured),
        tokens_billed=_tokens_billed(samples),
        tokens_per_s=_tokens_per_s(plan, measured),
        errors=_errors(samples),
        warnings=cautions(plan, samples),
    )


def estimate(values_s: Sequence[float], q: float) -> Estimate:
    """The q-quantile with its 95 % interval.

    Where the sample is too small for a two-sided one, the lower bound is a one-sided 95 % bound
    ("at least") and there is no upper bound.
    """
    if not values_s:
        return Estimate(value_s=None, level=LEVEL)
    ordered = sorted(values_s)
    ranks = two_sided_ranks(len(ordered), q, LEVEL)
    if ranks.high is None:
        ranks = RankInterval(one_sided_ranks(len(ordered), q, LEVEL).low, None)
    value_s = percentile(ordered, q)
    low_s = _at(ordered, ranks.low)
    return Estimate(
        value_s=_finite(value_s),
        # With up to five values the largest is a lower bound of the p99, above type 7's estimate.
        low_s=None if low_s is None else min(low_s, value_s),
        high_s=_at(ordered, ranks.high),
        level=LEVEL,
    )


def _at(ordered: Sequence[float], rank: int | None) -> float | None:
    return None if rank is None else _finite(ordered[rank - 1])


def _finite(value: float) -> float | None:
    return value if value != float("inf") else None


def _cold_start_s(samples: Sequence[Sample]) -> float | None:
    return next((_finite(s.service_s) for s in samples if s.phase is Phase.COLD), None)


def _lag_p95_s(measured: Sequence[Sample]) -> float | None:
    lags = [lag for s in measured if (lag := s.generator_lag_s) is not None]
    return percentile(lags, 0.95) if lags else None


def _tokens_billed(samples: Sequence[Sample]) -> int | None:
    """Sum over all phases; None where no request said what it billed."""
    said = [s.tokens_billed for s in samples if s.tokens_billed is not None]
    return sum(said) if said else None


def _tokens_per_s(plan: ProbePlan, measured: Sequence[Sample]) -> float | None:
    """Tokens over summed time of the requests that stated their tokens."""
    stated = [s for s in measured if s.ok and s.tokens_billed is not None]
    tokens = sum(s.tokens_billed or 0 for s in stated)
    seconds = sum(_busy_s(plan, s) for s in stated)
    return tokens / seconds if seconds > 0 else None


def _busy_s(plan: ProbePlan, sample: Sample) -> float:
    """Time that a request was being worked on, s.

    The local model serves one request at a time and states its own time: its service time would
    count the queue once for every request in it.
    """
    if plan.target.kind == "local" and sample.server_ms is not None:
        return sample.server_ms / MS_PER_SECOND
    return sample.service_s


def _errors(samples: Sequence[Sample]) -> tuple[tuple[str, int], ...]:
    counts = Counter(s.outcome.value for s in samples if not s.ok)
    return tuple(counts.most_common())
