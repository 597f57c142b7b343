"""Where a server's limit lies: between what it took and what it refused, halved on the way.

What was asked of each request of a search follows from the answers before it, so that the samples
alone say what was found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.probe.records.sample import Outcome, Sample
from core.probe.records.server_sweep import ServerSweep
from core.probe.refusal.size_limits import Kind, size_limit

TOO_LARGE: Final = frozenset({400, 413, 422})
"""Statuses of servers that refuse a batch, or a text, for its size: OpenAI's form, TEI, nginx."""
TEXTS: Final = 0
TOKENS: Final = 1
"""Places of the two searches among those of a schedule."""


@dataclass(frozen=True, slots=True)
class Between:
    """The largest that was taken, and the smallest that was refused beyond it."""

    taken: int
    refused: int
    counted: int | None = None
    """Tokens of the largest that was taken, as they were counted; None: nobody did."""

    @property
    def exact(self) -> bool:
        """Whether nothing lies in between."""
        return self.refused - self.taken == 1

    @property
    def middle(self) -> int:
        """What to ask next."""
        return (self.taken + self.refused) // 2


def refused_for_size(sample: Sample) -> bool:
    """Whether a request was refused as one that cannot be served, not as one too many."""
    return not sample.ok and sample.http_status in TOO_LARGE


def texts_between(schedule: ServerSweep, samples: Sequence[Sample]) -> Between | None:
    """Texts of a request, of the shortest length; None where no number of them was refused."""
    cells = [(size, step) for step, (size, n) in enumerate(schedule.cells) if n == _least(schedule)]
    return _between(cells, schedule.searches[TEXTS].step, samples, "tokens")


def tokens_between(schedule: ServerSweep, samples: Sequence[Sample]) -> Between | None:
    """Tokens of a text, about, in the smallest request; None where no length was refused."""
    cells = [(n, step) for step, (size, n) in enumerate(schedule.cells) if size == _few(schedule)]
    return _between(cells, schedule.searches[TOKENS].step, samples, "texts")


def _least(schedule: ServerSweep) -> int:
    return schedule.tokens[0]


def _few(schedule: ServerSweep) -> int:
    return schedule.sizes[0]


def _between(
    cells: Iterable[tuple[int, int]], search: int, samples: Sequence[Sample], other: Kind
) -> Between | None:
    """Of the sizes of an axis with their steps; ``other``: a limit that is none of this axis."""
    sizes = {step: size for size, step in cells}
    tried = [(sizes[s.step], s) for s in samples if s.step in sizes]
    refused = [(size, s) for size, s in tried if refused_for_size(s) and _kind(s) != other]
    if not refused:
        return None
    least, why = min(refused, key=lambda one: one[0])
    taken = [(size, s) for size, s in tried if s.ok and size < least]
    if not taken:
        return None
    most, answer = max(taken, key=lambda one: one[0])
    asked = sorted((s for s in samples if s.step == search), key=lambda s: s.seq)
    return _narrowed(Between(most, least, _counted(answer)), why, asked)


def _narrowed(at: Between, why: Sample, asked: Sequence[Sample]) -> Between:
    """Halved by each answer and by each refusal of the same kind; by nothing else."""
    for sample in asked:
        if at.exact:
            break
        if sample.ok:
            at = Between(at.middle, at.refused, _counted(sample))
        elif _alike(sample, why):
            at = replace(at, refused=at.middle)
    return at


def _alike(sample: Sample, why: Sample) -> bool:
    """Whether a request was refused as the one was that began the search."""
    same = (sample.outcome, sample.http_status) == (why.outcome, why.http_status)
    return same and sample.outcome is not Outcome.OK and _kind(sample) == _kind(why)


def _kind(sample: Sample) -> Kind | None:
    """What a refusal says was too much; None where it does not say."""
    limit = size_limit(sample.http_status, sample.server_said)
    return None if limit is None else limit.kind


def _counted(sample: Sample) -> int | None:
    return sample.tokens_billed or sample.input_tokens
