"""The ways of a one-off job as a table: every number of the chart, with its evidence."""

from typing import Any, Final

import pandas as pd

from core.decide.job.job_way import JobAnswer, JobWay
from core.decide.job.job_words import in_time, what
from dashboard import formats

MOST_ON_THE_PAGE: Final = 25


def ways_table(answer: JobAnswer, most: int | None = None) -> pd.DataFrame:
    """One row a way, the cheapest first; ``most``: so many, and what the answer speaks of."""
    named = {id(way) for way in (*answer.by_kind, answer.not_yet_known)}
    rows = [
        _row(way, answer)
        for place, way in enumerate(answer.ways)
        if most is None or place < most or id(way) in named
    ]
    table = pd.DataFrame(rows)
    return table if answer.ask.after_tokens_per_month else table.drop(columns=[*FOLLOWS])


FOLLOWS: Final = ("Then", "Then (USD/month)", "In all (USD)")
"""Columns that are there where something comes afterwards."""


def _row(way: JobWay, answer: JobAnswer) -> dict[str, Any]:
    machines, limit, after = way.machines, way.limit, way.after
    return {
        "Way": what(way),
        "Kind": way.kind.value,
        "Job (USD)": way.mean_usd,
        "From (USD)": way.usd_low,
        "To (USD)": way.usd_high,
        "Days": way.days,
        "Machines": None if machines is None else machines.count,
        "Tokens/s each": None if machines is None else machines.tokens_per_s,
        "Limit": None if limit is None else limit.words,
        "Then": None if after is None else after.label or None,
        "Then (USD/month)": None if after is None else after.usd_per_month,
        "In all (USD)": way.total_usd,
        "Rate is": _grade(way.grades.throughput),
        "Price is": _grade(way.grades.price),
        "Limit is": _grade(way.grades.limit),
        "In time": formats.amounts(in_time(way, answer.ask)),
        "Source of limit": way.limit_source or None,
        "Model": way.model,
        "Id": way.id,
    }


def _grade(grade: Any) -> str | None:
    return None if grade is None else str(grade)


def lines_table(way: JobWay) -> pd.DataFrame:
    """What one way's cost at the stated rate is made of."""
    return pd.DataFrame(
        [
            {
                "Part": line.label,
                "USD": line.usd_per_month,
                "How": formats.amounts(line.explanation),
            }
            for line in way.lines
        ]
    )
