"""A run in words: what it was, how it went, on what it was measured."""

from collections.abc import Iterator, Sequence
from typing import Final

from core.measurement import Estimate, LatencySummary
from core.measurement.report import ServerShare
from core.probe.plan import (
    ApiTarget,
    BatchSweep,
    ClosedLoop,
    ColdStart,
    ConcurrencySweep,
    OpenLoop,
    Paired,
    ProbePlan,
    Ramp,
    Schedule,
)
from dashboard import formats
from dashboard.components.run_data import outcome_text
from dashboard.resources.history import Environment, RunState, RunView

Field = tuple[str, str]
"""A name and what there is to say under it, as plain text."""

INFINITE: Final = "∞"
"""A percentile that failures reach into: they count as infinitely slow."""

STATES: Final[dict[RunState, str]] = {
    RunState.QUEUED: "waiting for its process",
    RunState.LOADING: "loading",
    RunState.RUNNING: "running",
    RunState.DONE: "done",
    RunState.CANCELLED: "cancelled",
    RunState.FAILED: "failed",
    RunState.LOST: "lost",
}
"""Each state in a word or two; one that is not the plain end carries its count too."""


MODES: Final = {
    "open_loop": "open loop",
    "closed_loop": "closed loop",
    "concurrency": "concurrency sweep",
    "batches": "batch sizes",
    "ramp": "ramp",
    "cold_start": "cold start",
    "paired": "comparison",
}
"""Each kind of schedule in a word or two."""

SWEEP: Final = "sweep"
"""The kind of a run that times the local engine's batches instead of probing."""


def mode_text(run: RunView) -> str:
    """How the run asked."""
    return "engine sweep" if run.kind == SWEEP else MODES[run.plan.schedule.kind]


def state_text(run: RunView) -> str:
    """How the run went: done; cancelled after 12 of 84 requests."""
    words = STATES[run.state]
    if run.state is RunState.DONE:
        return words
    if run.live:
        return f"{words}, {run.done} of {run.planned} requests"
    return f"{words} after {run.done} of {run.planned} requests"


def explanation(run: RunView) -> str:
    """What a reader must know of a run that did not go through, "" for one that did."""
    kept = f"Its {run.done} samples are kept." if run.done else "Nothing was measured."
    if run.error:
        return f"{run.error.rstrip('.')}. {kept}"
    return (
        "" if run.state is RunState.DONE or run.live else f"This run was {state_text(run)}. {kept}"
    )


def when_text(run: RunView) -> str:
    """The moment that stands for the run: when it was asked for."""
    return formats.moment(run.created_at)


def title(run: RunView) -> str:
    """A run in a list of choices."""
    label, mode = run.plan.subject.label, mode_text(run)
    return f"{run.created_at:%Y-%m-%d %H:%M} · {label} · {mode} · {state_text(run)}"


def where_text(run: RunView) -> str:
    """The place of the measuring computer and, for a local model, what computed."""
    found = run.environment
    place = run.plan.subject.place or (found.place if found else None)
    hardware = run.plan.subject.hardware or (found.hardware if found else None)
    return ", ".join(part for part in (hardware, place) if part)


def value_text(estimate: Estimate) -> str:
    """A percentile without its interval."""
    return INFINITE if estimate.value_s is None else formats.duration(estimate.value_s)


def interval_text(estimate: Estimate) -> str:
    """The interval of a percentile in few words."""
    low, high = estimate.low_s, estimate.high_s
    if low is None and high is None:
        failed = estimate.value_s is None
        return "failures reach into it" if failed else "too few for an interval"
    if high is None:
        return f"at least {formats.duration(low)}"
    if low is None:
        return f"at most {formats.duration(high)}"
    return f"{formats.duration(low)} to {formats.duration(high)}"


def failures_text(summary: LatencySummary) -> str:
    """Failures by name: timeout 3, server error 1."""
    return ", ".join(f"{outcome_text(name)} {count}" for name, count in summary.errors)


def plan_fields(plan: ProbePlan) -> Iterator[Field]:
    """What was asked of the run."""
    yield "Model", plan.subject.model
    if isinstance(plan.target, ApiTarget):
        # The host alone: a typed address may carry what is nobody's business.
        yield "Endpoint", plan.target.endpoint.base_url.host or "not known"
        yield "Asked for as", plan.target.wire_model
    yield "Requests", f"{plan.requests} measured after 1 cold and {plan.warm_up_requests} warm-up"
    yield "Schedule", f"{schedule_text(plan.schedule)}, seed {plan.seed}"
    texts = f"{len(plan.texts)} in turn, {plan.texts_per_request} a request"
    characters = sum(len(text) for text in plan.texts) / len(plan.texts)
    yield "Texts", f"{texts}, {characters:,.0f} characters on average"
    yield "Time limit", formats.duration(plan.timeout_s)
    yield "In flight at most", str(plan.in_flight_cap)


