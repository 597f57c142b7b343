"""How large a request a server takes: what it refused for its size, and what takes too long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.probe.records.sample import Outcome, Sample
from core.probe.records.server_sweep import ServerSweep
from core.probe.statistics.of_server.between_limits import (
    TEXTS,
    Between,
    refused_for_size,
    texts_between,
    tokens_between,
)


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
    taken_tokens: int | None = None
    """Longest text that was taken below that, in tokens, counted or about; None: none was."""
    tokens_exact: bool = False
    """Whether no length lies between the two."""


def size_limit(schedule: ServerSweep, samples: Sequence[Sample]) -> SizeLimit | None:
    """What the batches say of the server's limits; None where none was answered."""
    batches = [s for s in samples if s.step < len(schedule.cells)]
    taken = [schedule.cells[s.step][0] for s in batches if s.ok]
    refused = [schedule.cells[s.step] for s in batches if refused_for_size(s)]
    if not taken:
        return None
    step = schedule.searches[TEXTS].step
    taken += [s.texts for s in samples if s.ok and s.step == step]
    texts, tokens = texts_between(schedule, samples), tokens_between(schedule, samples)
    too_many = [size for size, length in refused if length == schedule.tokens[0] and size > 1]
    too_long = [length for size, length in refused if size == schedule.sizes[0]]
    return SizeLimit(
        max(taken),
        min(too_many, default=None) if texts is None else texts.refused,
        min(too_long, default=None) if tokens is None else tokens.refused,
        _taken_tokens(schedule, tokens),
        tokens is not None and tokens.exact,
    )


def _taken_tokens(schedule: ServerSweep, tokens: Between | None) -> int | None:
    """Tokens of the longest text that was taken: as counted, where it was alone in its request."""
    if tokens is None:
        return None
    return (tokens.counted if schedule.sizes[0] == 1 else None) or tokens.taken
