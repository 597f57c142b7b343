"""One's own files in one document, to be carried elsewhere; what comes from elsewhere is checked.

No key is in it, nor the name of a variable: a file of one's own holds none. An address in it is
foreign: only a person says that texts may be sent there.
"""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter, ValidationError

from core.catalog.load import PROVIDER_FOLDERS, ROWS
from core.catalog.own.own_files import MOST_BYTES, MOST_FILES, own_files
from core.catalog.own.own_writing import texts_with, write_texts
from core.catalog.schema import Catalog
from core.catalog.table_files import Table, parsed
from core.errors import CatalogError

FORMAT: Final = "breakeven-options"
NAME: Final = re.compile(
    rf"(?:{'|'.join(PROVIDER_FOLDERS)})/[a-z0-9][a-z0-9.\-]{{0,79}}\.toml|(?:{'|'.join(ROWS)})\.toml"
)
_URL: Final[TypeAdapter[HttpUrl]] = TypeAdapter(HttpUrl)

Files = Mapping[str, str]
"""Text of each file, by its name in the folder."""


class Bundle(BaseModel):
    """The document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["breakeven-options"] = "breakeven-options"
    version: Literal[1] = 1
    files: Annotated[dict[str, str], Field(max_length=MOST_FILES)]


def files_of(folder: Path) -> dict[str, str]:
    """The files of a folder as they stand. Raises CatalogError."""
    try:
        return {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8-sig")
            for path in own_files(folder)
        }
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(f"{folder} cannot be read: {error}") from error


def bundle_text(files: Files) -> str:
    """The document as JSON."""
    return Bundle(files=dict(files)).model_dump_json(indent=2) + "\n"


def read_bundle(data: bytes, name: str) -> dict[str, str]:
    """The files in a document. Raises CatalogError in one sentence for anything else."""
    if len(data) > MOST_BYTES:
        raise CatalogError(f"{name} has more than {MOST_BYTES / 1e6:g} MB: it holds no options")
    try:
        files = Bundle.model_validate(orjson.loads(data)).files
    except (ValidationError, orjson.JSONDecodeError, RecursionError):
        raise CatalogError(
            f"{name} holds no options: it must be what `breakeven options export` wrote"
        ) from None
    check_names(files)
    return files


def check_names(files: Files) -> None:
    """Raise CatalogError for a name that is none of a catalogue's files."""
    for file in files:
        if NAME.fullmatch(file) is None:
            raise CatalogError(f"{file[:60]!r} is no file of a catalogue: nothing is taken from it")


def addresses(files: Files) -> tuple[HttpUrl, ...]:
    """Every address that texts could be sent to, each once. Raises CatalogError."""
    urls: dict[HttpUrl, None] = {}
    for name, text in files.items():
        endpoint = parsed(Path(name), text.encode()).get("endpoint")
        if isinstance(endpoint, dict) and "base_url" in endpoint:
            try:
                urls[_URL.validate_python(endpoint["base_url"])] = None
            except ValidationError:
                raise CatalogError(f"{name}, endpoint.base_url: it is no address") from None
    return tuple(urls)


def bring_in(folder: Path, shipped: Catalog, files: Files) -> tuple[Path, ...]:
    """Add files to a folder; what is there already, word for word, is left. Raises CatalogError.

    Of two that contradict each other none is taken.
    """
    return write_texts(folder, shipped, lambda: _with(folder, files))


def _with(folder: Path, files: Files) -> dict[str, str | None]:
    """What the folder's files would be with these. Raises CatalogError."""
    there = files_of(folder)
    rows = {name: _new_rows(name, text, there) for name, text in files.items() if "/" not in name}
    new = {name: text for name, text in files.items() if "/" in name and there.get(name) != text}
    if known := [name for name in new if name in there]:
        raise CatalogError(
            f"You have another {known[0]}: remove yours first, or have theirs renamed"
        )
    added = {name: table for name, table in rows.items() if table}
    return {**texts_with(folder, added), **new}


def _new_rows(name: str, text: str, there: Files) -> Table:
    """The rows of a file that are not in one's own already."""
    key = ROWS[name.removesuffix(".toml")][0]
    table = parsed(Path(name), text.encode())
    known: Collection[Any] = parsed(Path(name), there.get(name, "").encode()).get(key, [])
    rows = table.get(key, [])
    if set(table) - {key} or not isinstance(rows, list):
        raise CatalogError(f"{name}: it holds [[{key}]] rows only")
    new = [row for row in rows if row not in known]
    return {key: new} if new else {}
