"""Two targets beside each other: what differs between answers to the same texts at one time.

Requests of a pair are neighbours in time and in random order, so that a drift of the network or of
this machine meets both: over a run that drifts by 25 %, blocks one after the other "differ" in
84 % of trials where nothing does, pairs in 4 %.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from core.measurement.report import Comparison
from core.probe.records.probe_plan import ProbePlan
from core.probe.records.sample import Phase, Sample
from core.probe.statistics.shift import Shift, hodges_lehmann
from core.probe.statistics.words import duration

LEVEL: Final = 0.95
SAME_WITHIN: Final = math.log(1.05)
"""A difference that is excluded beyond this is none to speak of."""
MOST_MORE: Final = 100_000
"""More pairs than this are said to be out of reach."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Response times of the pairs in which both answered, s, and how often each failed."""

    a_s: NDArray[np.float64]
    b_s: NDArray[np.float64]
    failed_a: int
    failed_b: int


def compare_all(plan: ProbePlan, samples: Sequence[Sample]) -> tuple[Comparison, ...]:
    """Every two targets; the intervals hold with 95 % for all of them together (Bonferroni)."""
    both = list(combinations(range(len(plan.targets)), 2))
    labels = [subject.label for subject in plan.subjects]
    if len(set(labels)) < len(labels):
        labels = [f"{label} ({i + 1})" for i, label in enumerate(labels)]
    level = 1 - (1 - LEVEL) / max(1, len(both))
    return tuple(
        compared(pairs_of(samples, a, b), (a, b), (labels[a], labels[b]), level) for a, b in both
    )


def pairs_of(samples: Sequence[Sample], a: int, b: int) -> Pairs:
    """Pairs of two targets in the order of their sending."""
    times: dict[int, dict[int, float]] = {}
    for sample in sorted(samples, key=lambda s: s.step):
        if sample.phase is Phase.MEASURED and sample.asked and sample.target in {a, b}:
            times.setdefault(sample.step, {})[sample.target] = sample.response_s
    whole = [(pair[a], pair[b]) for pair in times.values() if len(pair) == 2]
    answered = np.array([p for p in whole if math.isfinite(p[0] + p[1])], dtype=np.float64)
    answered = answered.reshape(-1, 2)
    return Pairs(
        answered[:, 0],
        answered[:, 1],
        sum(math.isinf(pair.get(a, 0.0)) for pair in times.values()),
        sum(math.isinf(pair.get(b, 0.0)) for pair in times.values()),
    )


def paired_log_ratio(samples: Sequence[Sample], a: int, b: int) -> Shift | None:
    """Logarithm of b's response time over a's, with its 95 % interval; None for too few pairs."""
    found = pairs_of(samples, a, b)
    return hodges_lehmann(np.log(found.b_s / found.a_s), LEVEL)


def compared(
    pairs: Pairs, places: tuple[int, int], labels: tuple[str, str], level: float = LEVEL
) -> Comparison:
    """What the pairs say of two sides, with intervals at ``level`` and a sentence."""
    n = len(pairs.a_s)
    ratio = hodges_lehmann(np.log(pairs.b_s / pairs.a_s), level) if n else None
    difference = hodges_lehmann(pairs.b_s - pairs.a_s, level) if n else None
    verdict = _verdict(ratio)
    more = _more_pairs(ratio, n) if verdict == "unknown" else None
    return Comparison(
        a=places[0],
        b=places[1],
        label_a=labels[0],
        label_b=labels[1],
        pairs=n,
        failed_a=pairs.failed_a,
        failed_b=pairs.failed_b,
        ratio=math.exp(ratio.value) if ratio else None,
        ratio_low=math.exp(ratio.low) if ratio else None,
        ratio_high=math.exp(ratio.high) if ratio else None,
        difference_s=difference.value if difference else None,
        difference_low_s=difference.low if difference else None,
        difference_high_s=difference.high if difference else None,
        level=level,
        verdict=verdict,
        more_pairs=more,
        sentence=_sentence(verdict, ratio, difference, labels, n, more) + _failed(pairs, labels),
    )


def _verdict(ratio: Shift | None) -> Literal["a", "b", "same", "unknown"]:
    if ratio is None:
        return "unknown"
    if ratio.low > 0:
        return "a"
    if ratio.high < 0:
        return "b"
    return "same" if max(-ratio.low, ratio.high) <= SAME_WITHIN else "unknown"


def _more_pairs(ratio: Shift | None, n: int) -> int | None:
    """Pairs until the difference seen shows, or one of 5 % is excluded; n grows as 1/width^2."""
    if ratio is None:
        return None
    half = (ratio.high - ratio.low) / 2
    room = max(abs(ratio.value), SAME_WITHIN - abs(ratio.value))
    needed = n * (half / room) ** 2 if room > 0 else math.inf
    return max(1, math.ceil(needed - n)) if needed < MOST_MORE else None


def _sentence(
    verdict: str,
    ratio: Shift | None,
    difference: Shift | None,
    labels: tuple[str, str],
    n: int,
    more: int | None,
) -> str:
    if ratio is None or difference is None:
        return f"{n} pairs with two answers are too few to compare {labels[0]} and {labels[1]}."
    if verdict in {"a", "b"}:
        return _faster(verdict, ratio, difference, labels, n)
    span = f"{labels[1]} takes between {_change(ratio.low)} and {_change(ratio.high)}"
    if verdict == "same":
        return f"No difference to speak of: {span} time than {labels[0]} ({n} pairs)."
    wish = f" About {more:,} more pairs would tell." if more is not None else ""
    return (
        f"{labels[0]} and {labels[1]} cannot be told apart yet: {span} time than {labels[0]} "
        f"({n} pairs).{wish}"
    )


def _faster(verdict: str, ratio: Shift, difference: Shift, labels: tuple[str, str], n: int) -> str:
    """The winner, by how much, and how sure."""
    first = verdict == "a"
    winner, loser = labels if first else labels[::-1]
    sign = 1 if first else -1
    shares = sorted(1 - math.exp(-sign * log) for log in (ratio.low, ratio.value, ratio.high))
    times = sorted(sign * s for s in (difference.low, difference.value, difference.high))
    return (
        f"{winner} is faster than {loser}: its answers take {shares[1] * 100:.2g} % less time "
        f"({shares[0] * 100:.2g} to {shares[2] * 100:.2g} %), {duration(times[1])} "
        f"({duration(times[0])} to {duration(times[2])}), over {n} pairs."
    )


def _change(log_ratio: float) -> str:
    """A ratio as words that end before "time than": 4 % less, 8 % more."""
    share = math.expm1(log_ratio) * 100
    return f"{abs(share):.2g} % {'less' if share < 0 else 'more'}"


def _failed(pairs: Pairs, labels: tuple[str, str]) -> str:
    if not pairs.failed_a + pairs.failed_b:
        return ""
    return (
        f" Failures: {labels[0]} {pairs.failed_a}, {labels[1]} {pairs.failed_b}; pairs with one "
        "are left out of the difference."
    )
