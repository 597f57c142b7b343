"""Rows of an export of requests: CSV, JSON, or JSON line by line, one at a time.

Of the bytes themselves nothing is copied but the row that is read.
"""

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orjson

from core.errors import LoadImportError
from core.json_pieces import MOST_PIECE, JsonError, Span, elements, members, place_text, read
from core.usage.rows.access_log import access_log_rows, is_access_log
from core.usage.rows.csv_frames import csv_frames
from core.usage.rows.csv_rows import csv_rows, last_is_short
from core.usage.rows.mapped import PART_BYTES, is_mapped, let_go
from core.usage.rows.parquet_rows import MAGIC, parquet_rows
from core.usage.rows.usage_answers import Row, Series, document_rows

if TYPE_CHECKING:
    import pyarrow as pa

MOST_AROUND: Final = 200
"""Bytes of what is read beside the list of a document: the label of a metric."""
_SIGN: Final = re.compile(rb"\S")
_LINE: Final = re.compile(rb"\S[^\n]*+")

_BOOK: Final = b"PK\x03\x04"
_PACKED: Final = b"\x1f\x8b"


Frames = Callable[[Sequence[str], Sequence[str], Callable[[Row], None]], Iterator["pa.RecordBatch"]]
"""Asked with columns, those of them that are words, and whom to give a row that no frame has."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file by name, read as they are asked for; what is wrong is raised then."""

    rows: Iterator[Row]
    broken_end: Callable[[], bool]
    """Whether the last line is half a line."""
    frames: Frames | None = None
    """The same rows of some columns, many at once; of a CSV on a disk."""


def rows_of(content: bytes, series: Series | None = None) -> Rows:
    """The rows of a file. Raises LoadImportError.

    ``series``: what the numbers of a time series are, where a person says so.
    """
    if content[:4] == MAGIC:
        return Rows(parquet_rows(content), _whole)
    if content[:4] == _BOOK:
        raise LoadImportError("The file is a workbook or an archive. Save it as CSV.")
    if content[:2] == _PACKED:
        raise LoadImportError("The file is compressed. Unpack it first.")
    bom = len(codecs.BOM_UTF8) if content[:3] == codecs.BOM_UTF8 else 0
    first = _SIGN.search(content, bom)
    if first is None:
        raise LoadImportError("The file is empty. Export at least a day of requests.")
    _refuse_no_text(content)
    start = first.start()
    if first[0] == b"{":
        return _json_lines(content, start, series)
    if first[0] == b"[" and not is_access_log(content, start):
        rows = _values(content, elements(content, start, alone=True))
        return Rows(_said_of_json(content, lambda: document_rows(rows, {}, series)), _whole)
    if is_access_log(content, start):
        return Rows(access_log_rows(content, _lines(content, start)), _whole)
    broken_end = partial(last_is_short, content, start)
    frames = partial(csv_frames, content, start) if is_mapped(content) else None
    return Rows(csv_rows(content, start), broken_end, frames)


def _whole() -> bool:
    return False


def _said_of_json(content: bytes, rows: Callable[[], Iterator[Row]]) -> Iterator[Row]:
    """The rows; what is wrong with the JSON as a sentence."""
    try:
        yield from rows()
    except JsonError as error:
        where = "" if error.at is None else f" at {place_text(content, error.at)}"
        raise LoadImportError(
            f"The JSON breaks off or is malformed{where}: {error}. Export it again, or as one "
            "object a line."
        ) from None


def _refuse_no_text(content: bytes) -> None:
    """Look at every byte once, and make no text of more than a part at a time."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for place in range(0, len(content), PART_BYTES):
        part = content[place : place + PART_BYTES]
        let_go(content, place)
        if b"\x00" in part:
            raise LoadImportError("The file is not text. Export it as CSV or JSON, in UTF-8.")
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(part, final=place + PART_BYTES >= len(content))
        except UnicodeDecodeError as error:
            raise LoadImportError(
                f"The file is not UTF-8: byte {place - pending + error.start:,} cannot be read. "
                "Save it as UTF-8."
            ) from None


def _json_lines(content: bytes, start: int, series: Series | None) -> Rows:
    """One object a line; or one object that has a list of them: {"data": [...]}."""
    # No further: a document may be one line of any length.
    end = content.find(b"\n", start, start + MOST_PIECE + 1)
    if end < 0 or _SIGN.search(content, end) is None or _json_line(content, (start, end)) is None:
        return Rows(_said_of_json(content, lambda: _wrapped(content, start, series)), _whole)
    end = _last_sign(content)
    last = max(start, content.rfind(b"\n", start, end) + 1)
    broken = _json_line(content, (last, end)) is None
    spans = (span for span in _lines(content, start) if not (broken and span[1] >= end))
    rows = (_json_line(content, span) or {} for span in spans)
    return Rows(document_rows(rows, {}, series), lambda: broken)


def _wrapped(content: bytes, start: int, series: Series | None) -> Iterator[Row]:
    """The rows of the longest list of one object, or of an object right in it."""
    around: dict[str, object] = {}
    lists: list[Span] = []
    passed = partial(let_go, content)
    for name, span in members(content, start, alone=True, passed=passed):
        match content[span[0]]:
            case 0x5B:  # [
                lists.append(span)
            case 0x7B:  # {
                inner = members(content, span[0], passed=passed)
                lists += [deeper for _, deeper in inner if content[deeper[0]] == 0x5B]
            case _ if span[1] - span[0] <= MOST_AROUND:
                around[name] = read(content, span)
    longest = max(lists, key=lambda span: span[1] - span[0], default=None)
    if longest is not None:
        each = _values(content, elements(content, longest[0]))
        yield from document_rows(each, around, series)


def _lines(content: bytes, start: int) -> Iterator[Span]:
    """Every line that is not blank, from its first sign."""
    return _passed(content, (line.span() for line in _LINE.finditer(content, start)))


def _passed(content: bytes, spans: Iterator[Span]) -> Iterator[Span]:
    """The same; what lies behind each is let go of."""
    passed_to = 0
    for span in spans:
        if span[0] - passed_to >= PART_BYTES:
            let_go(content, passed_to := span[0])
        yield span


def _values(content: bytes, spans: Iterator[Span]) -> Iterator[Any]:
    """The values of pieces. Raises JsonError."""
    return (_value(content, span) for span in _passed(content, spans))


def _value(content: bytes, span: Span) -> Any:
    """The value of a piece: by the quicker reader, and by the careful one what it refuses.

    A whole number of more than 19 digits comes as a float. Raises JsonError.
    """
    start, end = span
    if end - start <= MOST_PIECE:
        with suppress(orjson.JSONDecodeError):
            return orjson.loads(content[start:end])
    return read(content, span)


def _last_sign(content: bytes) -> int:
    """Where what is not blank ends."""
    end = len(content)
    while end:
        begin = max(0, end - PART_BYTES)
        if part := content[begin:end].rstrip():
            return begin + len(part)
        end = begin
    return 0


def _json_line(content: bytes, span: Span) -> dict[str, object] | None:
    try:
        value = _value(content, span)
    except JsonError:
        return None
    return value if isinstance(value, dict) else None
