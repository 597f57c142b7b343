"""Rows of the catalogue's tables as text: what a search looks in, what a reader sees."""

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence

import pandas as pd

from dashboard import formats


def matching(table: pd.DataFrame, words: str) -> pd.DataFrame:
    """Rows that have every word somewhere, in any column and any case."""
    wanted = words.casefold().split()
    if not wanted or table.empty:
        return table
    texts = [_searched(record) for record in table.to_dict("records")]
    matches = [all(word in text for word in wanted) for text in texts]
    return table[matches].reset_index(drop=True)


def _searched(record: Mapping[Hashable, object]) -> str:
    """All that a row says, as one text in small letters."""
    return " ".join(str(value) for value in record.values() if not _absent(value)).casefold()


def fields_of(record: Mapping[str, object], skip: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """What is known of one row, as (column, text); what is absent is left out."""
    for name, value in record.items():
        if name not in skip and not _absent(value):
            yield name, cell_text(name, value)


def cell_text(column: str, value: object) -> str:
    """A value as this page shows it, by its column and type."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number_text(column, value)
    return str(value)


def number_text(column: str, value: float) -> str:
    """A number as quoted, with the sign of money and shares where the column is one.

    An amount is in the reader's currency, which the name of its column says.
    """
    if formats.money().code in column:
        return formats.exact(value)
    return formats.percent(value) if column == "Implied MFU" else formats.significant(value, 6)


def filled(table: pd.DataFrame) -> pd.DataFrame:
    """The table without the columns that no row fills."""
    kept = [name for name in table if not all(_absent(value) for value in table[name])]
    return table[kept]


def _absent(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))
