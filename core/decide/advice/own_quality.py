"""Whether an option finds enough of one's own queries: judged by its interval, not by its mean."""

import math
from collections.abc import Sequence
from typing import Final

from core.decide.advice.violation import Rule, Violation
from core.decide.capacity.meets_objective import percent
from core.measurement.beside.quality_found import MeanFound, MeasuredQuality

MOST_TIMES: Final = 10.0
"""More than so many times the queries are not said as a number."""


def found_too_little(
    label: str, quality: MeasuredQuality | None, least: float | None
) -> Sequence[Violation]:
    """Out below the demand; not known where the interval holds it, or nobody has measured."""
    if least is None:
        return ()
    recall = None if quality is None else quality.found.recall
    if quality is None or recall is None:
        sentence = f"What {label} finds of your queries was not measured."
        return (Violation(Rule.QUALITY_UNKNOWN, sentence, "Test it on your own pairs."),)
    if recall.low >= least:
        return ()
    finds = (
        f"{label} finds {percent(recall.mean)} of what is relevant "
        f"({percent(recall.low)} to {percent(recall.high)}, {quality.words})"
    )
    relax = f"Accept {percent(recall.mean)}."
    if recall.high < least:
        sentence = f"{finds}, below {percent(least)}."
        return (Violation(Rule.QUALITY, sentence, relax, least / max(recall.mean, 1e-9)),)
    sentence = f"{finds}: too few queries to say whether that is {percent(least)}."
    return (Violation(Rule.QUALITY_UNKNOWN, sentence, _more(quality.queries, recall, least)),)


def _more(queries: int, recall: MeanFound, least: float) -> str:
    """How many queries would decide, for the width of an interval falls with their root."""
    half, distance = (recall.high - recall.low) / 2, abs(recall.mean - least)
    if half >= distance * math.sqrt(MOST_TIMES):
        return f"It is so close that {MOST_TIMES:.0f} times as many queries would not decide it."
    return f"Test about {math.ceil(round(queries * (half / distance) ** 2, 6)):,} queries."
