"""What the answers of a run show of the server: a memory, or one vector for all."""

from collections.abc import Sequence
from statistics import median
from typing import Final

from core.probe.answers.one_vector import NEARLY_ONE
from core.probe.records.probe_plan import ClosedLoop, OpenLoop, Paired, ProbePlan
from core.probe.records.sample import Phase, Sample
from core.probe.sending.text_stream import is_new_each_time, repeated_place
from core.probe.statistics.effect import matters
from core.probe.statistics.shift import rank_sum_p
from core.probe.statistics.words import duration

CHANCE: Final = 0.01
CACHED_RATIO: Final = 0.7
"""A repeat that needs more than this share of the first time is no answer from memory."""
LEAST_REPEATS: Final = 2
MOST_COMPARED: Final = 200
"""New texts, and a tenth of that in repeats: more add no certainty, and the exact test is slow."""


def all_of(plan: ProbePlan, ordered: Sequence[Sample]) -> tuple[str | None, ...]:
    """One sentence for each target and finding, None where there is nothing to say."""
    sentences: list[str | None] = []
    for target, subject in enumerate(plan.subjects):
        own = [s for s in ordered if s.target == target]
        name = subject.label if plan.rivals else "This endpoint"
        sentences += [nearly_one_vector(name, own), cached(plan, name, own)]
    return tuple(sentences)


def nearly_one_vector(name: str, own: Sequence[Sample]) -> str | None:
    """Texts that have nothing in common, and vectors that are all but the same."""
    answered = [s for s in own if s.ok and s.completed_ns is not None]
    last = max(answered, key=lambda s: s.completed_ns or 0, default=None)
    if last is None or NEARLY_ONE not in last.detail:
        return None
    return (
        f"{name} gives nearly one vector for all texts, however unlike they are (cosine above "
        "0.999): a search among such vectors finds nothing."
    )


def cached(plan: ProbePlan, name: str, own: Sequence[Sample]) -> str | None:
    """Whether texts that came again were answered from a memory.

    Repeats lie all over the run, each held against the first time of the same text; that their
    ranks among all requests are low by chance is ruled out at 1 %.
    """
    if not isinstance(plan.schedule, OpenLoop | ClosedLoop | Paired) or not is_new_each_time(plan):
        return None
    times = _service_s(plan, own)
    pairs = [
        (times[source], took)
        for place, took in sorted(times.items())
        if (source := repeated_place(place)) is not None and source in times
    ][: MOST_COMPARED // 10]
    new = [took for place, took in sorted(times.items()) if repeated_place(place) is None]
    if len(pairs) < LEAST_REPEATS:
        return None
    firsts, again = (median(pair[i] for pair in pairs) for i in (0, 1))
    if median(second / first for first, second in pairs) > CACHED_RATIO:
        return None
    if not matters(firsts - again, again):
        return None
    # Negative, for the test asks whether ranks are high.
    repeats, others = [-second for _, second in pairs], [-took for took in new[:MOST_COMPARED]]
    if rank_sum_p(repeats, others) > CHANCE:
        return None
    return (
        f"{name} answers from a memory: {len(pairs)} texts that came a second time took "
        f"{duration(again)}, the first time {duration(firsts)}. All other texts are new in this "
        "run, but those that an earlier run has sent may be remembered, too."
    )


def _service_s(plan: ProbePlan, own: Sequence[Sample]) -> dict[int, float]:
    """Service time of each measured answer by its place, s; none that opened a connection."""
    paired = isinstance(plan.schedule, Paired)
    return {
        s.step if paired else s.seq - plan.first_calls: s.service_s
        for s in own
        if s.phase is Phase.MEASURED and s.ok and not s.new_connection and s.service_s > 0
    }
