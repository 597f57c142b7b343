"""The texts of a run in the order of their use: each once, then with a tail of its own.

A server that remembers answers would be measured by its memory where texts come again. So a text
that was sent is sent with another end, and only a few requests, spread over the run, repeat one
from before exactly: whether those are quicker shows such a memory.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from typing import Final

import numpy as np

from core.probe.records.probe_plan import ProbePlan

Part = tuple[str, str]
"""A text of the plan, and the tail that makes it one that nobody has sent; "" the first time."""

SIGNS: Final = "bcdfghjkmnpqrstvwxz23456789"
"""Without vowels: no tail is a word."""
TAIL_SIGNS: Final = 5
TAILS: Final = len(SIGNS) ** TAIL_SIGNS
TAIL_CHARACTERS: Final = 1 + TAIL_SIGNS
"""Every tail is as long as every other, whatever the seed, and so costs the same."""

REPEAT_EVERY: Final = 16
"""One measured request in so many repeats an earlier one."""


def is_new_each_time(plan: ProbePlan) -> bool:
    """Whether texts get tails: not for an engine on this computer, which remembers nothing."""
    return plan.texts_once and any(target.apis for target in plan.targets)


def repeated_place(place: int) -> int | None:
    """Which measured request the one at a place repeats; None where it is new.

    One from halfway back: it has been answered, and drift meets repeats and others alike.
    """
    return place // 2 - 1 if place % REPEAT_EVERY == REPEAT_EVERY - 1 else None


def parts_of(plan: ProbePlan) -> Iterator[Part]:
    """The texts without end. Tails begin at a place drawn by the seed: another run has others."""
    if not is_new_each_time(plan):
        yield from ((text, "") for text in cycle(plan.texts))
    begin = int(np.random.default_rng(plan.seed).integers(TAILS))
    uses: Counter[str] = Counter()
    for text in cycle(plan.texts):
        yield text, _tail(begin + uses[text]) if uses[text] else ""
        uses[text] += 1


def _tail(number: int) -> str:
    signs = []
    for _ in range(TAIL_SIGNS):
        number, place = divmod(number, len(SIGNS))
        signs.append(SIGNS[place])
    return f" {''.join(signs)}"
