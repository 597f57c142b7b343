"""What the server says of itself in its answers, and what it refuses, each said once."""

from collections.abc import Sequence
from typing import Final

from core.probe.answers.answer_check import OTHER_MODEL
from core.probe.findings.size_findings import limit_sentence
from core.probe.records.embedder import ANSWERED_BASE64, ASKED_FOR_FLOAT
from core.probe.records.probe_plan import BatchSweep, ProbePlan
from core.probe.records.sample import Phase, Sample
from core.probe.statistics.words import duration

MS_PER_SECOND: Final = 1_000.0
LOADED_MS: Final = 100.0
"""Less is the looking up of a model that is loaded already: Ollama's own example has 1 ms."""


def all_of(plan: ProbePlan, ordered: Sequence[Sample]) -> tuple[str | None, ...]:
    """One sentence for each target and finding, None where there is nothing to say."""
    sentences: list[str | None] = []
    for target, subject in enumerate(plan.subjects):
        own = [s for s in ordered if s.target == target]
        name = subject.label if plan.rivals else "This endpoint"
        sentences += [
            other_model(plan, target, name, own),
            encoding(name, own),
            loaded(name, own),
            # A sweep says it beside its curve.
            None if isinstance(plan.schedule, BatchSweep) else limit_sentence(plan, own),
        ]
    return tuple(sentences)


def other_model(plan: ProbePlan, target: int, name: str, own: Sequence[Sample]) -> str | None:
    """Right answers that name another model than was asked for."""
    billed = plan.targets[target].billed
    detail = next((s.detail for s in own if s.ok and OTHER_MODEL in s.detail), None)
    if detail is None or billed is None:
        return None
    named = detail.partition(OTHER_MODEL)[2].partition("; ")[0]
    return (
        f"{name} was asked for {billed.wire_model} and names {named} in its answers. A deployment "
        "may have a name of its own: check that it is the model that you mean."
    )


def encoding(name: str, own: Sequence[Sample]) -> str | None:
    """How the vectors came, where not as they were asked for."""
    if any(ASKED_FOR_FLOAT in s.detail for s in own):
        return (
            f"{name} refuses base64, so its vectors were asked for as numbers (encoding_format "
            "float), which are longer. The request that was refused went a second time, and its "
            "time holds both."
        )
    if any(ANSWERED_BASE64 in s.detail for s in own):
        return f"{name} answers in base64 though it was asked for numbers (encoding_format float)."
    return None


def loaded(name: str, own: Sequence[Sample]) -> str | None:
    """A server that loads its model while it is asked: its own cold start."""
    slow = [s for s in own if s.ok and (s.server_load_ms or 0.0) >= LOADED_MS]
    if not slow:
        return None
    longest_s = max(s.server_load_ms or 0.0 for s in slow) / MS_PER_SECOND
    measured = sum(s.phase is Phase.MEASURED for s in slow)
    where = (
        f"{measured} measured answers among them, whose latency holds it"
        if measured
        else "none of them measured"
    )
    return (
        f"{name} loaded its model for {len(slow)} answers, {where}: by its own word up to "
        f"{duration(longest_s)}, a cold start of its own."
    )
