"""What is known of a run that goes on, in one line."""

from core.cli.probing.telling.run_steps import load_words
from core.measurement.estimate import Estimate
from core.measurement.latency import LatencySummary
from core.measurement.report import RunReport
from core.probe.statistics.words import duration
from core.runs.watching.run_view import RunView


def so_far(view: RunView) -> str:
    """The numbers of a live run; "" before the first answer."""
    summary = view.summary
    if view.texts_embedded is not None and summary is None:
        return "embedding"
    if summary is None:
        return ""
    if not summary.n_ok:
        cold_s = summary.cold_start_s
        return "" if cold_s is None else f"first call {duration(cold_s)}"
    failed = f", {summary.n_failed} failed" if summary.n_failed else ""
    return (_of_steps(summary.report or RunReport()) or _percentiles(summary)) + failed


def plain_line(view: RunView) -> str:
    """The same where no line can be drawn again: with how far the run is; "" before a number."""
    words = so_far(view)
    if view.texts_embedded is not None and view.summary is None:
        done, total = view.texts_embedded
        return f"so far, {done:,} of {total:,} texts"
    return f"so far, {view.done} of {view.planned} requests: {words}" if words else ""


def _percentiles(summary: LatencySummary) -> str:
    named = (
        ("p50", summary.response_p50),
        ("p95", summary.response_p95),
        ("p99", summary.response_p99),
    )
    return ", ".join(f"{name} {_short(estimate)}" for name, estimate in named)


def _short(estimate: Estimate) -> str:
    if estimate.value_s is None:
        return "infinite"
    if estimate.low_s is None or estimate.high_s is None:
        return duration(estimate.value_s)
    return (
        f"{duration(estimate.value_s)} ({duration(estimate.low_s)} to {duration(estimate.high_s)})"
    )


def _of_steps(report: RunReport) -> str:
    """Of a run whose steps differ, what stands out so far; "" for any other."""
    if report.load is not None and report.load.steps:
        return load_words(report.load.steps[-1])
    if report.batches is not None and report.batches.steps:
        sizes = len(report.batches.steps)
        times = [s.per_text_s for s in report.batches.steps if s.per_text_s is not None]
        best = f", at best {duration(min(times))} a text" if times else ""
        return f"{sizes} size{'' if sizes == 1 else 's'} tried{best}"
    if report.cold is not None and report.cold.gaps:
        last = report.cold.gaps[-1]
        first = last.first_p50.value_s
        return f"after {duration(last.gap_s)}: first call {duration(first)}" if first else ""
    return ""
