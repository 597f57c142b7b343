"""Where nobody suits: the demands that would let somebody in, loosened as little as will do.

Every answer is found by asking the loosened question itself, so what is named really lets in.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from core.decide.advice.recommend_result import Loosened, Relaxation
from core.decide.flips.flips import Judge
from core.decide.options.options import billed_options
from core.decide.relaxing.loosenings import Change, Loosening, loosenings

DIGITS: Final = 3
"""Significant digits to which a number that is searched is named, rounded to the looser side."""
CLOSE: Final = 1e-3
"""Relative distance at which the search for one ends."""
FROM: Final = 1e-6
"""Where the search for a share begins that is 0 now."""


def relaxations(judge: Judge) -> tuple[Relaxation, ...]:
    """What lets somebody in, the cheapest bill first: each single demand that does.

    Where none does alone, the cheapest two that do together, and where no two do, as few as do.
    Nothing where somebody suits as it is, or nobody whatever is given up.
    """
    options = [item.option for item in billed_options(judge.case)]
    search = _Search(judge, {option.id: option.label for option in options})
    if search.costs(()):
        return ()
    loose = tuple(loosenings(judge, [option.max_tokens for option in options]))
    if not search.lets_in(loose):
        return ()
    singles = [way for one in loose if (way := search.relaxed((one,))) is not None]
    if singles:
        return tuple(sorted(singles, key=_bill))
    pairs = (search.relaxed(pair) for pair in combinations(loose, 2))
    both = [pair for pair in pairs if pair is not None]
    if both:
        return (min(both, key=_bill),)
    few = search.relaxed(search.needed(loose))
    return () if few is None else (few,)


def _bill(found: Relaxation) -> float:
    return found.usd_per_month


@dataclass(frozen=True, slots=True)
class _Search:
    judge: Judge
    labels: dict[str, str]

    def costs(self, changes: tuple[Change, ...]) -> dict[str, float]:
        """Bills of those that are known to suit the question with these changes, by option id."""
        asked = self.judge.case.scenario
        for section, name, value in changes:
            part = getattr(asked, section).model_copy(update={name: value})
            asked = asked.model_copy(update={section: part})
        return self.judge.costs(asked)

    def lets_in(self, loose: tuple[Loosening, ...]) -> bool:
        """Whether somebody suits without these demands."""
        return bool(self.costs(_changes(loose, [one.values[-1] for one in loose])))

    def needed(self, loose: tuple[Loosening, ...]) -> tuple[Loosening, ...]:
        """As few of these demands as let somebody in: none of them can be kept besides."""
        for one in loose:
            others = tuple(other for other in loose if other is not one)
            loose = others if self.lets_in(others) else loose
        return loose

    def relaxed(self, loose: tuple[Loosening, ...]) -> Relaxation | None:
        """These demands loosened until somebody suits; None where nobody does without them.

        Each is tightened again in turn, the others as they are by then.
        """
        values: list[Any] = [one.values[-1] for one in loose]
        if not self.costs(_changes(loose, values)):
            return None
        for i, one in enumerate(loose):
            values[i] = self._tightest(one, loose, values, i)
        costs = self.costs(_changes(loose, values))
        option_id = min(costs, key=costs.__getitem__)
        return Relaxation(
            tuple(
                Loosened(one.demand, one.words(value), one.changes(value))
                for one, value in zip(loose, values, strict=True)
            ),
            option_id,
            self.labels[option_id],
            costs[option_id],
        )

    def _tightest(
        self, one: Loosening, loose: tuple[Loosening, ...], values: list[Any], place: int
    ) -> Any:
        """The tightest of a demand's values with which somebody suits."""

        def suits(value: Any) -> dict[str, float]:
            return self.costs(_changes(loose, [*values[:place], value, *values[place + 1 :]]))

        if one.is_bill:
            return _least_budget(min(suits(one.values[-1]).values()), suits)
        if one.tightest is None:
            return next(value for value in one.values if suits(value))
        low, high = max(float(one.tightest), FROM), float(one.values[-1])
        while high / low > 1 + CLOSE and not (one.whole and high - low <= 1):
            middle = math.sqrt(low * high)
            middle = float(min(max(round(middle), low + 1), high - 1)) if one.whole else middle
            low, high = (
                (low, middle) if suits(int(middle) if one.whole else middle) else (middle, high)
            )
        return int(high) if one.whole else min(_rounded_up(high), one.values[-1])


def _least_budget(mean_usd: float, suits: Callable[[float], Mapping[str, float]]) -> float:
    """The least budget with which somebody suits, USD/month.

    It is held against the bill as stated. Where that is no more than the mean, which is what is
    named elsewhere, the mean is enough; else it is looked for above.
    """
    if suits(mean_usd):
        return mean_usd
    low, high = mean_usd, 2 * mean_usd
    while not suits(high):
        low, high = high, 2 * high
    while high / low > 1 + CLOSE:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if suits(middle) else (middle, high)
    return _rounded_up(high)


def _changes(loose: tuple[Loosening, ...], values: list[Any]) -> tuple[Change, ...]:
    pairs = zip(loose, values, strict=True)
    return tuple(change for one, value in pairs for change in one.changes(value))


def _rounded_up(value: float) -> float:
    """The next number of so many significant digits that is no lower."""
    step = 10.0 ** (math.floor(math.log10(value)) - DIGITS + 1)
    return float(f"{math.ceil(value / step - 1e-9) * step:.{DIGITS}g}")
