"""Whether an engine's vectors are the model's own: compared on texts that are easily got wrong."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

CHECK_TEXTS: Final = (
    "A man is eating food.",
    "",
    "  spaces \t around\n",
    "Wie viel kostet das Einbetten von 1.000.000 Wörtern? Straße, naïve, Ærø",
    "向量检索 検索 검색 поиск بحث",
    "🚀🔥👩‍👩‍👧 emoji 🇩🇪",
    "\x00\x01\x7f binary \ufffd",
    "x" * 300,
    "The quick brown fox jumps over the lazy dog. " * 12,
    "a long text that is cut at the model's limit, sooner or later " * 700,
)
"""Short, long, empty, cut, other scripts: what tokenizers and padding may get wrong."""


def lowest_cosine(actual: NDArray[np.float32], expected: NDArray[np.float32]) -> float:
    """The lowest cosine of any row of one to the same row of the other; nan where one is nan.

    Raises ValueError for tables of different shapes.
    """
    dots = np.einsum("ij,ij->i", actual, expected, dtype=np.float64)
    norms = np.linalg.norm(actual, axis=1) * np.linalg.norm(expected, axis=1)
    return float((dots / norms).min())
