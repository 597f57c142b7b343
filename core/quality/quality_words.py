"""The sentences of a test of quality."""

import math
from dataclasses import dataclass
from typing import Final, Literal

from scipy.special import ndtri

from core.measurement.beside.quality_found import Metric
from core.plain_text import SENTENCE
from core.quality.paired_bootstrap import PairedDifference

ALPHA: Final = 0.05
MOST_TIMES: Final = 10
"""More queries than so many times as many are said to be out of reach."""

Verdict = Literal["better", "worse", "unknown"]


@dataclass(frozen=True, slots=True)
class Contrast:
    """What a sentence about two candidates is made of."""

    metric: Metric
    k: int
    a: str
    b: str
    queries: int
    comparisons: int
    seen: PairedDifference
    p_holm: float
    only: str = ""
    """Over what part of the test, where it is not the whole."""


def verdict_of(seen: PairedDifference, p_holm: float) -> Verdict:
    """Told apart only where the interval excludes 0 and the corrected p-value agrees."""
    if p_holm >= ALPHA or seen.low <= 0 <= seen.high:
        return "unknown"
    return "better" if seen.mean > 0 else "worse"


def difference_sentence(contrast: Contrast) -> str:
    """Who finds more, by how much, and whether these queries can tell."""
    can = verdict_of(contrast.seen, contrast.p_holm) != "unknown"
    text = _apart(contrast) if can else _not_apart(contrast)
    return SENTENCE.made(text + (f" {contrast.only}" if contrast.only else ""))


def _apart(contrast: Contrast) -> str:
    seen = contrast.seen
    low, high = sorted((abs(seen.low), abs(seen.high)))
    verb, more, less, what = _words(contrast)
    return (
        f"{contrast.b} {verb} {_points(abs(seen.mean))} points {more if seen.mean > 0 else less} "
        f"{what} than {contrast.a}, between {_points(low)} and {_points(high)}: they can be told "
        "apart."
    )


def _not_apart(contrast: Contrast) -> str:
    seen = contrast.seen
    verb, more, less, what = _words(contrast)
    span = (
        f"{contrast.b} {verb} between {_signed(seen.low, more, less)} and "
        f"{_signed(seen.high, more, less)} {what}"
    )
    alone = not seen.low <= 0 <= seen.high
    several = (
        f", with {contrast.comparisons} comparisons allowed for (Holm)"
        if alone and contrast.comparisons > 1
        else ""
    )
    return (
        f"{contrast.b} and {contrast.a} cannot be told apart by these {contrast.queries:,} "
        f"queries{several}: {span}.{_wish(contrast)}"
    )


def _words(contrast: Contrast) -> tuple[str, str, str, str]:
    """Verb, the words for better and worse, and what is measured."""
    if contrast.metric == "recall":
        return "finds", "more", "less", f"of what is relevant (recall@{contrast.k})"
    return "ranks", "better", "worse", f"what is relevant (nDCG@{contrast.k})"


def _wish(contrast: Contrast) -> str:
    """How many queries more would give an even chance; none where nothing was seen to differ."""
    more = more_queries(contrast.seen, contrast.comparisons, contrast.queries)
    if contrast.seen.mean == 0:
        return ""
    if more is None:
        return f" If the difference stays as small, even {MOST_TIMES} times as many would not tell."
    return f" About {more:,} more like these would give an even chance of telling."


def more_queries(seen: PairedDifference, comparisons: int, queries: int) -> int | None:
    """Until the interval excludes 0, if the difference stays; None: more than is worth saying.

    A half-width falls as 1 / sqrt(n): n grows by (half-width / difference) squared, and by the
    square of the wider interval that the first of so many comparisons needs. An even chance, for a
    sample's difference lies above or below the true one.
    """
    if seen.mean == 0:
        return None
    wider = float(ndtri(ALPHA / comparisons / 2) / ndtri(ALPHA / 2))
    times = ((seen.high - seen.low) / 2 / abs(seen.mean) * wider) ** 2
    if not 1 < times <= 1 + MOST_TIMES:  # below it the comparisons alone forbid to tell
        return None
    return _two_digits(max(1.0, queries * (times - 1)))


def _two_digits(number: float) -> int:
    step = 10 ** max(0, math.floor(math.log10(number)) - 1)
    return int(math.ceil(number / step) * step)


def _points(share: float) -> str:
    return f"{100 * share:.1f}"


def _signed(share: float, more: str, less: str) -> str:
    return f"{_points(abs(share))} points {less if share < 0 else more}"
