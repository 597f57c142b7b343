"""What can be loosened of a question: each demand that it makes, up to giving it up."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from core.decide.capacity.meets_objective import percent
from core.decide.demands.demand_words import listed, usd_enough
from core.decide.flips.flips import Judge
from core.scenario import LANGUAGES, Hosting, Licence, LongTexts, Objective, Retention, limits

Change = tuple[str, str, Any]
"""Section and field of a scenario, and the value that it is given."""


@dataclass(frozen=True, slots=True)
class Loosening:
    """One demand, and the values to which it may be loosened, the tightest first."""

    demand: str
    changes: Callable[[Any], tuple[Change, ...]]
    """What a value changes in the question."""
    words: Callable[[Any], str]
    """What to do, with a value in it."""
    values: tuple[Any, ...]
    """To be tried in this order; of a number that is searched the loosest alone."""
    tightest: float | None = None
    """Of a number that is searched between: as it is demanded now."""
    whole: bool = False
    is_bill: bool = False
    """Whether the value that suffices is the bill itself."""


def loosenings(judge: Judge, windows: Iterable[int | None]) -> Iterator[Loosening]:
    """Every demand that the question makes. ``windows``: what its options read of a text, tokens.

    Not what is no demand: prices, limits of accounts, the load itself.
    """
    yield from _bill_and_law(judge)
    yield from _texts(judge, windows)
    yield from _service(judge)


def _bill_and_law(judge: Judge) -> Iterator[Loosening]:
    """What a month may cost, where texts may be, what licences must allow."""
    asked, region = judge.case.scenario.demands, judge.case.scenario.objective.region
    if asked.budget_usd_per_month is not None:
        yield Loosening(
            "budget",
            _field("demands", "budget_usd_per_month"),
            lambda usd: f"Raise the budget to {usd_enough(usd)} a month",
            (None,),
            is_bill=True,
        )
    if region:
        yield Loosening(
            "place",
            _field("objective", "region"),
            lambda _: "Allow texts to be computed in any place",
            ("",),
        )
    if asked.retention is not Retention.ALLOWED:
        known = (Retention.APPROVED,) if asked.retention is Retention.ZERO else ()
        yield Loosening(
            "retention", _field("demands", "retention"), RETENTION.__getitem__,
            (*known, Retention.ALLOWED),
        )  # fmt: skip
    if asked.licence is not Licence.ANY:
        weaker = (Licence.NOT_FORBIDDEN,) if asked.licence is Licence.KNOWN else ()
        yield Loosening(
            "licence", _field("demands", "licence"), LICENCE.__getitem__, (*weaker, Licence.ANY)
        )


def _texts(judge: Judge, windows: Iterable[int | None]) -> Iterator[Loosening]:
    """What a model must read."""
    asked = judge.case.scenario.demands
    if asked.languages:
        fewer = [
            tuple(code for code in asked.languages if code != left_out)
            for left_out in asked.languages
        ]

        def left_out(languages: tuple[str, ...]) -> str:
            return listed([LANGUAGES[code] for code in asked.languages if code not in languages])

        yield Loosening(
            "languages",
            _field("demands", "languages"),
            lambda languages: f"Leave out texts in {left_out(languages)}",
            tuple(dict.fromkeys((*fewer, ()))),
        )
    if asked.least_tokens:
        shorter = sorted({w for w in windows if w and w < asked.least_tokens}, reverse=True)
        yield Loosening(
            "text to be read whole",
            _field("demands", "least_tokens"),
            lambda tokens: f"Be content with {tokens:,} tokens read whole",
            (*shorter, 0),
        )
    if judge.case.scenario.workload.long_texts is LongTexts.CUT:
        yield Loosening(
            "texts uncut",
            _field("workload", "long_texts"),
            lambda _: "Have texts split into chunks that fit",
            (LongTexts.CHUNK,),
        )


def _service(judge: Judge) -> Iterator[Loosening]:
    """How fast, how surely, and with how many replicas."""
    objective, hosting = judge.case.scenario.objective, judge.case.scenario.hosting
    slowest_s = limits(Objective, "slo_p95_s")[1]
    if (p95_s := objective.demanded_p95_s) is not None and p95_s < slowest_s:
        yield Loosening(
            "latency",
            lambda s: (("objective", "slo_demanded", True), ("objective", "slo_p95_s", s)),
            lambda s: f"Allow a p95 of {s:.3g} s",
            (slowest_s,),
            tightest=p95_s,
        )
    if objective.max_unanswered_share < 1:
        yield Loosening(
            "unanswered texts",
            _field("objective", "max_unanswered_share"),
            lambda share: f"Allow {percent(share)} of the texts without an answer",
            (1.0,),
            tightest=objective.max_unanswered_share,
        )
    most = int(limits(Hosting, "maximum_replicas")[1])
    if hosting.maximum_replicas < most:
        yield Loosening(
            "quota",
            _field("hosting", "maximum_replicas"),
            lambda replicas: f"Have the quota of replicas raised to {replicas:,}",
            (most,),
            tightest=hosting.maximum_replicas,
            whole=True,
        )


def _field(section: str, name: str) -> Callable[[Any], tuple[Change, ...]]:
    return lambda value: ((section, name, value),)


RETENTION: Final = {
    Retention.APPROVED: "Have your account approved for zero retention, and say so",
    Retention.ALLOWED: "Allow providers to keep texts",
}
LICENCE: Final = {
    Licence.NOT_FORBIDDEN: "Host weights whose licence nobody has read",
    Licence.ANY: "Host weights that are not licensed for business",
}
