"""How a run asked, in words."""

from collections.abc import Sequence
from typing import Final

from core.probe.records.probe_plan import (
    BatchSweep,
    ClosedLoop,
    ColdStart,
    ConcurrencySweep,
    OpenLoop,
    Paired,
    ProbePlan,
    Ramp,
    RetrievalTest,
    Schedule,
    ServerSweep,
)
from dashboard import formats
from dashboard.resources.history import RunView

MODES: Final = {
    "open_loop": "open loop",
    "closed_loop": "closed loop",
    "concurrency": "concurrency sweep",
    "batches": "batch sizes",
    "ramp": "ramp",
    "cold_start": "cold start",
    "paired": "comparison",
    "server_sweep": "server sweep",
    "quality": "test of quality",
}
"""Each kind of schedule in a word or two."""

SWEEP: Final = "sweep"
"""The kind of a run that times the local engine's batches instead of probing."""


def mode_text(run: RunView) -> str:
    """How the run asked."""
    return "engine sweep" if is_sweep(run) else MODES[run.plan.schedule.kind]


def is_sweep(run: RunView) -> bool:
    """Whether a run timed the local engine's batches."""
    return run.kind == SWEEP


def of_server(run: RunView) -> bool:
    """Whether a run swept a server: it measures the machine that a person says the server is."""
    return isinstance(run.plan.schedule, ServerSweep)


def unit_text(run: RunView) -> str:
    """What a run's progress counts."""
    if of_quality(run):
        return "texts"
    return "steps" if is_sweep(run) else "requests"


def of_quality(run: RunView) -> bool:
    """Whether a run asked what is found, and timed nothing."""
    return isinstance(run.plan.schedule, RetrievalTest)


def headline_note(run: RunView) -> str:
    """Of which of its requests a run's percentiles are, where not of all."""
    if is_sweep(run):
        return "The percentiles are those of the open loop at half of the engine's capacity."
    plan: ProbePlan = run.plan
    match plan.schedule:
        case ConcurrencySweep() | Ramp():
            return "The percentiles are those of the lowest load."
        case BatchSweep():
            return "The percentiles are those of the smallest requests."
        case ColdStart():
            return "The percentiles are those of the warm calls."
        case Paired():
            return f"The percentiles are those of {plan.subject.label}."
        case ServerSweep():
            return "The percentiles are those of the open loop at half of the server's capacity."
        case RetrievalTest():
            return "A test of quality times nothing."
        case ClosedLoop():
            return "A closed loop: response and service time are the same but for our own lag."
        case OpenLoop():
            return ""


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
        case RetrievalTest():
            return f"{schedule.queries:,} queries over {schedule.documents:,} documents, each once"
        case ServerSweep():
            return (
                f"batches of {_list(schedule.sizes)} texts of about {_list(schedule.tokens)} "
                f"tokens, then closed loops, then open loops, of {schedule.load_tokens} tokens"
            )


def _list(values: Sequence[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
