"""How large a request a server takes: what it refused for its size, and what takes too long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.probe.records.sample import Outcome, Sample
from core.probe.records.server_sweep import ServerSweep

TOO_LARGE: Final = frozenset({400, 413, 422})
"""Statuses of servers that refuse a batch, or a text, for its size: OpenAI's form, TEI, nginx."""


def refused_for_size(sample: Sample) -> bool:
    """Whether a request was refused as one that cannot be served, not as one too many."""
    return not sample.ok and sample.http_status in TOO_LARGE


def outgrown(schedule: ServerSweep, samples: Iterable[Sample], step: int) -> bool:
    """Whether a batch no larger in either way was refused, timed out or took too long."""
    size, length = schedule.cells[step]
    for sample in samples:
        if sample.step >= len(schedule.cells) or not _too_much(schedule, sample):
            continue
        texts, tokens = schedule.cells[sample.step]
        if texts <= size and tokens <= length and (sample.step != step or not sample.ok):
            return True
    return False


def _too_much(schedule: ServerSweep, sample: Sample) -> bool:
    if sample.ok:
        return sample.service_s > schedule.patience_s
    return refused_for_size(sample) or sample.outcome is Outcome.TIMEOUT


@dataclass(frozen=True, slots=True)
class SizeLimit:
    """The largest request that was taken, and the smallest that was refused beyond it."""

    texts: int
    """Most texts of an answered request, whatever their length."""
    refused_texts: int | None = None
    """Fewest texts refused at the shortest length; None: no number of texts was refused."""
    refused_tokens: int | None = None
    """Shortest length, in tokens, at which even one text was refused; None: none was."""


def size_limit(schedule: ServerSweep, samples: Sequence[Sample]) -> SizeLimit | None:
    """What the batches say of the server's limits; None where none was answered."""
    batches = [s for s in samples if s.step < len(schedule.cells)]
    taken = [schedule.cells[s.step][0] for s in batches if s.ok]
    refused = [schedule.cells[s.step] for s in batches if refused_for_size(s)]
    if not taken:
        return None
    too_many = [size for size, length in refused if length == schedule.tokens[0] and size > 1]
    too_long = [length for size, length in refused if size == schedule.sizes[0]]
    return SizeLimit(max(taken), min(too_many, default=None), min(too_long, default=None))
