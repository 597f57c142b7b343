"""The sums of a file of use: by stream and by hour. Nothing else of a row is kept.

The file is untrusted input (a stranger's). What cannot be read is counted and said, and a file of
which too much cannot be read is refused with the reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from core.errors import LoadImportError
from core.usage.columns import Columns, Export
from core.usage.moments import Clock, number_of
from core.usage.rows.usage_answers import Row

MAX_LENGTH: Final = 1e9
"""Tokens or characters of one request beyond which a value is no length."""
MOST_IN_BUCKET: Final = 1e15
"""The same of a bucket."""
LEAST_READ: Final = 0.5
"""Share of the rows that must be readable."""
FIRST_LOOK: Final = 10_000
"""Rows from which dates are told apart, and after which a file without any is not read further."""
LEAST_AT_FIRST: Final = 0.05
MOST_STREAMS: Final = 200
HOUR_S: Final = 3_600.0

OTHERS: Final = "others"
"""The streams beyond the first ones, together."""
_CACHED: Final = frozenset({"true", "1", "yes", "hit"})
_FAILED: Final = frozenset({"failure", "failed", "error"})
_FIRST_REFUSAL: Final = 400


@dataclass(slots=True)
class Sums:
    """Of some rows: what they add up to, in total and by the hour."""

    requests: float = 0.0
    amount: float = 0.0
    """Tokens, or characters, of all of them."""
    square: float = 0.0
    """Sum of the squares of each request's; of requests alone."""
    measured: float = 0.0
    """Requests whose length is known."""
    first_s: float = float("inf")
    last_s: float = float("-inf")
    """Where the last bucket ends, or when the last request came."""
    longest_s: float = 0.0
    """The longest stretch of time of a row."""
    requests_by_hour: dict[int, float] = field(default_factory=dict)
    """By hours since 1970, UTC; of rows of an hour at most."""
    amount_by_hour: dict[int, float] = field(default_factory=dict)

    def add(self, at_s: float, span_s: float, requests: float, amount: float | None) -> None:
        """A row: at a moment where the span is 0, else spread evenly over at most two hours."""
        self.requests += requests
        self.first_s, self.last_s = min(self.first_s, at_s), max(self.last_s, at_s + span_s)
        self.longest_s = max(self.longest_s, span_s)
        if amount is not None:
            self.amount += amount
            self.measured += requests
            if span_s == 0:
                self.square += amount * amount
        if span_s > HOUR_S:  # its hours are not told apart, and it may claim any number of them
            return
        for hour, share in _hours(at_s, span_s):
            self.requests_by_hour[hour] = self.requests_by_hour.get(hour, 0.0) + share * requests
            if amount:
                self.amount_by_hour[hour] = self.amount_by_hour.get(hour, 0.0) + share * amount

    def take_in(self, other: "Sums") -> None:
        """Add what other rows add up to."""
        self.requests += other.requests
        self.amount += other.amount
        self.square += other.square
        self.measured += other.measured
        self.first_s = min(self.first_s, other.first_s)
        self.last_s = max(self.last_s, other.last_s)
        self.longest_s = max(self.longest_s, other.longest_s)
        _into(self.requests_by_hour, other.requests_by_hour)
        _into(self.amount_by_hour, other.amount_by_hour)

    @property
    def is_hourly(self) -> bool:
        """Whether each row lies in an hour or two, so that hours can be told apart."""
        return self.longest_s <= HOUR_S


@dataclass(frozen=True, slots=True, order=True)
class Stream:
    """What some of the requests have in common."""

    model: str
    call: str

    @property
    def label(self) -> str:
        """For a sentence."""
        return " ".join(filter(None, (self.model, f"({self.call})" if self.call else "")))


@dataclass(frozen=True, slots=True)
class Usage:
    """What was read of a file."""

    streams: dict[Stream, Sums]
    columns: Columns
    export: Export | None
    bucket_s: float
    """Width of a row's stretch of time, s; 0: a row is one request."""
    cached: float
    """Requests that a cache of one's own answered: no part of the streams."""
    failed: float
    """Requests that failed: no part of them."""
    unreadable: int
    """Rows without a usable time or length."""
    broken_end: bool
    """Whether the last line was half a line."""
    doubt: str
    """What was taken for granted of the dates; "" where nothing was."""


