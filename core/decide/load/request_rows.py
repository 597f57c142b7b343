"""Rows of an export of requests: CSV, JSON, or JSON line by line, one at a time.

Of the bytes themselves nothing is copied but the row that is read.
"""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from core.decide.load.request_csv import csv_rows, last_is_short
from core.errors import LoadImportError
from core.json_pieces import JsonError, Span, elements, members, place_text, read

PART_BYTES: Final = 2**20
_SIGN: Final = re.compile(rb"\S")
_LINE: Final = re.compile(rb"\S[^\n]*+")

Row = Mapping[str, object]


def rows_of(content: bytes) -> tuple[Iterator[Row], bool]:
    """Its rows by name, and whether its last line is half a line. Raises LoadImportError.

    The rows are read as they are asked for; what is wrong with one is raised then.
    """
    bom = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
    first = _SIGN.search(content, bom)
    if first is None:
        raise LoadImportError("The file is empty. Export at least a day of requests.")
    _refuse_no_text(content)
    start = first.start()
    match first[0]:
        case b"[":
            spans = elements(content, start, alone=True)
            return _told(content, lambda: (_row(read(content, span)) for span in spans)), False
        case b"{":
            return _json_lines(content, start)
    return csv_rows(content, start), last_is_short(content, start)


def _told(content: bytes, rows: Callable[[], Iterator[Row]]) -> Iterator[Row]:
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


def _json_lines(content: bytes, start: int) -> tuple[Iterator[Row], bool]:
    """One object a line; or one object that has a list of them: {"data": [...]}."""
    lines = _lines(content, start)
    first, second = next(lines), next(lines, None)
    if second is None or _json_line(content, first) is None:
        return _told(content, lambda: _wrapped(content, start)), False
    end = _last_sign(content)
    last = max(start, content.rfind(b"\n", start, end) + 1)
    broken = _json_line(content, (last, end)) is None
    spans = (span for span in _lines(content, start) if not (broken and span[1] >= end))
    return (_json_line(content, span) or {} for span in spans), broken


def _wrapped(content: bytes, start: int) -> Iterator[Row]:
    """The rows of the longest list of one object."""
    values = (span for _, span in members(content, start, alone=True))
    lists = [span for span in values if content[span[0]] == ord("[")]
    longest = max(lists, key=lambda span: span[1] - span[0], default=None)
    if longest is not None:
        yield from (_row(read(content, span)) for span in elements(content, longest[0]))


def _lines(content: bytes, start: int) -> Iterator[Span]:
    """Every line that is not blank, from its first sign."""
    return (line.span() for line in _LINE.finditer(content, start))


def _last_sign(content: bytes) -> int:
    """Where what is not blank ends."""
    end = len(content)
    while end:
        begin = max(0, end - PART_BYTES)
        if part := content[begin:end].rstrip():
            return begin + len(part)
        end = begin
    return 0


def _json_line(content: bytes, span: Span) -> Row | None:
    try:
        found = read(content, span)
    except JsonError:
        return None
    return _flat(found) if isinstance(found, dict) else None


def _row(value: object) -> Row:
    return _flat(value) if isinstance(value, dict) else {}


def _flat(row: Mapping[str, object]) -> Row:
    """One level of nesting with dotted names: usage.prompt_tokens."""
    flat = dict(row)
    for name, value in row.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": deeper for inner, deeper in value.items()}
    return flat