def headline_note(plan: ProbePlan) -> str:
    """Of which of its requests a run's percentiles are, where not of all."""
    match plan.schedule:
        case ConcurrencySweep() | Ramp():
            return "The percentiles are those of the lowest load."
        case BatchSweep():
            return "The percentiles are those of the smallest requests."
        case ColdStart():
            return "The percentiles are those of the warm calls."
        case Paired():
            return f"The percentiles are those of {plan.subject.label}."
        case ClosedLoop():
            return "A closed loop: response and service time are the same but for our own lag."
        case OpenLoop():
            return ""


def no_failures_text(summary: LatencySummary) -> str:
    """What no failure in so many requests excludes."""
    high = summary.report.failure_rate_high if summary.report is not None else None
    if high is None:
        return "no failures"
    return f"no failures: with 95 % confidence fewer than {formats.percent(high)} fail"


def overhead_texts(summary: LatencySummary) -> Field:
    """What our own client adds, and what to think of it."""
    overhead = summary.overhead
    if overhead is None:
        return "–", "not calibrated"
    bound = summary.report is not None and summary.report.client_bound
    verdict = "CLIENT-BOUND: it measured itself, too" if bound else "of every time shown, at most"
    return formats.duration(overhead.p50_s), f"p99 {formats.duration(overhead.p99_s)}; {verdict}"


def findings(summary: LatencySummary, usd_per_request: float | None = None) -> Iterator[str]:
    """Sentences on what the report holds beside its curves.

    ``usd_per_request``: what a request of this run cost, for what more of them would cost.
    """
    report = summary.report
    if report is None:
        return
    yield from report.bounds
    if (share := report.server) is not None:
        yield _server_text(share)
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
    return f", about {formats.usd(requests * usd_per_request)},"


def usd_per_request(run: RunView) -> float | None:
    """What a request of this run cost on average; None before any was sent."""
    return float(run.spent_usd) / run.done if run.done else None


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


def schedule_text(schedule: Schedule) -> str:
    """How the requests of a run leave, in few words."""
    match schedule:
        case OpenLoop():
            return f"{schedule.rate_per_s:g} requests/s, {schedule.arrivals}"
        case ClosedLoop():
            return f"closed loop, {_count(schedule.workers, 'worker')}"
        case ConcurrencySweep():
            return f"closed loops of {_list(schedule.workers)} workers"
        case BatchSweep():
            lengths = f" of {_list(schedule.characters)} characters" if schedule.characters else ""
            return (
                f"batches of {_list(schedule.sizes)} texts{lengths}, each {schedule.repeats} times"
            )
        case Ramp():
            lasts = formats.duration(schedule.step_s)
            return f"{_list(schedule.rates_per_s)} requests/s, {lasts} each, {schedule.arrivals}"
        case ColdStart():
            gaps = ", ".join(formats.duration(gap_s) for gap_s in schedule.gaps_s)
            return f"after silences of {gaps}, each {schedule.repeats} times"
        case Paired():
            return f"{schedule.rate_per_s:g} pairs/s in random order, {schedule.arrivals}"


def _list(values: Sequence[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def money_fields(run: RunView) -> Iterator[Field]:
    """What it could have cost, and what it did."""
    yield "Cost", formats.usd(float(run.spent_usd))
    yield "Could have cost at most", formats.usd(float(run.worst_case_usd))
    if run.summary is not None and run.summary.tokens_billed is not None:
        yield "Tokens billed", f"{run.summary.tokens_billed:,}"


def environment_fields(found: Environment | None) -> Iterator[Field]:
    """On which machine it was measured; what is not known is left out."""
    if found is None:
        return
    fields = (
        ("Device", found.device),
        ("Chosen because", found.device_reason),
        ("Hardware", found.hardware),
        ("Threads", found.threads),
        ("Weights (sha256)", found.revision),
        ("Processor", found.cpu),
        ("Logical CPUs", found.logical_cpus),
        ("Load average, start", _load(found.load_at_start)),
        ("Load average, end", _load(found.load_at_end)),
        ("Place", found.place),
        ("System", found.os),
        ("Clock resolution", f"{found.clock_resolution_s * 1e9:g} ns"),
    )
    for name, value in fields:
        if value is not None:
            yield name, str(value)


def software_fields(found: Environment | None) -> Iterator[Field]:
    """With which software it was measured."""
    if found is not None:
        yield "Python", found.python
        yield from found.versions


def _load(average: float | None) -> str | None:
    return None if average is None else f"{average:.2f}"
