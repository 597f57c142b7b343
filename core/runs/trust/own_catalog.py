"""The catalogue with the user's own options, read anew when a file of them changes."""

from contextlib import suppress
from pathlib import Path
from typing import Final

from core.catalog.own.joined import joined_catalog
from core.catalog.own.own_files import own_files
from core.catalog.schema import Catalog
from core.errors import CatalogError
from core.runs.trust.shipped import shipped

Signature = tuple[tuple[str, int, int], ...]
"""Name, time of change and size of each file."""

_READ: Final[dict[Path, tuple[Signature, Catalog]]] = {}


def known_catalog(folder: Path) -> Catalog:
    """What ships with what a folder of one's own adds; as it ships where that is refused."""
    signature = _signature(folder)
    before = _READ.get(folder)
    if before is None or before[0] != signature:
        before = signature, joined_catalog(folder, shipped()).catalog
        _READ[folder] = before
    return before[1]


def _signature(folder: Path) -> Signature:
    files = []
    with suppress(CatalogError, OSError):
        for path in own_files(folder):
            state = path.stat()
            files.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(files)
