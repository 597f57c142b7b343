"""A large CSV in frames of many rows: the same rows as one at a time, and many times as quick."""

import io
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from core.usage.rows.csv_rows import Parts, heading_of, row_of, separator
from core.usage.rows.mapped import PART_BYTES
from core.usage.rows.usage_answers import Row

if TYPE_CHECKING:
    import pyarrow as pa

FRAME_BYTES: Final = PART_BYTES
"""Of one frame, and of its longest row."""
MOST_ODD: Final = 2**24
"""Bytes of rows of another width than the heading that are held at once."""
_ROW_BYTES: Final = 100
"""Of a row that is held, besides its text."""


class UnevenError(Exception):
    """Rows cannot be told apart many at once: they are to be read one at a time."""


def csv_frames(
    content: bytes,
    start: int,
    names: Sequence[str],
    words: Sequence[str],
    odd: Callable[[Row], None],
) -> Iterator["pa.RecordBatch"]:
    """Frames of these columns: texts as they stand in the file, of the words each text once.

    ``odd`` is given each row that has more or fewer fields than the heading. Raises UnevenError.
    """
    # Imported here: a command's help must not wait for it.
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv  # noqa: PLC0415

    sign = separator(content, start)
    rest = _OddRows(heading_of(content, start), sign, odd)
    if any(rest.heading.count(name) != 1 for name in names):
        raise UnevenError("a name stands twice in the heading")
    each_once = pa.dictionary(pa.int32(), pa.string())
    try:
        with csv.open_csv(
            pa.PythonFile(io.BufferedReader(Parts(content, start), PART_BYTES), mode="r"),
            csv.ReadOptions(use_threads=False, block_size=FRAME_BYTES),
            csv.ParseOptions(
                delimiter=sign, newlines_in_values=True, invalid_row_handler=rest.put_aside
            ),
            csv.ConvertOptions(
                check_utf8=False,  # every byte was looked at before
                include_columns=list(names),
                column_types=dict.fromkeys(names, pa.string()) | dict.fromkeys(words, each_once),
            ),
        ) as frames:
            for frame in frames:
                rest.hand_on()
                yield frame
        rest.hand_on()
    except pa.ArrowException as error:
        raise UnevenError(str(error)) from None


class _OddRows:
    """Rows that no frame has. They are found in a thread of the library's, and read in ours."""

    def __init__(self, heading: Sequence[str], sign: str, odd: Callable[[Row], None]) -> None:
        self.heading, self._sign, self._odd = heading, sign, odd
        self._texts: list[str] = []
        self._bytes = 0

    def put_aside(self, row: Any) -> str:
        """Keep the text of a row; one too many ends the reading."""
        self._texts.append(row.text)
        self._bytes += _ROW_BYTES + len(row.text)
        return "skip" if self._bytes <= MOST_ODD else "error"

    def hand_on(self) -> None:
        """Give away what was kept."""
        texts, self._texts, self._bytes = self._texts, [], 0
        for text in texts:
            self._odd(row_of(self.heading, text, self._sign))
