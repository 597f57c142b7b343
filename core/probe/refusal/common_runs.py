"""Where two texts have a stretch of characters in common.

Every stretch of n characters holds a whole block of n/2 that begins at a multiple of n/2. So a few
blocks are looked for first, and only around those that are found each character is looked at.
"""

from collections.abc import Iterator

Span = tuple[int, int]
"""First place, and the place behind the last."""


def common_runs(message: str, source: str, least: int) -> Iterator[Span]:
    """Stretches of ``message`` of ``least`` characters that stand in ``source``, too.

    Every longer one is found as several that overlap.
    """
    block = max(1, least // 2)
    starts: set[int] = set()
    for at in range(0, len(message) - block + 1, block):
        if message[at : at + block] in source:
            starts.update(range(max(0, at - least + block), at + 1))
    for start in sorted(starts):
        run = message[start : start + least]
        if len(run) == least and run in source:
            yield start, start + least


def merged(spans: list[Span]) -> list[Span]:
    """Spans that touch, as one, in their order."""
    together: list[Span] = []
    for start, end in sorted(spans):
        if together and start <= together[-1][1]:
            together[-1] = together[-1][0], max(end, together[-1][1])
        else:
            together.append((start, end))
    return together
