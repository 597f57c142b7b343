"""A run in words: what it was, how it went, on what it was measured."""

from collections.abc import Iterator
from typing import Final

from core.measurement.estimate import Estimate
from core.measurement.latency import LatencySummary
from core.money import DOLLARS
from core.probe.records.probe_plan import ProbePlan, RetrievalTest
from dashboard import formats
from dashboard.components.runs.words.run_data import outcome_text
from dashboard.components.runs.words.run_schedule import (
    mode_text,
    of_quality,
    schedule_text,
    unit_text,
)
from dashboard.components.runs.words.tested_words import asked_fields
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


def state_text(run: RunView) -> str:
    """How the run went: done; cancelled after 12 of 84 requests."""
    words = STATES[run.state]
    if run.state is RunState.DONE:
        return words
    if run.live:
        return f"{words}, {run.done} of {run.planned} {unit_text(run)}"
    return f"{words} after {run.done} of {run.planned} {unit_text(run)}"


def explanation(run: RunView) -> str:
    """What a reader must know of a run that did not go through, "" for one that did."""
    measured = _kept(run)
    if run.error:
        return f"{run.error.rstrip('.')}. {measured}"
    if run.state is RunState.DONE or run.live:
        return ""
    return f"This run was {state_text(run)}. {measured}"


def _kept(run: RunView) -> str:
    if of_quality(run):
        has_figures = run.quality is not None and run.quality.has_figures
        return "What it found until then is kept." if has_figures else "It gave no figure."
    return f"Its {run.done} samples are kept." if run.done else "Nothing was measured."


def when_text(run: RunView) -> str:
    """The moment that stands for the run: when it was asked for."""
    return formats.moment(run.created_at)


def title(run: RunView) -> str:
    """A run in a list of choices."""
    label, mode = run.plan.subject.label, mode_text(run)
    imported = " · imported" if run.imported_from is not None else ""
    return f"{run.created_at:%Y-%m-%d %H:%M} · {label} · {mode} · {state_text(run)}{imported}"


def where_text(run: RunView) -> str:
    """The place of the measuring computer and, for a local model, what computed."""
    machine = run.environment
    place = run.plan.subject.place or (machine.place if machine else None)
    hardware = run.plan.subject.hardware or (machine.hardware if machine else None)
    imported = imported_text(run)
    return ", ".join(part for part in (imported, hardware, place) if part)


def imported_text(run: RunView) -> str:
    """Of a run that came from a file: "imported from" and the place; "" for one made here."""
    return "" if run.imported_from is None else f"imported from {run.imported_from}"


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
    if (api := plan.target.sole_api) is not None:
        # The host alone: a typed address may carry what is nobody's business.
        yield "Endpoint", api.endpoint.base_url.host or "not known"
        yield "Asked for as", api.wire_model
        fields = {**api.endpoint.query, **api.endpoint.body}
        if fields:
            yield "Asked with", ", ".join(f"{name}={value}" for name, value in fields.items())
    if isinstance(plan.schedule, RetrievalTest):
        yield from asked_fields(plan, plan.schedule)
        yield "Time limit", formats.duration(plan.timeout_s)
        return
    yield from _request_fields(plan)
    yield "Time limit", formats.duration(plan.timeout_s)
    yield "In flight at most", str(plan.in_flight_cap)


def _request_fields(plan: ProbePlan) -> Iterator[Field]:
    yield "Requests", f"{plan.requests} measured after 1 cold and {plan.warm_up_requests} warm-up"
    yield "Schedule", f"{schedule_text(plan.schedule)}, seed {plan.seed}"
    once = plan.texts_once and any(target.apis for target in plan.targets)
    use = "each once, then with a tail of its own" if once else "in turn"
    texts = f"{len(plan.texts)} {use}, {plan.texts_per_request} a request"
    characters = sum(len(text) for text in plan.texts) / len(plan.texts)
    yield "Texts", f"{texts}, {characters:,.0f} characters on average"


def money_fields(run: RunView) -> Iterator[Field]:
    """What it could have cost, and what it did."""
    yield "Cost", formats.usd(float(run.spent_usd), DOLLARS)
    yield "Could have cost at most", formats.usd(float(run.worst_case_usd), DOLLARS)
    if run.summary is not None and run.summary.tokens_billed is not None:
        yield "Tokens billed", f"{run.summary.tokens_billed:,}"


def machine_fields(run: RunView) -> Iterator[Field]:
    """On which machine it was measured; what is not known is left out."""
    if run.imported_from is not None:
        yield "Imported from", run.imported_from
    yield from environment_fields(run.environment)


def environment_fields(environment: Environment | None) -> Iterator[Field]:
    """What a run says of its machine; what is not known is left out."""
    if environment is None:
        return
    fields = (
        ("Device", environment.device),
        ("Chosen because", environment.device_reason),
        ("Hardware", environment.hardware),
        ("Threads", environment.threads),
        ("Weights (sha256)", environment.revision),
        ("Processor", environment.cpu),
        ("Logical CPUs", environment.logical_cpus),
        ("Load average, start", _load(environment.load_at_start)),
        ("Load average, end", _load(environment.load_at_end)),
        ("Place", environment.place),
        ("System", environment.os),
        ("Clock resolution", f"{environment.clock_resolution_s * 1e9:g} ns"),
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
