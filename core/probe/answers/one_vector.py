"""Whether texts that have nothing in common get vectors of their own.

An endpoint that gives one vector for every text passes every check of a single answer.
"""

import math
import re
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.probe.records.embedder import Fault
from core.probe.records.sample import Outcome

SAME_VECTOR: Final = 1.0 - 1e-6
NEARLY_SAME: Final = 0.999
"""No model that tells texts apart comes near this for unlike ones."""
NEARLY_ONE: Final = "nearly the vector of unlike texts"
"""Noted on an answer where all so far are so."""
ENOUGH: Final = 2
"""Unlike texts that must agree with the first: two with one vector may be unknown words alone."""
BEGINNING: Final = 400
"""Characters that are looked at: a text that is cut is no other text."""
COMMON: Final = 0.5

_WORD: Final = re.compile(r"\w+")


class UnlikeTexts:
    """Holds the vectors of one run's texts against the first one's, where they are unlike it."""

    def __init__(self) -> None:
        self._first = ""
        self._words: frozenset[str] = frozenset()
        self._vector: NDArray[np.float32] = np.zeros(0, np.float32)
        self._square = 1.0
        self._compared: set[frozenset[str]] = set()
        self._least = 1.0

    def see(self, text: str, vector: NDArray[Any], square: float) -> None:
        """Compare one more. ``square``: of the vector's length."""
        if len(self._compared) >= ENOUGH and self._least <= NEARLY_SAME:
            return  # they differ, and nothing more is to be found
        if self._words and text == self._first:
            return  # not unlike itself
        words = frozenset(_WORD.findall(text[:BEGINNING].casefold()))
        if not self._words:
            self._first, self._words, self._square = text, words, square
            self._vector = vector.astype(np.float32)
        elif words and _unlike(words, self._words):
            if len(self._compared) < ENOUGH:
                self._compared.add(words)
            cosine = float(np.dot(self._vector, vector)) / math.sqrt(self._square * square)
            self._least = min(self._least, cosine)

    def judge(self) -> bool:
        """Whether all were nearly one so far. Raises Fault where they were one."""
        if len(self._compared) < ENOUGH:
            return False
        if self._least >= SAME_VECTOR:
            raise Fault(
                Outcome.ONE_VECTOR, "texts that have nothing in common got one and the same vector"
            )
        return self._least > NEARLY_SAME


def _unlike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether less than half of their words are in both."""
    return len(one & other) < COMMON * len(one | other)
