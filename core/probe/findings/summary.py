"""From samples to the numbers of a run. Works on a run that is still going, too."""

from collections import Counter
from collections.abc import Sequence

from core.measurement.latency import LatencySummary
from core.probe.findings.batch_fit_of_api import batch_curve
from core.probe.findings.cautions import cautions
from core.probe.findings.run_report import report
from core.probe.findings.size_findings import without_sizes_found
from core.probe.records.probe_plan import (
    BatchSweep,
    ConcurrencySweep,
    ProbePlan,
    Ramp,
    ServerSweep,
)
from core.probe.records.sample import Phase, Sample
from core.probe.statistics.estimates import estimate, finite
from core.probe.statistics.of_server.server_loads import at_half
from core.probe.statistics.percentiles import percentile

MS_PER_SECOND = 1_000.0


def summarise(plan: ProbePlan, samples: Sequence[Sample]) -> LatencySummary:
    """Percentiles of the measured requests that were asked; cold start and warm-up apart.

    A failure is +inf. Errors and billed tokens count over all phases. Of a run in steps the
    percentiles are those of its first step, the lowest load: a mixture would describe none. Of a
    comparison they are those of the plan's own target; the others' stand in ``rivals``. Of a sweep
    of a server they, and the counts, are those of the open loop at half of its capacity.
    """
    own = [s for s in samples if s.target == 0]
    return _of_target(plan, own).model_copy(
        update={
            "warnings": cautions(plan, samples),
            "report": report(plan, samples),
            "rivals": tuple(
                _of_target(plan, [s for s in samples if s.target == target])
                for target in range(1, len(plan.targets))
            ),
        }
    )


def _of_target(plan: ProbePlan, samples: Sequence[Sample]) -> LatencySummary:
    samples = without_sizes_found(plan, samples)
    measured = [s for s in samples if s.phase is Phase.MEASURED and s.asked]
    if isinstance(plan.schedule, ServerSweep):
        measured = at_half(plan.schedule, measured)
    headline = [s for s in measured if s.step == 0] if in_steps(plan) else measured
    response = [s.response_s for s in headline]
    service = [s.service_s for s in headline]
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
        tokens_per_s=_tokens_per_s(plan, samples, measured),
        errors=_errors(samples),
    )


def in_steps(plan: ProbePlan) -> bool:
    """Whether the steps of a run are different loads, of which no percentile can be taken."""
    return isinstance(plan.schedule, BatchSweep | ConcurrencySweep | Ramp)


def _cold_start_s(samples: Sequence[Sample]) -> float | None:
    firsts = [s for s in samples if s.phase is Phase.COLD]
    return finite(min(firsts, key=lambda s: s.seq).service_s) if firsts else None


def _lag_p95_s(measured: Sequence[Sample]) -> float | None:
    lags = [lag for s in measured if (lag := s.generator_lag_s) is not None]
    return percentile(lags, 0.95) if lags else None


def _tokens_billed(samples: Sequence[Sample]) -> int | None:
    """Sum over all phases; None where no request said what it billed."""
    said = [s.tokens_billed for s in samples if s.tokens_billed is not None]
    return sum(said) if said else None


def _tokens_per_s(
    plan: ProbePlan, samples: Sequence[Sample], measured: Sequence[Sample]
) -> float | None:
    """Tokens over summed time of the requests that stated them; of a batch sweep at its best."""
    curve = batch_curve(plan, samples)
    if curve is not None:
        return curve.best_tokens_per_s
    stated = [s for s in measured if s.ok and s.tokens_billed is not None]
    tokens = sum(s.tokens_billed or 0 for s in stated)
    seconds = sum(_busy_s(plan, s) for s in stated)
    return tokens / seconds if seconds > 0 else None


def _busy_s(plan: ProbePlan, sample: Sample) -> float:
    """Time that a request was being worked on, s.

    The local model serves one request at a time and states its own time: its service time would
    count the queue once for every request in it.
    """
    if plan.targets[sample.target].sole_local is not None and sample.server_ms is not None:
        return sample.server_ms / MS_PER_SECOND
    return sample.service_s


def _errors(samples: Sequence[Sample]) -> tuple[tuple[str, int], ...]:
    counts = Counter(s.outcome.value for s in samples if not s.ok)
    return tuple(counts.most_common())
