"""What a run found beyond its percentiles, put together from its samples."""

import math
from collections.abc import Sequence
from statistics import median

from core.measurement.report import Plain, RunReport, ServerShare
from core.probe.findings.batch_fit_of_api import batch_curve
from core.probe.findings.cautions import is_client_bound
from core.probe.findings.gaps import cold_curve
from core.probe.findings.of_server.server_findings import server_found
from core.probe.findings.pattern_cautions import slow_beginning
from core.probe.records.probe_plan import ClosedLoop, OpenLoop, Paired, ProbePlan, ServerSweep
from core.probe.records.sample import Phase, Sample
from core.probe.statistics.capacity import load_curve
from core.probe.statistics.estimates import estimate, one_sided_bounds
from core.probe.statistics.of_server.server_loads import at_half
from core.probe.statistics.paired_difference import compare_all
from core.probe.statistics.percentiles import (
    back_fill,
    failure_rate_upper_bound,
    percentile,
    requests_for_precision,
)
from core.probe.statistics.steps import rates_of
from core.units import NS_PER_SECOND

LEAST_FOR_SPREAD = 20
"""Below this the spread of the times is too uncertain to plan with."""


def report(plan: ProbePlan, samples: Sequence[Sample]) -> RunReport:
    """The report of what is measured so far."""
    own = sorted((s for s in samples if s.target == 0), key=lambda s: s.seq)
    measured = [s for s in own if s.phase is Phase.MEASURED and s.asked]
    if isinstance(plan.schedule, ServerSweep):
        measured = at_half(plan.schedule, measured)
    uniform = isinstance(plan.schedule, OpenLoop | ClosedLoop | Paired)
    times = [s.response_s for s in measured] if uniform else []
    first_bytes = _first_bytes_s(measured) if uniform else []
    answered_per_s, good_per_s = _rates(plan, measured)
    return RunReport(
        load=load_curve(plan, samples),
        batches=batch_curve(plan, samples),
        cold=cold_curve(plan, samples),
        comparisons=compare_all(plan, samples) if isinstance(plan.schedule, Paired) else (),
        server_sweep=server_found(plan, samples),
        server=server_share(measured),
        plain=_plain(times),
        back_filled=_back_filled(plan, measured),
        bounds=one_sided_bounds(times),
        failure_rate_high=_failure_rate_high(measured),
        more_requests=_more_requests(times),
        warm_up_seen=slow_beginning(measured) if uniform else 0,
        client_bound=is_client_bound(measured),
        first_byte_p50=estimate(first_bytes, 0.50) if first_bytes else None,
        first_byte_p95=estimate(first_bytes, 0.95) if first_bytes else None,
        answered_per_s=answered_per_s,
        good_per_s=good_per_s,
    )


def _first_bytes_s(measured: Sequence[Sample]) -> list[float]:
    """From the sending to the first byte, s, +inf for a failure; empty where none has one."""
    times = [
        (s.first_byte_ns - s.sent_ns) / NS_PER_SECOND
        if s.ok and s.first_byte_ns is not None and s.sent_ns is not None
        else math.inf
        for s in measured
    ]
    return times if any(map(math.isfinite, times)) else []


def _rates(plan: ProbePlan, measured: Sequence[Sample]) -> tuple[float | None, float | None]:
    """Answers/s of a run whose requests are one load, and those of them within the objective."""
    if not measured or not isinstance(plan.schedule, OpenLoop | ClosedLoop):
        return None, None
    return rates_of(plan, 0, measured)


def server_share(measured: Sequence[Sample]) -> ServerShare | None:
    """Medians of the answers whose server said how long it took itself.

    Longer than the answer took is not said of that answer.
    """
    with_server_time = [
        s for s in measured if s.ok and s.server_ms is not None and s.server_ms / 1e3 <= s.service_s
    ]
    if not with_server_time:
        return None
    return ServerShare(
        n=len(with_server_time),
        server_s=median((s.server_ms or 0.0) / 1e3 for s in with_server_time),
        network_s=median(
            max(0.0, s.service_s - (s.server_ms or 0.0) / 1e3) for s in with_server_time
        ),
        queue_s=_median_ms([s.server_queue_ms for s in with_server_time]),
        inference_s=_median_ms([s.server_inference_ms for s in with_server_time]),
        tokenization_s=_median_ms([s.server_tokenization_ms for s in with_server_time]),
    )


def _median_ms(values_ms: Sequence[float | None]) -> float | None:
    """Median in seconds of the values that are there."""
    known = [value / 1e3 for value in values_ms if value is not None]
    return median(known) if known else None


def _plain(times: Sequence[float]) -> Plain | None:
    """Percentiles of the answers alone, where some requests failed."""
    answered = [t for t in times if math.isfinite(t)]
    return _percentiles(answered) if answered and len(answered) < len(times) else None


def _back_filled(plan: ProbePlan, measured: Sequence[Sample]) -> Plain | None:
    """With what the workers of a closed loop would have sent had they not waited.

    Each would have sent one request in every median service time.
    """
    services = [s.service_s for s in measured if s.ok]
    if not isinstance(plan.schedule, ClosedLoop) or not services or median(services) <= 0:
        return None
    return _percentiles(back_fill(services, median(services)))


def _percentiles(values: Sequence[float]) -> Plain:
    p50, p95, p99 = (percentile(values, q) for q in (0.50, 0.95, 0.99))
    return Plain(p50_s=p50, p95_s=p95, p99_s=p99)


def _failure_rate_high(measured: Sequence[Sample]) -> float | None:
    if not measured or not all(s.ok for s in measured):
        return None
    return failure_rate_upper_bound(len(measured))


def _more_requests(times: Sequence[float]) -> int | None:
    """How many are missing for a p95 within 10 %, by the spread seen so far."""
    answered = [math.log(t) for t in times if math.isfinite(t) and t > 0]
    if len(answered) < LEAST_FOR_SPREAD:
        return None
    mean = sum(answered) / len(answered)
    spread = math.sqrt(sum((x - mean) ** 2 for x in answered) / (len(answered) - 1))
    return max(0, requests_for_precision(0.95, spread) - len(times))