class UseReader:
    """Takes the rows of a file, one by one."""

    def __init__(self, columns: Columns, clock: Clock, bucket_s: float) -> None:
        self.columns, self.clock, self.bucket_s = columns, clock, bucket_s
        self.streams: dict[Stream, Sums] = {}
        self.cached = self.failed = 0.0
        self.seen = self.read = self.unreadable = 0

    def take(self, row: Row) -> None:
        """Add a row to its stream."""
        self.seen += 1
        columns = self.columns
        at_s = self.clock.read(row.get(columns.time))
        requests = self._requests(row)
        amount = self._amount(row)
        needs_length = bool(columns.tokens or columns.characters) and not columns.requests
        if at_s is None or requests is None or (amount is None and needs_length):
            self.unreadable += 1
            return
        self.read += 1
        if _is(row.get(columns.cached), _CACHED):
            self.cached += requests
        elif _has_failed(row.get(columns.status)):
            self.failed += requests
        else:
            self._stream(row).add(at_s, self._span_s(row, at_s), requests, amount)

    def counted(self, rows: int, model: str, call: str, cached: str, status: str) -> Sums | None:
        """Note so many requests that were read; the sums that they belong to, if to any."""
        self.seen += rows
        self.read += rows
        if _is(cached, _CACHED):
            self.cached += rows
        elif _has_failed(status):
            self.failed += rows
        else:
            return self._of_stream(_word(model), _word(call))
        return None

    def refuse_unread(self) -> None:
        """Raise LoadImportError where too little could be read."""
        if self.read >= LEAST_READ * self.seen:
            return
        columns = self.columns
        what = columns.tokens or columns.characters or columns.requests
        raise LoadImportError(
            f"Of {self.seen:,} rows only {self.read:,} have a time in '{columns.time[:30]}' and a "
            f"length in '{what[:30]}'. Times must be ISO 8601 or Unix times."
        )

    def _requests(self, row: Row) -> float | None:
        if not self.columns.requests:
            return 1.0
        count = number_of(row.get(self.columns.requests))
        return count if count is not None and 0 <= count <= MOST_IN_BUCKET else None

    def _amount(self, row: Row) -> float | None:
        name = self.columns.tokens or self.columns.characters
        value = number_of(row.get(name)) if name else None
        if value is None or value < 0:
            return None
        if self.columns.requests:
            return value if value <= MOST_IN_BUCKET else None
        return value if 0 < value <= MAX_LENGTH else None

    def _span_s(self, row: Row, at_s: float) -> float:
        end_s = self.clock.read(row.get(self.columns.ends)) if self.columns.ends else None
        if self.bucket_s and end_s is not None and end_s > at_s:
            return end_s - at_s
        return self.bucket_s

    def _stream(self, row: Row) -> Sums:
        return self._of_stream(
            _word(row.get(self.columns.model)), _word(row.get(self.columns.call))
        )

    def _of_stream(self, model: str, call: str) -> Sums:
        stream = Stream(model, call)
        if stream not in self.streams and len(self.streams) >= MOST_STREAMS:
            stream = Stream(OTHERS, "")
        return self.streams.setdefault(stream, Sums())


def _hours(at_s: float, span_s: float) -> Iterator[tuple[int, float]]:
    """The hours that a stretch of time lies in, each with its share of the stretch."""
    first = int(at_s // HOUR_S)
    if span_s <= 0:
        yield first, 1.0
        return
    end_s = at_s + span_s
    for hour in range(first, int(-(-end_s // HOUR_S))):
        inside = min(end_s, (hour + 1) * HOUR_S) - max(at_s, hour * HOUR_S)
        yield hour, inside / span_s


def _into(total: dict[int, float], more: dict[int, float]) -> None:
    for hour, value in more.items():
        total[hour] = total.get(hour, 0.0) + value


def _word(value: object) -> str:
    text = value[:80] if isinstance(value, str) else ""
    # Nearly every word is printable as a whole.
    return (text if text.isprintable() else "".join(filter(str.isprintable, text))).strip()


def _is(value: object, words: frozenset[str]) -> bool:
    return str(value).strip().lower() in words if isinstance(value, (str, bool, int)) else False


def _has_failed(value: object) -> bool:
    if (status := number_of(value)) is not None:
        return status >= _FIRST_REFUSAL
    return _is(value, _FAILED)
