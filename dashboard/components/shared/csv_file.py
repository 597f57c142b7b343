"""Tables as CSV, in which no cell is a formula, whoever wrote it and whatever opens it."""

import csv
import re
from typing import Any, Final

import pandas as pd

_FORMULA: Final = re.compile("[\\s\\ufeff\"'`]*[=+\\-@\\t\\r\\n＝＋－＠]")
"""How a text begins that a spreadsheet computes: after blanks and quotation marks, too."""

_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


def csv_bytes(table: pd.DataFrame) -> bytes:
    """A table as CSV in UTF-8. Texts are in quotation marks: none ends at a separator in it."""
    return safe(table).to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC).encode()


def safe(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before each text that is a formula; numbers are left alone."""
    columns = {place: _safe_column(table.iloc[:, place]) for place in range(table.shape[1])}
    result = pd.DataFrame(columns, index=table.index)
    result.columns = pd.Index([safe_cell(name) for name in table.columns])
    return result


def _safe_column(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return column
    return column.map(safe_cell)


def safe_cell(value: object) -> object:
    """A cell that no spreadsheet computes. A negative number is none, as text neither."""
    if not isinstance(value, str) or _NUMBER.fullmatch(value) or not _FORMULA.match(value):
        return value
    return f"'{value}"
