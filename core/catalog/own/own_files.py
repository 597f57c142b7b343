"""Which files a folder of one's own has; what is no catalogue file is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.catalog.load import PROVIDER_FOLDERS, ROWS
from core.catalog.table_files import file_name
from core.errors import CatalogError

MOST_FILES: Final = 200
MOST_BYTES: Final = 1_000_000
"""Of one file; the largest that ships has a tenth of it."""


def own_files(folder: Path) -> tuple[Path, ...]:
    """The TOML files of a folder, in order; none where there is no folder. Raises CatalogError.

    Other files may lie beside them: a README, a list of versions.
    """
    if not folder.exists():
        return ()
    if not folder.is_dir():
        raise CatalogError(f"{folder} is a file: name a folder that holds catalogue files")
    try:
        paths = [path for path, _ in zip(_walk(folder), range(MOST_FILES + 1), strict=False)]
    except OSError as error:
        raise CatalogError(f"{folder} cannot be read: {error.strerror or error}") from error
    if len(paths) > MOST_FILES:
        raise CatalogError(f"more than {MOST_FILES} TOML files: name a folder with fewer")
    for path in paths:
        _refuse_unfit(folder, path)
    return tuple(paths)


def _walk(folder: Path) -> Iterator[Path]:
    """The folder's own TOML files, and those of each folder in it."""
    yield from sorted(folder.glob("*.toml"))
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        yield from sorted(inner.glob("*.toml"))


def _refuse_unfit(folder: Path, path: Path) -> None:
    """Raise CatalogError for a file that would be passed over, or that is not to be read."""
    name = file_name(path)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise CatalogError(f"{name} is a link out of the folder: put the file itself there")
    if path.parent == folder and path.stem not in ROWS:
        raise CatalogError(f"{name} is no file of a catalogue: there are {_known()}")
    if path.parent != folder and path.parent.name not in PROVIDER_FOLDERS:
        raise CatalogError(
            f"{name}: providers are read from the folders {' and '.join(PROVIDER_FOLDERS)} only: "
            "move the file there"
        )
    if not path.is_file():
        raise CatalogError(f"{name} is no file: take it away")
    if path.stat().st_size > MOST_BYTES:
        raise CatalogError(f"{name} has more than {MOST_BYTES / 1e6:g} MB: split it")


def _known() -> str:
    return ", ".join(f"{name}.toml" for name in ROWS)
