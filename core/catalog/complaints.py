"""Validation errors of pydantic as sentences: which row, which field, what is wrong, the mend."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

Place = tuple[str | int, ...]

_MENDS = {
    "missing": "add it",
    "extra_forbidden": "no such key: correct its spelling or take it out",
    "greater_than": "leave out what is unknown; 0 and less are no values",
    "finite_number": "nan and inf are no values: leave out what is unknown",
    "date_from_datetime_inexact": "write a date as 2026-11-23, without quotation marks",
    "date_type": "write a date as 2026-11-23, without quotation marks",
    "date_parsing": "write a date as 2026-11-23",
    "date_from_datetime_parsing": "write a date as 2026-11-23",
    "url_parsing": "write a full address that begins with https://",
    "url_scheme": "write an address that begins with https://",
}


def sentences(error: ValidationError, table: Any, row: Place = ()) -> list[str]:
    """One sentence a validation error; ``row`` is where ``table`` lies in its file."""
    return [_sentence(detail, table, row) for detail in error.errors(include_url=False)]


def _sentence(detail: ErrorDetails, table: Any, row: Place) -> str:
    place = _place(row, table) + _path(detail["loc"], table)
    problem = _problem(detail)
    mend = _MENDS.get(detail["type"])
    return f"{place or 'the file'}: {problem}" + (f": {mend}" if mend else "")


def _problem(detail: ErrorDetails) -> str:
    if detail["type"] == "missing":
        return "is missing"
    if detail["type"] == "extra_forbidden":
        return "is unknown"
    message = detail["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    if detail["type"] == "value_error" or isinstance(detail["input"], dict | list):
        return message
    return f"{message}, not {str(detail['input'])[:60]!r}"


def _place(row: Place, table: Any) -> str:
    """``cards[2] (rtx-4080)`` for the row that ``table`` is, with a point after it."""
    if not row:
        return ""
    key, index = row
    return f"{key}[{index}]{_named(table)} "


def _path(loc: Place, table: Any) -> str:
    """``api_offers[1] (text-embedding-3-large).prices[0].usd``: indices with the row's id."""
    text = ""
    for part in loc:
        table = _inside(table, part)
        text += f"[{part}]{_named(table)}" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _inside(table: Any, part: str | int) -> Any:
    if isinstance(table, dict):
        return table.get(part)
    if isinstance(table, list) and isinstance(part, int) and part < len(table):
        return table[part]
    return None


def _named(table: Any) -> str:
    """The row's own id in brackets, where it has one."""
    if not isinstance(table, dict):
        return ""
    keys = ("id", "option", "model", "tier", "area")
    name = next((table[key] for key in keys if key in table), None)
    return f" ({name})" if isinstance(name, str) else ""
