"""Rows of single requests, many at once: the plain ones together, the rest row by row."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from core.cost.curve.piecewise import Floats
from core.usage.moments import EARLIEST_S, EPOCH_SCALES, LATEST_S
from core.usage.sums import HOUR_S, MAX_LENGTH, UseReader

if TYPE_CHECKING:
    import pandas as pd

_WITH_TIME: Final = 19
"""Characters of 2026-03-02T14:05:09: what is shorter may be read in more ways than one."""


def take_frame(reader: UseReader, frame: "pd.DataFrame") -> None:
    """Add the rows of a frame: as if each were taken alone."""
    columns = reader.columns
    at_s = _times(frame[columns.time])
    name = columns.tokens or columns.characters
    amount = _numbers(frame[name]) if name else np.zeros(len(frame))
    known = np.isfinite(at_s) & (at_s >= EARLIEST_S) & (at_s <= LATEST_S)
    if name:
        known &= (amount > 0) & (amount <= MAX_LENGTH)
    asked = [columns.model, columns.call, columns.cached, columns.status]
    for (model, call, cached, status), rows in _groups(frame, asked):
        taken = known & rows
        count = int(taken.sum())
        if not count:
            continue
        sums = reader.counted(count, model=model, call=call, cached=cached, status=status)
        if sums is not None:
            hours, place = np.unique((at_s[taken] // HOUR_S).astype(np.int64), return_inverse=True)
            lengths = amount[taken] if name else None
            sums.add_many(at_s[taken], hours, place, lengths)
    for row in frame.loc[~known].to_dict("records"):
        reader.take({str(key): _text(value) for key, value in row.items()})


def _text(value: object) -> object:
    """As the row stands in the file; a number that pandas read is written again."""
    return value if isinstance(value, str) else "" if value != value else str(value)  # NaN


def _times(column: "pd.Series[Any]") -> Floats:
    """Seconds since 1970 of what is plainly a time; NaN else."""
    import pandas as pd  # noqa: PLC0415  # see csv_frames

    if pd.api.types.is_numeric_dtype(column):
        return _epochs(column.to_numpy(dtype=np.float64, na_value=np.nan))
    texts = column.astype("str")
    iso = texts.where(texts.str.len() >= _WITH_TIME)
    moments = pd.to_datetime(iso, format="ISO8601", utc=True, errors="coerce")
    seconds: Floats = moments.to_numpy(dtype="datetime64[us]").astype(np.float64) / 1e6
    return np.where(moments.isna().to_numpy(), np.nan, seconds)


def _epochs(numbers: Floats) -> Floats:
    """Each in the first unit in which it lies in this century; NaN where in none."""
    result = np.full(numbers.shape, np.nan)
    for scale in reversed(EPOCH_SCALES):
        seconds = numbers / scale
        within = (seconds >= EARLIEST_S) & (seconds <= LATEST_S)
        result = np.where(within, seconds, result)
    return result


def _numbers(column: "pd.Series[Any]") -> Floats:
    import pandas as pd  # noqa: PLC0415  # see csv_frames

    result: Floats = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return result


def _groups(
    frame: "pd.DataFrame", names: list[str]
) -> Iterator[tuple[tuple[str, ...], NDArray[np.bool_]]]:
    """Which rows have which words in these columns; "" where there is no such column."""
    there = list(dict.fromkeys(name for name in names if name))
    codes = np.zeros(len(frame), dtype=np.int64)
    for name in there:
        column = frame[name].cat
        codes = codes * (len(column.categories) + 1) + column.codes.to_numpy() + 1
    for code, first in zip(*np.unique(codes, return_index=True), strict=True):
        row = frame.iloc[int(first)]
        yield tuple(str(_text(row[name])) if name else "" for name in names), codes == code
