"""After a comparison: the texts once more through every target, and which are near which."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import RunError
from core.measurement.beside.neighbours import NeighbourReport, NeighboursFound
from core.measurement.latency import Subject
from core.probe.answers.asking import Asker
from core.probe.records.budget import Budget
from core.probe.records.embedder import Embedder
from core.probe.records.probe_plan import ProbePlan
from core.runs.spending.worst_case import batches, different_texts

Cancelled = Callable[[], bool]
Progress = Callable[[int, int], None]
"""Told how many texts of how many were embedded."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """A target with what it takes to ask it."""

    subject: Subject
    embedder: Embedder
    budget: Budget


async def compare_neighbours(
    plan: ProbePlan, sides: Sequence[Side], progress: Progress, cancelled: Cancelled
) -> NeighbourReport:
    """Compare the first side with each other one. What fails is in the report, as a sentence.

    Opens every embedder and closes it. Raises EgressError where an address is forbidden.
    """
    from core.probe.statistics.neighbour_overlap import neighbour_overlap  # noqa: PLC0415 - scipy is slow to import

    assert plan.neighbours_k is not None  # noqa: S101  whoever calls has looked
    by_side: list[NDArray[Any] | str] = []
    each = len(different_texts(plan))
    for place, side in enumerate(sides):
        so_far = partial(_add, progress, place * each, len(sides) * each)
        by_side.append(await _vectors(plan, side, so_far, cancelled))
    first, *others = by_side
    overlaps, failures = [], [v for v in (first,) if isinstance(v, str)]
    for side, vectors in zip(sides[1:], others, strict=True):
        if isinstance(vectors, str):
            failures.append(vectors)
        elif not isinstance(first, str):
            try:
                overlap = neighbour_overlap(first, vectors, plan.neighbours_k)
            except RunError as error:
                failures.append(f"{side.subject.label}: {error}")
            else:
                overlaps.append(_found(sides[0].subject, side.subject, overlap))
    return NeighbourReport(found=tuple(overlaps), failures=tuple(failures))


def _add(progress: Progress, before: int, total: int, done: int) -> None:
    progress(before + done, total)


async def _vectors(
    plan: ProbePlan, side: Side, progress: Callable[[int], None], cancelled: Cancelled
) -> NDArray[Any] | str:
    """Vectors of all texts, or a sentence on why there are none."""
    asker = Asker(side.embedder, side.budget, plan.timeout_s, cancelled)
    parts: list[NDArray[Any]] = []
    done = 0
    await side.embedder.open()
    try:
        for texts in batches(plan):
            reply = await asker.ask(texts)
            if reply.vectors is None:
                return (
                    f"The neighbours of {side.subject.label} are not known: after {done} texts, "
                    f"{reply.reason or 'no answer'}."
                )
            parts.append(reply.vectors)
            done += len(texts)
            progress(done)
    finally:
        await side.embedder.aclose()
    if len({part.shape[1] for part in parts}) > 1:
        return f"{side.subject.label} gave vectors of different lengths: they cannot be compared."
    return np.concatenate(parts)


def _found(one: Subject, other: Subject, overlap: Any) -> NeighboursFound:
    return NeighboursFound(
        label_a=one.label,
        label_b=other.label,
        model_a=one.model,
        model_b=other.model,
        texts=overlap.texts,
        k=overlap.k,
        mean=overlap.mean,
        low=overlap.low,
        high=overlap.high,
        by_chance=overlap.by_chance,
        per_text=overlap.per_text,
    )
