"""Reads a file of use from its first row to its last, and adds it up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from itertools import chain, islice, pairwise
from typing import Final

from core.errors import LoadImportError
from core.usage.columns import Columns, Export, columns_of
from core.usage.frame_sums import take_frame
from core.usage.moments import Clock, DateOrder, clock_for
from core.usage.rows.csv_frames import UnevenError
from core.usage.rows.file_rows import Rows
from core.usage.rows.usage_answers import Row, Series
from core.usage.sums import FIRST_LOOK, LEAST_AT_FIRST, Usage, UseReader

MOST_OF_A_VALUE: Final = 200
"""Characters of a value: what is longer is neither a time nor a number, and a name in part."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person says of a file, where it does not say it itself."""

    columns: Columns = Columns()  # noqa: RUF009  # frozen
    order: DateOrder | None = None
    """Of dates with slashes."""
    zone: tzinfo = UTC
    """Of times that name none."""
    series: Series | None = None
    """What the numbers of a time series are."""


def read_usage(rows: Rows, reading: Reading = Reading()) -> Usage:  # frozen
    """Add a file up. Raises LoadImportError with what is wrong and what to do."""
    walk = iter(rows.rows)
    head = [_short(row) for row in islice(walk, FIRST_LOOK)]
    if not head:
        raise LoadImportError("The file has a heading and no rows. Export a day of requests.")
    names = list(dict.fromkeys(n for row in head for n in row if isinstance(n, str)))
    columns, export = columns_of(names, reading.columns)
    clock = clock_for((row.get(columns.time) for row in head), reading.order, reading.zone)
    bucket_s = _width_s(head, columns, export, clock, reading)
    reader = UseReader(columns, clock, bucket_s)
    by_frame = None
    if bucket_s == 0 and reading.zone is UTC and len(head) == FIRST_LOOK:
        by_frame = _by_frames(rows, UseReader(columns, clock, bucket_s))
    if by_frame is None:
        _by_rows(chain(head, walk), reader)
    else:
        reader = by_frame
    reader.refuse_unread()
    return Usage(
        reader.streams, columns, export, reader.bucket_s, reader.cached, reader.failed,
        reader.unreadable, rows.broken_end(), clock.doubt,
    )  # fmt: skip


def _short(row: Row) -> Row:
    """What can be a time, a number or a name; texts that were embedded are not held."""
    return {
        name: value[:MOST_OF_A_VALUE] if isinstance(value, str) else value
        for name, value in row.items()
        if not isinstance(value, list | dict)
    }


def _by_rows(rows: Iterable[Row], reader: UseReader) -> None:
    for row in rows:
        reader.take(row)
        if reader.seen == FIRST_LOOK and reader.read < LEAST_AT_FIRST * reader.seen:
            break


def _by_frames(rows: Rows, reader: UseReader) -> UseReader | None:
    """The same many at once; None where the file is not even enough for that."""
    if rows.frames is None:
        return None
    columns = reader.columns
    lengths = columns.tokens or columns.characters
    asked = (columns.model, columns.call, columns.cached, columns.status)
    words = [name for name in dict.fromkeys(asked) if name]
    names = [name for name in dict.fromkeys((columns.time, lengths, *words)) if name]
    if columns.time in words or lengths in words:
        return None
    try:
        for frame in rows.frames(names, words, reader.take):
            take_frame(reader, frame)
    except UnevenError:
        return None
    return reader


def _width_s(
    head: list[Row], columns: Columns, export: Export | None, clock: Clock, reading: Reading
) -> float:
    """How long the buckets of a file are, s; 0 where its rows are requests."""
    if not columns.requests:
        return 0.0
    if export is not None and export.bucket_s:
        return export.bucket_s
    aside = Clock(clock.order, reading.zone)
    starts = [aside.read(row.get(columns.time)) for row in head]
    known = sorted({start for start in starts if start is not None})
    ends = [aside.read(row.get(columns.ends)) for row in head] if columns.ends else []
    spans = [e - s for s, e in zip(starts, ends, strict=False) if s is not None and e is not None]
    gaps = [b - a for a, b in pairwise(known)]
    if not (positive := [span for span in (*spans, *gaps) if span > 0]):
        raise LoadImportError(
            "The rows count many requests, but all begin at the same time, so it is not known how "
            "long they count. Export several hours or days."
        )
    return min(positive)
