"""The liveness check of a worker process, by a file that it keeps locked.

The system frees the lock when the process ends, however it ends, and no other process can have
it by accident: unlike a process id, it cannot be reused.
"""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.errors import RunError
from core.file_lock import took_lock

LOOK_AGAIN_S: Final = 0.01
PATIENCE_S: Final = 2.0
"""Somebody who looks whether a worker lives holds the lock for a moment."""


@contextlib.contextmanager
def kept_locked(path: Path) -> Iterator[None]:
    """Keep the file locked while in the block. Raises RunError where another process has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        deadline = time.monotonic() + PATIENCE_S
        while not took_lock(file):
            if time.monotonic() > deadline:
                raise RunError(f"Another process works on this run already ({path} is locked).")
            time.sleep(LOOK_AGAIN_S)
        yield
    # Windows keeps a file that somebody looks at.
    with contextlib.suppress(OSError):
        path.unlink()


def is_locked(path: Path) -> bool:
    """Whether a living process keeps the file locked."""
    try:
        with path.open("r+b") as file:
            return not took_lock(file)
    except OSError:
        # Not there; or on Windows, which refuses to open what is being deleted.
        return False
