"""Error translation: what a database error means to the person who reads it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import StoreError, UnwritableError

_READ_ONLY: Final = (
    "cannot be written: the file or its folder is read-only. Give yourself write permission, or "
    "set BREAKEVEN_DATA_DIR to a folder of yours."
)
_READ_ONLY_SERVER: Final = "is read-only. Set BREAKEVEN_DATABASE_URL to the primary server."
_FULL: Final = (
    "cannot grow: the disk is full. The last change was not stored, everything before it is kept. "
    "Free some space and try again."
)
_DAMAGED: Final = (
    "is not a readable database: it is damaged or something else. Nothing in it was changed. "
    "Restore a copy, or move the file away to start with an empty one."
)
_CLOSED: Final = (
    "cannot be opened. Check that its folder exists and that you may write to it, or set "
    "BREAKEVEN_DATA_DIR to a folder of yours."
)
_BROKEN_DISK: Final = (
    "could not be read or written: the disk reports an error. Check the disk, and that the "
    "folder is not on a network drive."
)

_LOCKED: Final = (
    "stayed locked by another process for too long. The change was not stored, everything before "
    "it is kept. Close what else has the database open, or try again."
)

# The first entry whose name begins the driver's error name counts.
SQLITE_MEANINGS: Final[tuple[tuple[str, str], ...]] = (
    ("SQLITE_READONLY", _READ_ONLY),
    ("SQLITE_PERM", _READ_ONLY),
    ("SQLITE_FULL", _FULL),
    ("SQLITE_NOTADB", _DAMAGED),
    ("SQLITE_CORRUPT", _DAMAGED),
    (
        "SQLITE_CANTOPEN",
        _CLOSED,
    ),
    (
        "SQLITE_BUSY",
        _LOCKED,
    ),
    ("SQLITE_IOERR_SHM", _FULL),  # no room for the files beside the database
    (
        "SQLITE_IOERR",
        _BROKEN_DISK,
    ),
)

POSTGRESQL_MEANINGS: Final[tuple[tuple[str, str], ...]] = (
    ("53100", _FULL),
    ("55P03", _LOCKED),
    ("57014", "took too long over one statement and ended it. Try again, or look what it does."),
    ("40", "met another change at the same time. The change was not stored. Try again."),
    ("25006", _READ_ONLY_SERVER),
    ("42501", "does not let this user do that. Grant the user all rights on the database."),
    ("28", "refuses the user or the password. Check BREAKEVEN_DATABASE_URL."),
    ("3D000", "does not exist. Create it (createdb), or correct BREAKEVEN_DATABASE_URL."),
)


_UNWRITABLE: Final = frozenset({_READ_ONLY, _FULL, _READ_ONLY_SERVER})


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turn errors of the driver into StoreError; ``where`` names the database, no password.

    An IntegrityError passes: the caller knows which rule it asked the database to keep.
    """
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise _as_ours(where, error.orig) from error
    except sqlite3.Error as error:
        raise _as_ours(where, error) from error
    except PoolTimeout as error:
        raise StoreError(
            f"The database {where} did not answer: all its connections are in use. Try again."
        ) from error


def _as_ours(where: str, error: BaseException | None) -> StoreError:
    sentence = meaning(error)
    kind = UnwritableError if sentence in _UNWRITABLE else StoreError
    return kind(f"The database {where} {sentence}")


def is_of_the_row(error: Exception) -> bool:
    """Whether one value is what cannot be read, and not the database or the way to it.

    The driver says so without a code: text that is no UTF-8, a date that is none.
    """
    if isinstance(error, DBAPIError):
        broken = error.orig
        return isinstance(broken, sqlite3.Error) and not hasattr(broken, "sqlite_errorname")
    return True


def meaning(error: BaseException | None) -> str:
    """The predicate of the sentence that starts with the database's name."""
    if isinstance(error, sqlite3.Error):
        code, meanings = getattr(error, "sqlite_errorname", ""), SQLITE_MEANINGS
    else:
        code, meanings = getattr(error, "sqlstate", None) or "", POSTGRESQL_MEANINGS
    for start, sentence in meanings:
        if code.startswith(start):
            return sentence
    first_line = next(iter(str(error).splitlines()), "no reason given")
    if not isinstance(error, sqlite3.Error) and not code:
        return (
            f"cannot be reached ({first_line}). Check that the server runs and that "
            "BREAKEVEN_DATABASE_URL is right."
        )
    return f"refused an operation ({first_line})."
