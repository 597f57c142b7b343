"""A run in lines, for a terminal."""

from collections.abc import Iterator, Sequence

from core.cli.probing.telling.run_steps import estimate_text, step_lines
from core.measurement.latency import LatencySummary
from core.measurement.report import Plain, RunReport, ServerShare
from core.probe.findings.summary import in_steps
from core.probe.findings.ways_to_fail import WayToFail
from core.probe.statistics.words import duration, per_second, percent
from core.runs.watching.run_view import RunView


def lines_of(view: RunView, failures: Sequence[WayToFail] = ()) -> list[str]:
    """A finished run: latencies of every target, what a comparison found, whence, and its price.

    ``failures``: how its requests failed, in the server's own words.
    """
    lines = [f"{view.plan.subject.label}: {view.state.value}, run {view.run_id}"]
    if view.summary is not None:
        lines += _of_summary(view, view.summary)
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


def _of_summary(view: RunView, summary: LatencySummary) -> Iterator[str]:
    report = summary.report or RunReport()
    # Of a run in steps the percentiles are its first step's, which is among the steps.
    if not in_steps(view.plan):
        yield from _latencies(summary)
        yield from _first_byte(report)
    yield from (f"  {line}" for line in step_lines(report))
    yield _answered(summary, report)
    if summary.cold_start_s is not None:
        yield f"  first call {summary.cold_start_s * 1e3:.1f} ms, apart"
    yield from (f"  {name}: {count}" for name, count in summary.errors)
    yield from (f"  {line}" for line in _beside(summary, report))
    for subject, rival in zip(view.plan.subjects[1:], summary.rivals, strict=False):
        yield f"{subject.label}:"
        yield from _latencies(rival)
        yield _answered(rival, RunReport())
    yield from (f"  {sentence}" for sentence in report.sentences)
    yield from (f"  note: {sentence}" for sentence in summary.warnings)


def _latencies(summary: LatencySummary) -> Iterator[str]:
    yield f"  response p50 {estimate_text(summary.response_p50)}"
    yield f"  response p95 {estimate_text(summary.response_p95)}"
    yield f"  response p99 {estimate_text(summary.response_p99)}"
    yield f"  service  p50 {estimate_text(summary.service_p50)}"
    yield f"  service  p95 {estimate_text(summary.service_p95)}"


def _first_byte(report: RunReport) -> Iterator[str]:
    if report.first_byte_p50 is not None and report.first_byte_p95 is not None:
        yield f"  first byte p50 {estimate_text(report.first_byte_p50)}"
        yield f"  first byte p95 {estimate_text(report.first_byte_p95)}"


def _answered(summary: LatencySummary, report: RunReport) -> str:
    rate = (
        "" if report.answered_per_s is None else f": {per_second(report.answered_per_s)} answers/s"
    )
    good = (
        ""
        if report.good_per_s is None
        else f", {per_second(report.good_per_s)}/s within the objective"
    )
    return f"  answered {summary.n_ok}, failed {summary.n_failed}{rate}{good}"


def _beside(summary: LatencySummary, report: RunReport) -> Iterator[str]:
    """What the percentiles do not say: whose time it is, failures left out, our own part."""
    yield from report.bounds
    if report.server is not None:
        yield f"{_server(report.server)}{' of all steps)' if _steps_of(report) else ')'}"
    if report.plain is not None:
        yield f"of the answers alone, failures left out: {_three(report.plain)}"
    if report.back_filled is not None:
        three = _three(report.back_filled)
        yield f"estimated with what was not sent while the workers waited: {three}"
    if report.failure_rate_high is not None:
        high = percent(report.failure_rate_high)
        yield f"no failures: with 95 % confidence fewer than {high} fail"
    if summary.tokens_per_s is not None and not _steps_of(report):
        yield f"{summary.tokens_per_s:,.0f} tokens/s of a single request, so at least of the server"
    if summary.overhead is not None:
        own = summary.overhead
        yield f"our own client takes {duration(own.p50_s)} of that, p99 {duration(own.p99_s)}"


def _steps_of(report: RunReport) -> bool:
    """Whether its requests were no single load."""
    return report.load is not None or report.batches is not None


def _server(share: ServerShare) -> str:
    named = (
        ("queue", share.queue_s),
        ("model", share.inference_s),
        ("tokenizer", share.tokenization_s),
    )
    parts = [f"{name} {duration(seconds)}" for name, seconds in named if seconds is not None]
    own = f" ({', '.join(parts)})" if parts else ""
    return (
        f"by the server's own word {duration(share.server_s)}{own}, the rest "
        f"{duration(share.network_s)} (medians of {share.n} answers"
    )


def _three(plain: Plain) -> str:
    times = (("p50", plain.p50_s), ("p95", plain.p95_s), ("p99", plain.p99_s))
    return ", ".join(f"{name} {duration(seconds)}" for name, seconds in times)
