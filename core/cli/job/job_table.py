"""The ways of a one-off job as a table of a terminal."""

from typing import Final

from rich.markup import escape
from rich.table import Table

from core.decide.job.job_way import Grades, JobAnswer, JobWay
from core.decide.job.job_words import in_time, what
from core.money import Money

HEADINGS: Final = (
    *("way", "job {}", "from {}", "to {}", "days", "tokens/s each", "limit"),
    *("then, a month {}", "in all {}", "evidence", "in time"),
)
"""With the sign of the currency that is shown."""
WORDS: Final = frozenset({"way", "limit", "evidence", "in time"})
NARROW: Final = tuple(
    HEADINGS.index(name) for name in ("way", "job {}", "days", "in all {}", "in time")
)
WIDE: Final = 120
"""From so many characters on all columns have room."""


def table_of(answer: JobAnswer, top: int, money: Money, width: int) -> Table:
    """The cheapest ways, and the cheapest of each kind that is known to suit.

    ``width``: of the terminal, in characters; a narrow one has what decides alone.
    """
    ask, best = answer.ask, answer.best
    days = f"{ask.days:g} day{'' if ask.days == 1 else 's'}"
    table = Table(title=f"{ask.tokens:,.0f} tokens in {days}, cheapest first")
    shown = {id(way) for way in (*answer.ways[:top], *answer.by_kind, answer.not_yet_known)}
    lines = [
        ((f"» {what(way)}" if way is best else what(way)), *_cells(way, answer, money))
        for way in answer.ways
        if id(way) in shown
    ]
    wanted = range(len(HEADINGS)) if width >= WIDE else NARROW
    columns = [i for i in wanted if any(line[i] for line in lines)]
    for i in columns:
        numbers = HEADINGS[i] not in WORDS
        heading = HEADINGS[i].format(money.sign.strip())
        table.add_column(heading, overflow="fold", no_wrap=numbers)
    for line in lines:
        table.add_row(*(escape(line[i]) for i in columns))
    return table


def _cells(way: JobWay, answer: JobAnswer, money: Money) -> tuple[str, ...]:
    after = None if way.after is None else way.after.usd_per_month
    follows = answer.ask.after_tokens_per_month > 0
    return (
        _amount(way.mean_usd, money),
        _amount(way.usd_low, money),
        _amount(way.usd_high, money),
        "" if way.days is None else f"{way.days:,.3g}" if way.days < 1_000 else f"{way.days:,.0f}",
        "" if way.machines is None else f"{way.machines.tokens_per_s:,.0f}",
        "" if way.limit is None else way.limit.words,
        _amount(after, money),
        _amount(way.total_usd, money) if follows else "",
        grades_words(way.grades),
        money.in_text(in_time(way, answer.ask)),
    )


def _amount(usd: float | None, money: Money) -> str:
    return "" if usd is None else f"{money.of(usd):,.2f}"


def grades_words(grades: Grades) -> str:
    """How well each claim is founded: "price published, limit unknown"."""
    each = (("rate", grades.throughput), ("price", grades.price), ("limit", grades.limit))
    return ", ".join(f"{name} {grade}" for name, grade in each if grade is not None)
