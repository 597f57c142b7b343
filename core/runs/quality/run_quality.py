"""Carries a test of quality out: every target embeds the texts, and what it finds is judged."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.measurement.beside.quality_found import QualityReport
from core.measurement.latency import Subject
from core.probe.answers.asking import Asker, Told
from core.probe.records.budget import Budget
from core.probe.records.embedder import Embedder
from core.probe.records.probe_plan import ProbePlan, Target
from core.quality.corpus import Corpus
from core.quality.judging import Side, judged
from core.runs.quality.quality_job import Parted, parts_of, target_of_role, the_test

MOST_IN_SENTENCE: Final = 300
Progress = Callable[[int, int], None]
"""Told how many texts of how many were embedded."""
MakeEmbedder = Callable[[Target], Embedder]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One target with what it takes to ask it."""

    subject: Subject
    target: Target
    make: MakeEmbedder
    """Makes its embedder when its turn comes: two local models at once may be too large."""
    budget: Budget
    longest: int | None
    """Tokens that its model reads of a text, where they are known."""


@dataclass(slots=True)
class _Taken:
    """What came of one role's texts so far."""

    vectors: list[NDArray[Any]] = field(default_factory=list)
    failure: str = ""

    @property
    def done(self) -> int:
        """Texts that were embedded."""
        return sum(len(part) for part in self.vectors)

    @property
    def whole(self) -> NDArray[Any] | None:
        """One row a text, float32; None where there are none or their lengths differ."""
        if not self.vectors or len({part.shape[1] for part in self.vectors}) > 1:
            return None
        return np.concatenate(self.vectors).astype(np.float32)


def run_quality(
    plan: ProbePlan,
    corpus: Corpus,
    asked: Sequence[Asked],
    progress: Progress,
    cancelled: Callable[[], bool],
) -> QualityReport:
    """Embed and judge. A target that fails keeps what it has, and says how much.

    Raises EngineError or RunError where a target cannot be asked at all.
    """
    test = the_test(plan)
    each = test.sent
    sides = []
    for number, one in enumerate(asked):
        parts = parts_of(corpus, test.asking_of(number))

        def so_far(done: int, before: int = number * each) -> None:
            progress(before + done, len(asked) * each)

        sides.append(asyncio.run(_side(one, parts, plan.timeout_s, so_far, cancelled)))
    return judged(corpus, sides, k=test.k, seed=plan.seed, dims=test.dims, int8=test.int8)


async def _side(
    one: Asked,
    parts: tuple[Parted, Parted],
    timeout_s: float,
    progress: Callable[[int], None],
    cancelled: Callable[[], bool],
) -> Side:
    taken = (_Taken(), _Taken())
    for is_query, part, so_far in zip((True, False), parts, taken, strict=True):
        before = taken[0].done

        def passed(done: int, before: int = before) -> None:
            progress(before + done)

        embedder = one.make(target_of_role(one.target, query=is_query))
        await embedder.open()
        try:
            asker = Asker(embedder, one.budget, timeout_s, cancelled)
            await _embed(part, asker, so_far, passed)
        finally:
            await embedder.aclose()
        if so_far.failure:
            break
    return _as_side(one, taken)


async def _embed(
    part: Parted, asker: Asker, taken: _Taken, progress: Callable[[int], None]
) -> None:
    """Every text once; a request that is refused for its size is halved from then on."""
    size, at = part.texts_per_request, 0
    while at < len(part.texts):
        texts = part.texts[at : at + size]
        reply = await asker.ask(texts)
        if reply.vectors is not None:
            taken.vectors.append(reply.vectors)
            at += len(texts)
            progress(at)
        elif reply.refused and size > 1:
            size = max(1, len(texts) // 2)
        else:
            taken.failure = _why(reply, at, len(part.texts))
            return


def _why(reply: Told, done: int, total: int) -> str:
    reason = (reply.reason or "no answer")[:MOST_IN_SENTENCE]
    return f"after {done:,} of {total:,} texts: {reason}"


def _as_side(one: Asked, taken: tuple[_Taken, _Taken]) -> Side:
    failures = [
        f"{role} {so_far.failure}."
        for role, so_far in zip(("Queries", "Documents"), taken, strict=True)
        if so_far.failure
    ]
    if any(so_far.vectors and so_far.whole is None for so_far in taken):
        failures.append("Its vectors have different lengths: they cannot be compared.")
    return Side(
        label=one.subject.label,
        option_id=one.subject.option_id,
        model=one.subject.model,
        documents=taken[1].whole,
        queries=taken[0].whole,
        failure=" ".join(failures),
        longest=one.longest,
    )
