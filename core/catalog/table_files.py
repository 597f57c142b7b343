"""TOML files as tables: parsed once, and kept beside the hash of their bytes.

Parsing is most of what loading a catalogue takes. What is kept is JSON, which runs no code when it
is read; numbers are there as written, dates are texts, and the rows make dates of them again. Only
tables of a catalogue that loaded are kept, and rows are checked at every load. A file that is
damaged, of another form, or that somebody else could have written is made anew.
"""

import hashlib
import json
import os
import stat
import tempfile
import tomllib
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import orjson

from core.errors import CatalogError
from core.uncollected import uncollected

Table = dict[str, Any]

FORM: Final = 1
"""Of what is kept."""


class Tables:
    """Reads the TOML files of a catalogue. ``cache``: JSON file of what was parsed before."""

    def __init__(self, cache: Path | None = None) -> None:
        self._cache = cache
        self._known = {} if cache is None else _known(cache)
        self._used: dict[str, Table] = {}

    def read(self, path: Path) -> Table:
        """One TOML file, its decimal numbers kept exactly as written. Raises CatalogError."""
        data = file_bytes(path)
        digest = hashlib.sha256(data, usedforsecurity=False).hexdigest()
        table = self._known.get(digest)
        self._used[digest] = parsed(path, data) if table is None else table
        return self._used[digest]

    def keep(self) -> None:
        """Write down what was read, once all of it is known to be right, unless it stands there.

        A folder that cannot be written to costs the next start its time, and nothing else.
        """
        if self._cache is not None and self._used.keys() != self._known.keys():
            with suppress(OSError):
                _write(
                    self._cache, orjson.dumps({"form": FORM, "tables": self._used}, default=_number)
                )


def _number(value: object) -> orjson.Fragment:
    """A decimal number as it is written: it reads back as the very same."""
    return orjson.Fragment(str(value))


def file_name(path: Path) -> str:
    """A file as the reader knows it: with its folder, not with the whole path of a machine."""
    return f"{path.parent.name}/{path.name}"


def file_bytes(path: Path) -> bytes:
    """What stands in a file. Raises CatalogError."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CatalogError(f"{file_name(path)} is missing: restore it") from error
    except OSError as error:
        reason = error.strerror or error
        raise CatalogError(f"{file_name(path)} cannot be read: {reason}") from error


def parsed(path: Path, data: bytes) -> Table:
    """The table in a file's bytes, numbers exactly as written. Raises CatalogError."""
    try:
        return tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise CatalogError(
            f"{file_name(path)}: byte {error.start} is not UTF-8: save the file as UTF-8 text"
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError, ArithmeticError, ValueError) as error:
        raise CatalogError(f"{file_name(path)} is not valid TOML: {error}") from error


def _known(cache: Path) -> dict[str, Table]:
    """Tables by the hash of their files; none where the file is not there or not ours."""
    try:
        if not _is_ours(cache):
            return {}
        with uncollected():
            document = json.loads(cache.read_bytes(), parse_float=Decimal)
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(document, dict) or document.get("form") != FORM:
        return {}
    tables = document.get("tables")
    if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
        return {}
    return tables


def _is_ours(cache: Path) -> bool:
    """Whether nobody but us can have written it: its hashes are of our files, its tables anyone's.

    Where files have no owner in this sense (Windows), the data folder is the user's own.
    Raises OSError where it is not there.
    """
    if not hasattr(os, "getuid"):
        return True
    facts = cache.stat()
    others = stat.S_IWGRP | stat.S_IWOTH
    return facts.st_uid == os.getuid() and not facts.st_mode & others


def _write(cache: Path, data: bytes) -> None:
    """Replaced at once: two starts at the same time each write a whole file."""
    cache.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=cache.parent, prefix=f".{cache.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(name).replace(cache)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
