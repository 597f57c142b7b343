"""When a row happened: ISO 8601, Unix times, access logs, German and US dates, in any time zone.

Whether 03/04/2026 is in March or in April is settled by evidence of the file where there is any;
where there is none it is read as the United States write it, and that is said.
"""

import math
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from core.errors import LoadImportError

EARLIEST_S: Final = 946_684_800.0  # 2000-01-01
LATEST_S: Final = 4_102_444_800.0  # 2100-01-01
EPOCH_SCALES: Final = (1.0, 1e3, 1e6, 1e9)
"""Seconds, milliseconds, microseconds and nanoseconds, told apart by their size."""
_PARTS: Final = re.compile(
    r"(?P<first>\d{1,2})(?P<sign>[./])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4})"
    r"(?:[ T,]{1,2}(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<s>\d{2}(?:\.\d{1,9})?))?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?)?"
)
_STAMP: Final = re.compile(r"[0-9]{9,}")
"""A Unix time: Python would read 1710121231530 as 15:30 on 12 December 1710, for it takes any sign
between date and time."""
_LOG: Final = "%d/%b/%Y:%H:%M:%S %z"
"""Of an access log: 10/Oct/2026:13:55:36 +0200."""
_NOON: Final = 12


class DateOrder(StrEnum):
    """What comes first in a date with slashes."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class Clock:
    """Reads the times of one file, row by row and in their order."""

    def __init__(self, order: DateOrder | None, zone: tzinfo, doubt: str = "") -> None:
        """``order``: of dates with slashes. ``zone``: of times that name none."""
        self.doubt = doubt
        self.order, self._zone = order, zone
        self._last: datetime | None = None
        self._second_time = False

    def read(self, value: object) -> float | None:
        """Seconds since 1970 UTC; None where the value is no time. Raises LoadImportError."""
        if isinstance(value, datetime):
            return _within(self._placed(value))
        if not isinstance(value, str):
            return _epoch(number_of(value))
        text = value.strip().strip("[]")
        if _STAMP.fullmatch(text):
            return _epoch(number_of(text))
        try:
            return _within(self._placed(datetime.fromisoformat(text)))
        except ValueError:
            pass
        if (parts := _PARTS.fullmatch(text)) is not None:
            return self._of_parts(parts)
        try:
            moment = datetime.strptime(text, _LOG)  # noqa: DTZ007  # it has %z
            return _within(moment.timestamp())
        except ValueError:
            return _epoch(number_of(text))

    def _of_parts(self, parts: re.Match[str]) -> float | None:
        order = DateOrder.DAY_FIRST if parts["sign"] == "." else self.order
        moment = _from_parts(parts, order or DateOrder.MONTH_FIRST)
        if moment is not None:
            return _within(self._placed(moment))
        if parts["sign"] == "/" and order and _from_parts(parts, _other(order)) is not None:
            raise LoadImportError(
                f"Dates were read {order.value}, and {parts[0][:20]!r} cannot be. Say which it is: "
                f"{_other(order).value}."
            )
        return None

    def _placed(self, moment: datetime) -> float:
        """The moment in the file's own zone where it names none.

        Of the hour that is there twice when summer time ends, the first time comes first.
        """
        if moment.tzinfo is not None:
            return moment.timestamp()
        local = moment.replace(tzinfo=self._zone)
        if local.utcoffset() != local.replace(fold=1).utcoffset():
            went_back = self._last is not None and moment < self._last
            self._second_time = self._second_time or went_back
            local = local.replace(fold=int(self._second_time))
        else:
            self._second_time = False
        self._last = moment
        return local.timestamp()


def clock_for(values: Iterable[object], order: DateOrder | None, zone: tzinfo = UTC) -> Clock:
    """A clock for a file that begins with these times; ``order``: what a person said of them."""
    parts = [
        match
        for value in values
        if isinstance(value, str) and (match := _PARTS.fullmatch(value.strip()))
    ]
    dates = [match for match in parts if match["sign"] == "/"]
    if not dates or order is not None:
        return Clock(order, zone)
    possible = [one for one in DateOrder if all(_from_parts(date, one) for date in dates)]
    if len(possible) == 1:
        return Clock(possible[0], zone)
    if not possible:
        raise LoadImportError(
            f"Dates such as {dates[0][0][:20]!r} are neither all day-first nor all month-first. "
            "Export them as 2026-03-31."
        )
    in_turn = [one for one in possible if _in_turn([_from_parts(date, one) for date in dates])]
    if len(in_turn) == 1:
        return Clock(in_turn[0], zone)
    doubt = (
        f"Dates such as {dates[0][0][:20]} were read month-first, as the United States write them. "
        "If they are day-first, say so."
    )
    return Clock(DateOrder.MONTH_FIRST, zone, doubt)


def number_of(value: object) -> float | None:
    """A finite number that a value is or says; None where it does neither."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _from_parts(parts: re.Match[str], order: DateOrder) -> datetime | None:
    numbers = (parts["first"], parts["second"])
    day, month = numbers if order is DateOrder.DAY_FIRST else reversed(numbers)
    hour = int(parts["hour"] or 0)
    if parts["half"]:
        hour = hour % _NOON + (_NOON if parts["half"] in "Pp" else 0)
    try:
        start = datetime(  # noqa: DTZ001  # the zone is the file's own, and put in later
            int(parts["year"]), int(month), int(day), hour, int(parts["minute"] or 0)
        )
    except ValueError:
        return None
    seconds = float(parts["s"] or 0)
    return start + timedelta(seconds=seconds) if seconds < 60 else None


def _in_turn(moments: Sequence[datetime | None]) -> bool:
    """Whether they rise, or fall, from row to row."""
    seen = [moment for moment in moments if moment is not None]
    return seen == sorted(seen) or seen == sorted(seen, reverse=True)


def _other(order: DateOrder) -> DateOrder:
    return next(one for one in DateOrder if one is not order)


def _epoch(number: float | None) -> float | None:
    if number is None:
        return None
    seconds = (number / scale for scale in EPOCH_SCALES)
    return next((found for s in seconds if (found := _within(s)) is not None), None)


def _within(seconds: float) -> float | None:
    return seconds if EARLIEST_S <= seconds <= LATEST_S else None
