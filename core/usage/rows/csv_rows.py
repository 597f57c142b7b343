"""Rows of a CSV, one at a time: no line, and no row of several lines, is longer than a piece."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from core.errors import LoadImportError
from core.json_pieces import MOST_PIECE
from core.usage.rows.mapped import PART_BYTES, let_go

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD_CHARACTERS: Final = 10_000
"""Of the heading, in which the separator is looked for."""
SEPARATORS: Final = ",;\t|"


class Parts(io.RawIOBase):
    """A file from a place on: nothing is copied but the part that is read."""

    def __init__(self, content: bytes, start: int) -> None:
        self._content, self._at = content, start

    def readable(self) -> bool:
        """It is read, and not written."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """The next part, as much as fits."""
        into = memoryview(buffer)
        part = self._content[self._at : self._at + len(into)]
        let_go(self._content, self._at)
        self._at += len(part)
        into[: len(part)] = part
        return len(part)


class _Lines:
    """The lines of a text, and how much of them the row at hand has taken."""

    def __init__(self, content: bytes, start: int) -> None:
        raw = io.BufferedReader(Parts(content, start), PART_BYTES)
        self._text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(MOST_PIECE + 1):
            self.taken += len(line)
            if self.taken > MOST_PIECE:
                raise LoadImportError(
                    f"One row of the CSV has more than {MOST_PIECE // 2**20} MB. Export only the "
                    "time and the tokens of each request."
                )
            yield line


def csv_rows(content: bytes, start: int) -> Iterator[Mapping[str, object]]:
    """The rows by the names of the heading. Raises LoadImportError."""
    lines = _Lines(content, start)
    delimiter = separator(content, start)
    try:
        reader = csv.reader(lines, delimiter=delimiter)
        names = next(reader, [])
        # The first row has every name; what a later one leaves out costs nothing.
        row: dict[str, object] = dict.fromkeys(names)
        for fields in filter(None, reader):
            lines.taken = 0
            yield row | dict(zip(names, fields, strict=False))
            row = {}
    except csv.Error as error:
        raise LoadImportError(f"The CSV cannot be read: {error}. Export it again.") from None


def heading_of(content: bytes, start: int) -> list[str]:
    """The names of the columns, as they stand there."""
    return next(csv.reader(_Lines(content, start), delimiter=separator(content, start)), [])


def row_of(heading: Sequence[str], text: str, sign: str) -> Mapping[str, object]:
    """The row that one text holds, which may have several lines."""
    fields = next(csv.reader(io.StringIO(text, newline=""), delimiter=sign), [])
    return dict(zip(heading, fields, strict=False))


def last_is_short(content: bytes, start: int) -> bool:
    """Whether the last line does not end, and has fewer fields than the first."""
    last = content.rfind(b"\n", start) + 1
    if last <= start or last == len(content) or len(content) - last > MOST_PIECE:
        return False
    delimiter = separator(content, start).encode()
    return content[last:].count(delimiter) < _heading(content, start).count(delimiter)


def separator(content: bytes, start: int) -> str:
    """The sign between two fields: the one that the heading has most of."""
    heading = _heading(content, start)
    return max(SEPARATORS, key=lambda sign: heading.count(sign.encode()))


def _heading(content: bytes, start: int) -> bytes:
    return content[start : start + HEAD_CHARACTERS].partition(b"\n")[0]
