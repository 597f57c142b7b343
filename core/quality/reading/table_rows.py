"""Rows of a small file of texts: CSV, a list in JSON, or one JSON object a line."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from core.errors import QualityInputError
from core.json_pieces import JsonError, Span, elements, first_place, place_text, read

SEPARATORS: Final = ",;\t"
MOST_ROWS: Final = 500_000
"""Rows cost memory even where they are empty."""
_LINE: Final = re.compile(rb"\S[^\n]*+")
_BOM: Final = b"\xef\xbb\xbf"
_NO_TEXT: Final = (
    (b"PK\x03\x04", "are a workbook or an archive. Save them as CSV (UTF-8)."),
    (b"\xd0\xcf\x11\xe0", "are a workbook of an old form. Save them as CSV (UTF-8)."),
    (b"\x1f\x8b", "are compressed. Unpack them first."),
    (b"PAR1", "are a Parquet file. Export them as CSV or as one JSON object a line."),
    (b"\xff\xfe", "are in UTF-16. Save them as CSV (UTF-8)."),
    (b"\xfe\xff", "are in UTF-16. Save them as CSV (UTF-8)."),
)


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of a row by their plain names, and where a person finds it."""

    place: str
    """ "Row 3 of the pairs": of a CSV as a spreadsheet counts, with the heading as row 1."""
    fields: dict[str, object]


def table_rows(content: bytes, what: str) -> Iterator[Row]:
    """The rows of a file; ``what``: its name in sentences. Raises QualityInputError."""
    for magic, sentence in _NO_TEXT:
        if content.startswith(magic):
            raise QualityInputError(f"The {what} {sentence}")
    content = content.removeprefix(_BOM)
    text = _decoded(content, what)
    first = content[first_place(content) :][:1]
    if not first:
        raise QualityInputError(f"The {what} are empty. Give a heading and a row for each entry.")
    if first == b"[":
        return _few(_json_list(content, what), what)
    return _few(_json_lines(content, what) if first == b"{" else _csv(text, what), what)


def plain_name(name: str) -> str:
    """A column's name as it is looked for: "Relevant ID" as relevant_id."""
    return re.sub(r"[\s\-]+", "_", name.strip().casefold())


def _decoded(content: bytes, what: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise QualityInputError(
            f"Line {line:,} of the {what} is not UTF-8. Save the file as CSV (UTF-8)."
        ) from None


def _few(rows: Iterator[Row], what: str) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            raise QualityInputError(
                f"The {what} have more than {MOST_ROWS:,} rows. Give a sample of them."
            )
        yield row


def _csv(text: str, what: str) -> Iterator[Row]:
    heading = text.lstrip().partition("\n")[0]
    sign = max(SEPARATORS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    number, names = 0, list[str]()
    try:
        for number, fields in enumerate(reader, start=1):
            if not any(fields):
                continue
            if not names:
                names = [plain_name(name) for name in fields]
                _refuse_twice(names, f"Row {number:,} of the {what}")
                continue
            _refuse_more(fields, names, f"Row {number:,} of the {what}")
            yield Row(f"Row {number:,} of the {what}", dict(zip(names, fields, strict=False)))
    except csv.Error as error:
        raise QualityInputError(_unreadable(f"Row {number + 1:,} of the {what}", error)) from None


def _unreadable(place: str, error: csv.Error) -> str:
    if "field limit" in str(error):
        return (
            f"{place} has a text of more than {csv.field_size_limit():,} characters. Shorten it, "
            "or give one JSON object a line: there it may be longer."
        )
    return (
        f"{place} cannot be read: {error}. Write a quote inside a quoted text twice, or give one "
        "JSON object a line."
    )


def _refuse_more(fields: list[str], names: list[str], place: str) -> None:
    if len(fields) > len(names):
        raise QualityInputError(
            f"{place} has {len(fields)} fields, the heading {len(names)}. Put a text that holds "
            "the separator in quotes."
        )


def _refuse_twice(names: Sequence[str], place: str) -> None:
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        raise QualityInputError(
            f"{place} names {twice[:40]} twice. Give a row for each of several documents."
        )


def _json_lines(content: bytes, what: str) -> Iterator[Row]:
    number, counted = 1, 0
    for line in _LINE.finditer(content):
        number, counted = number + content.count(b"\n", counted, line.start()), line.start()
        yield _object(content, line.span(), f"Line {number:,} of the {what}")


def _json_list(content: bytes, what: str) -> Iterator[Row]:
    spans = elements(content, first_place(content), alone=True)
    try:
        for number, span in enumerate(spans, start=1):
            yield _object(content, span, f"Entry {number:,} of the {what}")
    except JsonError as error:
        where = "" if error.at is None else f" at {place_text(content, error.at)}"
        raise QualityInputError(
            f"The list of the {what} is malformed{where}: {error}. Export it again."
        ) from None


def _object(content: bytes, span: Span, place: str) -> Row:
    try:
        value = read(content, span)
    except JsonError as error:
        raise QualityInputError(
            f"{place} is no JSON object: {error}. Give one whole object a line, or one list."
        ) from None
    if not isinstance(value, dict):
        raise QualityInputError(f"{place} is no JSON object with named values. Name its values.")
    names = [plain_name(name) for name in value]
    _refuse_twice(names, place)
    return Row(place, dict(zip(names, value.values(), strict=True)))
