"""A one-off job, what each way to do it costs and takes, and which of them answers the question."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.cost.curve.break_even import LEAST_USD
from core.cost.curve.breakdown import CostLine
from core.decide.result.limit_used import LimitUsed
from core.decide.result.unknown import Unknown
from core.grade import Grade
from core.units import MINUTES_PER_DAY

ROUNDING: Final = 1e-9
END: Final = 0.3
"""Weight of either end of a range that holds 8 of 10, in its mean."""


class WayKind(StrEnum):
    """How a job is done and paid for."""

    API = "API"
    BATCH = "batch API"
    RENTED = "rented"
    SPOT = "rented, spot"
    PER_SECOND = "by the second"
    THERE = "owned"
    BOUGHT = "bought for it"
    HERE = "this machine"


BY_USE: Final = frozenset({WayKind.API, WayKind.BATCH})


@dataclass(frozen=True, slots=True)
class JobAsk:
    """What is to be embedded once, by when, and what comes afterwards."""

    tokens: float
    days: float
    tokens_per_text: float
    after_tokens_per_month: float
    """0: nothing comes afterwards."""
    months: int
    """For so many months what comes afterwards is counted."""
    model: str
    """Only ways that give vectors of this model, or of its declared space; "": of any."""
    labour_usd: float = 0.0
    """People's time for the job on machines; 0: it is left out."""

    @property
    def tokens_per_minute(self) -> float:
        """Rate that is through by the deadline."""
        return self.tokens / (self.days * MINUTES_PER_DAY)


@dataclass(frozen=True, slots=True)
class Grades:
    """How well each claim is founded; None where it is the user's word, or there is none."""

    throughput: Grade | None = None
    price: Grade | None = None
    limit: Grade | None = None


@dataclass(frozen=True, slots=True)
class Machines:
    """What a fleet of one kind of machine does."""

    count: int
    """That are taken: the fewest in time, or all that can be had where those are too few."""
    needed: int | None
    """Fewest that are through by the deadline; None: none has started by then."""
    if_slow: int | None
    """The same at the low end of the throughput."""
    quota: int | None
    """That can be had; None: nobody states a quota."""
    tokens_per_s: float
    """Offered tokens a second of one, in full batches."""
    low_tokens_per_s: float
    high_tokens_per_s: float
    explanation: str
    """Whose figure the rate is."""


@dataclass(frozen=True, slots=True)
class Sooner:
    """The same with more machines: about the same cost, and an earlier end."""

    machines: int
    days: float
    usd: float


@dataclass(frozen=True, slots=True)
class After:
    """Who embeds what comes afterwards, with the same vectors."""

    option_id: str
    label: str
    usd_per_month: float | None
    """None: nobody is known to."""
    months: int
    reason: str = ""
    """Why nobody is known to; "" where somebody is."""

    @property
    def usd(self) -> float | None:
        """Of all months."""
        return None if self.usd_per_month is None else self.months * self.usd_per_month


@dataclass(frozen=True, slots=True)
class JobWay:
    """One way to do the job."""

    id: str
    label: str
    kind: WayKind
    model: str | None
    lines: tuple[CostLine, ...]
    """What the job costs at the stated rate: they sum to ``usd``; none where no price is known."""
    days: float | None
    """None: no limit is known."""
    meets_deadline: bool | None
    """None: that cannot be said."""
    grades: Grades
    usd_low: float | None = None
    """At the high end of the throughput."""
    usd_high: float | None = None
    machines: Machines | None = None
    """None of an API."""
    sooner: Sooner | None = None
    limit: LimitUsed | None = None
    """None of machines."""
    binding: str = ""
    """The limit that makes it as long as it takes, by its name in the catalogue."""
    unknown: tuple[Unknown, ...] = ()
    """What nobody knows of it and the job could break."""
    refusal: str = ""
    """Why it cannot do the job; "" where it can, in time or not."""
    after: After | None = None
    """None where nothing comes afterwards."""

    @property
    def usd(self) -> float | None:
        """Of the job alone at the stated rate; None where no price is known."""
        if not self.lines:
            return None
        usd = math.fsum(line.usd_per_month for line in self.lines)
        return usd if abs(usd) >= LEAST_USD else 0.0

    @property
    def mean_usd(self) -> float | None:
        """Of the job on average over the range of its throughput: what decides.

        0.3 low + 0.4 stated + 0.3 high, Swanson's rule for a mean from the values that 1 of 10 lies
        below, 5 and 9: the ends of the range are meant to hold 8 of 10.
        """
        usd, low, high = self.usd, self.usd_low, self.usd_high
        if usd is None or low is None or high is None:
            return usd
        return END * low + (1 - 2 * END) * usd + END * high

    @property
    def total_usd(self) -> float | None:
        """On average of the job and of all months afterwards; None where either is not known."""
        if self.after is None:
            return self.mean_usd
        usd, after = self.mean_usd, self.after.usd
        return None if usd is None or after is None else usd + after

    @property
    def limit_source(self) -> str:
        """Who says its limit, or where it was looked for; "" where nobody is named."""
        source = None if self.limit is None else self.limit.source
        return "" if source is None else source.where

    @property
    def suits(self) -> bool | None:
        """Whether it is known to do the job in time; None: that cannot be said yet."""
        if self.refusal or self.meets_deadline is False:
            return False
        if self.total_usd is None or self.unknown or self.meets_deadline is None:
            return None
        return True


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """Every way, the cheapest first; those without a price come last."""

    ask: JobAsk
    ways: tuple[JobWay, ...]

    @property
    def best(self) -> JobWay | None:
        """The cheapest that is known to do it in time."""
        return self._first(lambda way: way.suits is True)

    @property
    def not_yet_known(self) -> JobWay | None:
        """The cheapest of which something is not known that matters, where it is below the best."""
        best = self.best
        way = self._first(lambda way: way.suits is None and way.total_usd is not None)
        if way is None or best is None or way.total_usd is None or best.total_usd is None:
            return way
        return way if way.total_usd < best.total_usd * (1 - ROUNDING) else None

    @property
    def saving_if_it_holds_usd(self) -> float | None:
        """What that one saves on the best; None without either."""
        one, other = self.not_yet_known, self.best
        if one is None or other is None or one.total_usd is None or other.total_usd is None:
            return None
        return other.total_usd - one.total_usd

    @property
    def by_kind(self) -> tuple[JobWay, ...]:
        """The cheapest of each kind that is known to do it in time."""
        first: dict[WayKind, JobWay] = {}
        for way in self.ways:
            if way.suits is True:
                first.setdefault(way.kind, way)
        return tuple(first.values())

    @property
    def nearest(self) -> JobWay | None:
        """Where none is known to be in time: the soonest of those that can do it at all."""
        able = [way for way in self.ways if not way.refusal and way.usd is not None and way.days]
        return min(able, key=lambda way: way.days or math.inf, default=None)

    def _first(self, suited: Callable[[JobWay], bool]) -> JobWay | None:
        return next((way for way in self.ways if suited(way)), None)


def cost_of(way: JobWay) -> float:
    """What ways are sorted by: all of it; without a price last."""
    return math.inf if way.total_usd is None else way.total_usd


def in_order(ways: Iterator[JobWay]) -> tuple[JobWay, ...]:
    """The cheapest first, those that are refused after all others."""
    return tuple(sorted(ways, key=lambda way: (bool(way.refusal), cost_of(way))))
