"""Batches of texts of like length: what is padded is computed for nothing."""

from collections.abc import Iterator, Sequence
from itertools import pairwise


def length_sorted(lengths: Sequence[int], most_tokens: int, most_texts: int) -> Iterator[list[int]]:
    """Indices of the texts of each batch, longest first.

    A batch holds at most ``most_texts`` texts and, with padding to its longest, ``most_tokens``
    tokens; a single longer text is a batch of its own.
    """
    order = sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True)
    starts: list[int] = []
    padded = 0
    for place, index in enumerate(order):
        held = place - starts[-1] if starts else 0
        if not starts or held >= most_texts or (held + 1) * padded > most_tokens:
            starts.append(place)
            padded = lengths[index]
    for start, end in pairwise([*starts, len(order)]):
        yield order[start:end]
