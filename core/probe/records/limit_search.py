"""How many requests find a limit exactly, between the largest that was taken and what was refused.

By halving: of n sizes in between, ceil(log2(n + 1)) requests find the one at the limit.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

SPARE: Final = 2
"""Requests of a search that may fail for another reason, and are asked once more."""


class LimitSearch(NamedTuple):
    """The requests of one search, as large as they may be."""

    step: int
    requests: int
    """At most: one that ends earlier leaves the rest out."""
    texts: int
    tokens: int
    """Of each text, about."""


def requests_to_halve(tried: Sequence[int]) -> int:
    """Requests that find a limit within the widest gap of what is tried; 0 where none is open."""
    widest = max((later - before for before, later in pairwise(tried)), default=1)
    return (widest - 1).bit_length() + SPARE if widest > 1 else 0
