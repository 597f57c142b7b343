"""A large CSV in frames of many rows: the same rows as one at a time, and many times as quick."""

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from core.usage.rows.csv_rows import Parts, separator
from core.usage.rows.mapped import PART_BYTES

if TYPE_CHECKING:
    import pandas as pd

ROWS: Final = 100_000
"""Of one frame."""


class UnevenError(Exception):
    """Rows have more fields than the heading: they are to be read one at a time."""


def csv_frames(
    content: bytes, start: int, names: Sequence[str], words: Sequence[str]
) -> Iterator["pd.DataFrame"]:
    """Frames of these columns, numbers where all of a column are; of the words each text once.

    Raises UnevenError.
    """
    # Imported here: a command's help must not wait for it.
    import pandas as pd  # noqa: PLC0415

    try:
        with pd.read_csv(
            io.BufferedReader(Parts(content, start), PART_BYTES),
            sep=separator(content, start),
            usecols=list(names),
            dtype=dict.fromkeys(words, "category"),
            low_memory=False,
            keep_default_na=False,
            chunksize=ROWS,
            encoding="utf-8",
        ) as frames:
            yield from frames
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise UnevenError(str(error)) from None
