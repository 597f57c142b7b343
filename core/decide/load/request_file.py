"""An export of requests as bytes, from a gateway or a log: CSV, JSON, or JSON line by line.

The file is untrusted input (a stranger's). What cannot be read is counted and said, and a file of
which too much cannot be read is refused with the reason.
"""

import math
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Final

import numpy as np

from core.cost.curve.piecewise import Floats
from core.decide.load.request_columns import Columns, find_columns
from core.decide.load.request_rows import Row, rows_of
from core.errors import LoadImportError

MAX_BYTES: Final = 50_000_000
MAX_ROWS: Final = 1_000_000
MAX_LENGTH: Final = 1e9
"""Tokens or characters of one request beyond which a value is no length."""
LEAST_READ: Final = 0.5
"""Share of the rows that must be readable."""
FIRST_LOOK: Final = 10_000
"""Rows after which a file that has next to nothing readable is not read further."""
LEAST_AT_FIRST: Final = 0.05

_EARLIEST_S: Final = 946_684_800.0  # 2000-01-01
_LATEST_S: Final = 4_102_444_800.0  # 2100-01-01
_EPOCH_SCALES: Final = (1.0, 1e3, 1e6, 1e9)
"""Seconds, milliseconds, microseconds and nanoseconds, told apart by their size."""


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests of a file in order of time."""

    at_s: Floats
    """Seconds since 1970, UTC."""
    lengths: Floats
    """Tokens, or characters."""
    columns: Columns
    unreadable: int
    """Rows without a usable time or length."""
    cut: bool
    """Whether the file went on after the last row that is read at most."""
    broken_end: bool
    """Whether the last line was half a line."""


def read_requests(content: bytes) -> Requests:
    """Read an export. Raises LoadImportError with what is wrong and what to do."""
    if len(content) > MAX_BYTES:
        raise LoadImportError(
            f"The file has {len(content) / 1e6:,.0f} MB; at most {MAX_BYTES / 1e6:,.0f} MB are "
            "read. Export fewer days, or only the time and the tokens of each request."
        )
    rows, broken_end = rows_of(content)
    return _collected(rows, broken_end=broken_end)


def _collected(rows: Iterable[Row], *, broken_end: bool) -> Requests:
    walk = iter(rows)
    first = next(walk, None)
    if first is None:
        raise LoadImportError("The file has a heading and no rows. Export a day of requests.")
    columns = find_columns([name for name in first if isinstance(name, str)])
    times, lengths, unreadable, seen = array("d"), array("d"), 0, 0
    for row in islice((r for part in ((first,), walk) for r in part), MAX_ROWS):
        seen += 1
        at_s, length = _time(row.get(columns.time)), _length(row.get(columns.length))
        if at_s is None or length is None:
            unreadable += 1
            if seen == FIRST_LOOK and len(times) < LEAST_AT_FIRST * seen:
                break
            continue
        times.append(at_s)
        lengths.append(length)
    if len(times) < LEAST_READ * seen:
        raise LoadImportError(
            f"Of {seen:,} rows only {len(times):,} have a time in '{columns.time[:30]}' and a "
            f"length in '{columns.length[:30]}'. Times must be ISO 8601 or Unix times."
        )
    order = np.argsort(np.array(times), kind="stable")
    cut = next(walk, None) is not None
    at, length_row = np.array(times)[order], np.array(lengths)[order]
    return Requests(at, length_row, columns, unreadable, cut, broken_end)


def _time(value: object) -> float | None:
    """Seconds since 1970 of an ISO text or a Unix time in s, ms, us or ns."""
    if isinstance(value, str):
        text = value.strip()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return _epoch(_number(text))
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return _within(aware.timestamp())
    return _epoch(_number(value))


def _epoch(number: float | None) -> float | None:
    if number is None:
        return None
    seconds = (number / scale for scale in _EPOCH_SCALES)
    return next((found for s in seconds if (found := _within(s)) is not None), None)


def _within(seconds: float) -> float | None:
    return seconds if _EARLIEST_S <= seconds <= _LATEST_S else None


def _length(value: object) -> float | None:
    number = _number(value)
    return number if number is not None and 0 < number <= MAX_LENGTH else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
