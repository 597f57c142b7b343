"""Two runs of different moments beside each other, by their answers to the same texts.

A pair is the same text of the plan at the same use of it, so that long texts are held against long
ones. What else has changed between the two moments is in the difference: only a comparison within
one run keeps that out.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import RunError
from core.measurement.report import Comparison
from core.probe.records.probe_plan import ClosedLoop, OpenLoop, ProbePlan
from core.probe.records.sample import Phase, Sample
from core.probe.sending.script import script
from core.probe.statistics.paired_difference import Pairs, compared

MOMENTS = (
    " The two are of different moments: whatever else changed between them is in the difference."
)
Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A run with its name in sentences."""

    label: str
    plan: ProbePlan
    samples: Sequence[Sample]


def compare_runs(earlier: Measured, later: Measured) -> Comparison:
    """The later run against the earlier one, in pairs of answers of their own targets.

    Raises RunError where :func:`refuse_unlike` does.
    """
    refuse_unlike(earlier.plan, later.plan)
    uses = _uses(earlier)
    pairs = [
        (one.response_s, other.response_s)
        for texts, use, other in _sent(later)
        if (one := uses.get((texts, use))) is not None
    ]
    times = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    answered = times[np.isfinite(times).all(axis=1)]
    failed_a, failed_b = (int(count) for count in np.isinf(times).sum(axis=0))
    comparison = compared(
        Pairs(answered[:, 0], answered[:, 1], failed_a, failed_b),
        (0, 1),
        (earlier.label, later.label),
    )
    return comparison.model_copy(update={"sentence": comparison.sentence + MOMENTS})


def refuse_unlike(earlier: ProbePlan, later: ProbePlan) -> None:
    """Raise RunError where the answers of two plans are no pairs: other texts, or another load."""
    if _load(earlier) != _load(later):
        raise RunError(
            f"The runs cannot be compared: one is {_load(earlier)}, the other {_load(later)}. "
            "Probe again with the same load."
        )
    if not set(earlier.texts) & set(later.texts):
        raise RunError(
            "The runs cannot be compared, for they sent no text in common. Probe again with the "
            "texts of the earlier run."
        )


def _load(plan: ProbePlan) -> str:
    """What must be alike for a difference to be the answerer's own. Raises RunError."""
    match plan.schedule:
        case OpenLoop(rate_per_s=rate):
            load = f"an open loop of {rate:g} requests/s"
        case ClosedLoop(workers=workers):
            load = f"a closed loop of {workers} at a time"
        case other:
            raise RunError(
                f"Only open and closed loops are compared, request by request; {other.kind} is "
                "neither."
            )
    return f"{load} with {plan.texts_per_request} texts each"


def _sent(run: Measured) -> list[tuple[Texts, int, Sample]]:
    """Every measured request that was asked, with its texts and how often they came before.

    Without the tails that make a text new to a server: they are alike for all texts.
    """
    asked = {s.seq: s for s in run.samples if s.phase is Phase.MEASURED and s.asked}
    count: dict[Texts, int] = defaultdict(int)
    sent = []
    for seq, call in enumerate(script(run.plan)):
        if call.phase is not Phase.MEASURED:
            continue
        texts = tuple(text for text, _ in call.parts)
        if seq in asked:
            sent.append((texts, count[texts], asked[seq]))
        count[texts] += 1
    return sent


def _uses(run: Measured) -> dict[tuple[Texts, int], Sample]:
    return {(texts, use): sample for texts, use, sample in _sent(run)}
