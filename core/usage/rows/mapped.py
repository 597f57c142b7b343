"""A file on a disk as bytes that are not in memory: parts that were read are let go of."""

import mmap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

from core.errors import LoadImportError

PART_BYTES: Final = 2**20
_KEPT_BYTES: Final = 2**23
"""Behind the place that is read: a line begins there at the earliest."""


class _Mapped(mmap.mmap):
    """A mapped file that tells how far it was read."""

    passed: Callable[[int], None] | None = None
    let_go_to = 0
    """Up to where memory was given back since it was last read from its start."""


@contextmanager
def mapped(path: Path, passed: Callable[[int], None] | None = None) -> Iterator[bytes]:
    """The file's bytes, to be sliced and searched. Raises LoadImportError."""
    try:
        with path.open("rb") as file:
            if file.seek(0, 2) == 0:
                yield b""
                return
            with _Mapped(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                content.passed = passed
                # It answers all that is asked of bytes here, and is no copy of the file.
                yield cast("bytes", content)
    except OSError as error:
        raise LoadImportError(f"{path} cannot be read: {error.strerror or error}.") from None


def is_mapped(content: bytes) -> bool:
    """Whether a file's bytes are on a disk."""
    held: object = content
    return isinstance(held, _Mapped)


def let_go(content: bytes, at: int) -> None:
    """Tell how far a file was read; give the memory of what lies well before a place back."""
    held: object = content
    if not isinstance(held, _Mapped):
        return
    if held.passed is not None:
        held.passed(at)
    if at < held.let_go_to:  # it is read once more
        held.let_go_to = 0
    end = (at - _KEPT_BYTES) // PART_BYTES * PART_BYTES
    if end - held.let_go_to >= _KEPT_BYTES and hasattr(mmap, "MADV_DONTNEED"):
        held.madvise(mmap.MADV_DONTNEED, held.let_go_to, end - held.let_go_to)
        held.let_go_to = end
