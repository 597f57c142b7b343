"""A run in lines, for a terminal."""

from collections.abc import Sequence

from core.measurement.estimate import Estimate
from core.measurement.latency import LatencySummary
from core.measurement.report import RunReport
from core.probe.findings.ways_to_fail import WayToFail
from core.runs.watching.run_view import RunView


def lines_of(view: RunView, report: RunReport, failures: Sequence[WayToFail] = ()) -> list[str]:
    """A finished run: latencies of every target, what a comparison found, whence, and its price.

    ``failures``: how its requests failed, in the server's own words.
    """
    lines = [f"{view.plan.subject.label}: {view.state.value}, run {view.run_id}"]
    if view.summary is not None:
        others = view.plan.subjects[1:]
        lines += _latencies(view.summary)
        for subject, summary in zip(others, view.summary.rivals, strict=False):
            lines += [f"{subject.label}:", *_latencies(summary)]
    lines += [f"  {sentence}" for sentence in report.sentences]
    lines += [f"  failed: {way.sentence}" for way in failures]
    if view.neighbours is not None:
        lines += [f"  {overlap.sentence}" for overlap in view.neighbours.found]
        lines += [f"  neighbours: {failure}" for failure in view.neighbours.failures]
    if view.inspection is not None:
        lines += [f"  inspected: {sentence}" for sentence in view.inspection.sentences]
    if view.server_metrics is not None:
        lines += [f"  server: {sentence}" for sentence in view.server_metrics.sentences]
    lines.append(f"  seed {view.plan.seed}")
    machine = view.environment
    if machine is not None:
        where = (machine.host, machine.place, machine.region, machine.route)
        lines.append(f"  from {', '.join(filter(None, where))}")
    lines.append(f"  billed ${view.spent_usd:f} of at most ${view.worst_case_usd:f}")
    return lines


def _latencies(summary: LatencySummary) -> list[str]:
    lines = [
        f"  response p50 {_ms(summary.response_p50)}",
        f"  response p95 {_ms(summary.response_p95)}",
        f"  service  p50 {_ms(summary.service_p50)}",
        f"  answered {summary.n_ok}, failed {summary.n_failed}",
    ]
    if summary.cold_start_s is not None:
        lines.append(f"  first call {summary.cold_start_s * 1e3:.1f} ms, apart")
    lines += [f"  {name}: {count}" for name, count in summary.errors]
    return lines + [f"  note: {sentence}" for sentence in summary.warnings]


def _ms(estimate: Estimate) -> str:
    """A percentile with its interval, ms."""
    if estimate.value_s is None:
        return "infinite: failures reach into it"
    low, high = estimate.low_s, estimate.high_s
    least = "?" if low is None else f"{low * 1e3:.1f}"
    most = "no upper bound" if high is None else f"{high * 1e3:.1f}"
    return f"{estimate.value_s * 1e3:.1f} ms (95 %: {least} to {most})"
