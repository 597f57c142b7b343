"""One writer at a time in a folder of one's own: two commands, or two tabs, lose nothing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from core.errors import CatalogError
from core.file_lock import took_lock

LOCK: Final = ".lock"
"""In the folder; no file of a catalogue."""
PATIENCE_S: Final = 10.0
LOOK_AGAIN_S: Final = 0.01


@contextmanager
def turn_in(folder: Path) -> Iterator[None]:
    """Keep others from writing there while in the block. Raises CatalogError.

    What is written rests on what was read: both belong into the block.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("ab")
    except OSError as error:
        raise CatalogError(f"{folder} cannot be written: {error.strerror or error}") from error
    with file:
        deadline = time.monotonic() + PATIENCE_S
        while not took_lock(file):
            if time.monotonic() > deadline:
                raise CatalogError(f"Somebody else writes into {folder} just now: try again")
            time.sleep(LOOK_AGAIN_S)
        yield
