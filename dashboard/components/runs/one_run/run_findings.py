"""What a run found beside its percentiles, in sentences."""

from collections.abc import Iterator

from core.measurement.latency import LatencySummary
from core.measurement.report import ServerShare
from core.money import DOLLARS
from dashboard import formats
from dashboard.resources.history import RunView


def no_failures_text(summary: LatencySummary) -> str:
    """What no failure in so many requests excludes."""
    high = summary.report.failure_rate_high if summary.report is not None else None
    if high is None:
        return "no failures"
    return f"no failures: with 95 % confidence fewer than {formats.percent(high)} fail"


def overhead_texts(summary: LatencySummary) -> tuple[str, str]:
    """What our own client adds, and what to think of it."""
    overhead = summary.overhead
    if overhead is None:
        return "–", "not calibrated"
    bound = summary.report is not None and summary.report.client_bound
    verdict = "CLIENT-BOUND: it measured itself, too" if bound else "of every time shown, at most"
    return formats.duration(overhead.p50_s), f"p99 {formats.duration(overhead.p99_s)}; {verdict}"


def findings(
    summary: LatencySummary, usd_per_request: float | None = None, *, local: bool = False
) -> Iterator[str]:
    """Sentences on what the report holds beside its curves.

    ``usd_per_request``: what a request of this run cost, for what more of them would cost.
    """
    report = summary.report
    if report is None:
        return
    yield from report.bounds
    if (share := report.server) is not None:
        yield _local_text(share) if local else _server_text(share)
    if (plain := report.plain) is not None:
        yield (
            "Of the answers alone, failures left out: p50 "
            f"{formats.duration(plain.p50_s)}, p95 {formats.duration(plain.p95_s)}, p99 "
            f"{formats.duration(plain.p99_s)}."
        )
    if (filled := report.back_filled) is not None:
        yield (
            "Estimated with the requests that were not sent while the workers waited: p95 "
            f"{formats.duration(filled.p95_s)}, p99 {formats.duration(filled.p99_s)} "
            "(coordinated omission, back-filled; not measured)."
        )
    if report.more_requests:
        more = f"{formats.count(report.more_requests)} more requests"
        cost = money_text(report.more_requests, usd_per_request)
        yield f"About {more}{cost} would bring the p95 within 10 % either way."
    for one in report.comparisons:
        if one.more_pairs is not None:
            more = f"{formats.count(one.more_pairs)} more pairs"
            # A pair asks every target once.
            cost = money_text(one.more_pairs * (1 + len(summary.rivals)), usd_per_request)
            yield f"About {more}{cost} would tell {one.label_a} and {one.label_b} apart, or alike."


def money_text(requests: int, usd_per_request: float | None) -> str:
    """What so many more requests would cost: ", about $0.0004,"; "" where it is not known."""
    if usd_per_request is None:
        return ""
    return f", about {formats.usd(requests * usd_per_request, DOLLARS)},"


def usd_per_request(run: RunView) -> float | None:
    """What a request of this run cost on average; None before any was sent."""
    return float(run.spent_usd) / run.done if run.done else None


def _local_text(share: ServerShare) -> str:
    return (
        f"The model itself took {formats.duration(share.server_s)}; the rest, waiting for it and "
        f"our own way, {formats.duration(share.network_s)} (medians of {share.n} answers)."
    )


def _server_text(share: ServerShare) -> str:
    parts = [
        f"{name} {formats.duration(seconds)}"
        for name, seconds in (
            ("queue", share.queue_s),
            ("model", share.inference_s),
            ("tokenizer", share.tokenization_s),
        )
        if seconds is not None
    ]
    own = f" ({', '.join(parts)})" if parts else ""
    return (
        f"By the server's own word it took {formats.duration(share.server_s)}{own}; the rest, the "
        f"way there and back, {formats.duration(share.network_s)} (medians of {share.n} answers)."
    )
