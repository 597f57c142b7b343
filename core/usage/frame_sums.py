"""Rows of single requests, many at once: the plain ones together, the rest row by row."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from core.cost.curve.piecewise import Floats
from core.usage.moments import EARLIEST_S, EPOCH_SCALES, LATEST_S
from core.usage.sums import HOUR_S, MAX_LENGTH, Sums, UseReader

if TYPE_CHECKING:
    import pyarrow as pa

Ints = NDArray[np.int64]
Words = tuple[str, str, str, str]
"""Of a row: model, call, cached, status."""

_WITH_TIME: Final = 19
"""Characters of 2026-03-02T14:05:09: what is shorter may be read in more ways than one."""
_MOST_COUNTED: Final = 2**17
"""Keys that lie no further apart are counted, others looked up: that takes five times as long."""


def take_frame(reader: UseReader, frame: "pa.RecordBatch") -> None:
    """Add the rows of a frame: as if each were taken alone."""
    if frame.num_rows == 0:
        return
    columns = reader.columns
    at_s = _times(frame[columns.time])
    known = (at_s >= EARLIEST_S) & (at_s <= LATEST_S)  # NaN is neither
    name, amount = columns.tokens or columns.characters, None
    if name:
        amount = _numbers(frame[name])
        known &= (amount > 0) & (amount <= MAX_LENGTH)
    groups, words = _groups(frame, [columns.model, columns.call, columns.cached, columns.status])
    rest = frame.slice(0, 0)
    if not known.all():
        rest = frame.filter(_flags(~known))
        at_s, groups = at_s[known], groups[known]
        amount = None if amount is None else amount[known]
    for word, part in zip(words, _sums(groups, len(words), at_s, amount), strict=True):
        if part.requests and (sums := reader.counted(int(part.requests), *word)) is not None:
            sums.take_in(part)
    for row in rest.to_pylist():
        reader.take(row)


def _sums(groups: Ints, count: int, at_s: Floats, amount: Floats | None) -> list[Sums]:
    """What the rows of each group add up to; ``at_s``: when each came, ``amount``: its length."""
    requests = np.bincount(groups, minlength=count)
    first_s, last_s = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(first_s, groups, at_s)
    np.maximum.at(last_s, groups, at_s)
    lengths = np.zeros(at_s.size) if amount is None else amount
    total = np.bincount(groups, lengths, minlength=count)
    square = np.bincount(groups, lengths * lengths, minlength=count)
    measured = requests * float(amount is not None)
    each = (requests, total, square, measured, first_s, last_s)
    parts = [Sums(*values) for values in zip(*(one.tolist() for one in each), strict=True)]
    _by_hour(parts, groups, at_s, amount)
    return parts


def _by_hour(parts: list[Sums], groups: Ints, at_s: Floats, amount: Floats | None) -> None:
    """Give each group what came in each hour."""
    hours = at_s.astype(np.int64) // int(HOUR_S)
    if not hours.size:
        return
    places, keys = _numbered(hours * len(parts) + groups)
    there = [divmod(key, len(parts)) for key in keys.tolist()]
    requests = np.bincount(places).astype(np.float64).tolist()
    for (hour, group), value in zip(there, requests, strict=True):
        parts[group].requests_by_hour[hour] = value
    if amount is not None:
        amounts = np.bincount(places, amount).tolist()
        for (hour, group), value in zip(there, amounts, strict=True):
            parts[group].amount_by_hour[hour] = value


def _times(texts: "pa.Array") -> Floats:
    """Seconds since 1970 of what is plainly a time; NaN else. Names no zone: UTC."""
    import pyarrow as pa  # noqa: PLC0415  # see csv_frames

    for zone in ("UTC", None):
        with suppress(pa.ArrowInvalid):
            moments = texts.cast(pa.timestamp("ns", zone)).cast(pa.int64())
            return _seconds(_plain(moments) // 1_000)
    with suppress(pa.ArrowInvalid):
        return _epochs(_plain(texts.cast(pa.float64())))
    return _times_of_each(texts)


def _times_of_each(texts: "pa.Array") -> Floats:
    """The same of a column in which not all are times of one form."""
    import pandas as pd  # noqa: PLC0415  # only for such a column

    column = texts.to_pandas()
    iso = column.where(column.str.len() >= _WITH_TIME)
    moments = pd.to_datetime(iso, format="ISO8601", utc=True, errors="coerce")
    seconds = _seconds(moments.to_numpy(dtype="datetime64[us]").astype(np.int64))
    return np.where(moments.isna().to_numpy(), _epochs(_numbers(texts)), seconds)


def _seconds(microseconds: Ints) -> Floats:
    """To the microsecond, as Python's own reader has it."""
    seconds: Floats = microseconds / 1e6
    return seconds


def _epochs(numbers: Floats) -> Floats:
    """Each in the first unit in which it lies in this century; NaN where in none."""
    result = np.full(numbers.shape, np.nan)
    for scale in reversed(EPOCH_SCALES):
        seconds = numbers / scale
        within = (seconds >= EARLIEST_S) & (seconds <= LATEST_S)
        result = np.where(within, seconds, result)
    return result


def _numbers(texts: "pa.Array") -> Floats:
    """What is plainly a number; NaN else."""
    import pyarrow as pa  # noqa: PLC0415  # see csv_frames

    with suppress(pa.ArrowInvalid):
        return _plain(texts.cast(pa.float64()))
    import pandas as pd  # noqa: PLC0415  # only for a column in which something else stands

    column = pd.to_numeric(texts.to_pandas(), errors="coerce")
    result: Floats = column.to_numpy(np.float64, na_value=np.nan)
    return result


def _groups(frame: "pa.RecordBatch", names: list[str]) -> tuple[Ints, list[Words]]:
    """Which group each row is in, and the words of each; "" where there is no such column."""
    groups, keys = np.zeros(frame.num_rows, dtype=np.int64), np.zeros(1, dtype=np.int64)
    for name in dict.fromkeys(filter(None, names)):
        column = frame[name]
        if (different := len(column.dictionary)) > 1:
            groups, keys = _numbered(groups * different + _plain(column.indices))
    one_of = np.zeros(keys.size, dtype=np.int64)  # a row of each group
    one_of[groups] = np.arange(groups.size)
    words = [
        [frame[name][row].as_py() if name else "" for name in names] for row in one_of.tolist()
    ]
    return groups, [(model, call, cached, status) for model, call, cached, status in words]


def _numbered(keys: Ints) -> tuple[Ints, Ints]:
    """The number of each key among the different ones, and these. At least one key is there."""
    low = keys.min()
    if (span := int(keys.max() - low) + 1) <= _MOST_COUNTED:
        there = np.flatnonzero(np.bincount(keys - low))
        number = np.zeros(span, dtype=np.int64)
        number[there] = np.arange(there.size)
        return number[keys - low], there + low
    import pyarrow as pa  # noqa: PLC0415  # see csv_frames

    once = pa.array(keys).dictionary_encode()
    return _plain(once.indices).astype(np.int64), _plain(once.dictionary)


def _plain(numbers: "pa.Array") -> NDArray[Any]:
    """The same memory; the library's own way imports pandas."""
    return np.from_dlpack(numbers)


def _flags(values: NDArray[np.bool_]) -> "pa.Array":
    import pyarrow as pa  # noqa: PLC0415  # see csv_frames

    return pa.array(values)
