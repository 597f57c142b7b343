"""SQLite: locks that are waited for fairly, and a file that can be read where it cannot be written.

A database in WAL mode needs two files beside it even to be read. Where they cannot be made (a
read-only or full disk) the file is read as it stands: nobody can change it there.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import StoreError
from core.store.database import waiting
from core.store.database.waiting import Waiting

IMMEDIATE: Final = "breakeven_begin_immediate"
"""Execution option of a connection that is about to write."""
_LOOK: Final = "SELECT 1 FROM sqlite_schema LIMIT 1"
_NO_ROOM: Final = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_FULL", "SQLITE_IOERR")
"""How SQLite says that it could not make the files beside the database."""
_READ_ONLY: Final = ("SQLITE_CANTOPEN", "SQLITE_READONLY")
"""Of these, what a write says better itself."""
_CAUSE: Final = "breakeven_cause"
"""Of a connection that sees neither changes nor locks: the error for which it was made."""
_USED: Final = "breakeven_used"


def prepare(engine: Engine) -> None:
    """Let the connections of an engine behave as described above."""
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "checkout", _look_again)
    event.listen(engine, "begin", _begin)


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another connection holds a lock."""
    return getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")


def use_write_ahead_log(engine: Engine) -> None:
    """Let readers and one writer work at the same time. The file remembers the mode."""
    patience = Waiting()
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection

        def switch() -> None:
            if driver.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                driver.execute("PRAGMA journal_mode = WAL")

        _patiently(switch, patience)


def _patiently(step: Callable[[], object], patience: Waiting) -> None:
    """Try again while another connection holds the lock."""
    while True:
        try:
            step()
        except sqlite3.OperationalError as error:
            if is_busy(error) and patience.pause():
                continue
            raise
        return


def _connect(
    dialect: Dialect, record: ConnectionPoolEntry, cargs: list[Any], cparams: dict[str, Any]
) -> sqlite3.Connection:
    """A connection that can read; in place of the driver's own, which finds out later."""
    connection: sqlite3.Connection = dialect.loaded_dbapi.connect(*cargs, **cparams)
    try:
        _patiently(lambda: connection.execute(_LOOK).fetchall(), Waiting())
    except sqlite3.OperationalError as error:
        connection.close()
        if cparams.get("uri") or not _lacks_room(error) or not Path(cargs[0]).is_file():
            raise
        record.info[_CAUSE] = error
        return _as_it_stands(cargs[0])
    return connection


def _as_it_stands(path: str) -> sqlite3.Connection:
    """Read the file alone. Raises StoreError where its last changes are not in it yet."""
    rest = Path(f"{path}-wal")
    if rest.is_file() and rest.stat().st_size:
        raise StoreError(
            f"The database {path} cannot be read where it is: its last changes are in {rest.name}, "
            "and the disk is read-only or full. Copy both files to a folder that you may write to, "
            "and set BREAKEVEN_DATA_DIR to it."
        )
    return sqlite3.connect(
        f"file:{quote(str(Path(path).absolute()))}?immutable=1", uri=True, check_same_thread=False
    )


def _lacks_room(error: sqlite3.Error) -> bool:
    """Whether the files beside the database could not be made."""
    return getattr(error, "sqlite_errorname", "").startswith(_NO_ROOM)


def _look_again(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Make a new connection where the disk has filled, or has room again, since the last use."""
    if _CAUSE in record.info:
        if record.info.get(_USED):
            raise DisconnectionError
        record.info[_USED] = True
        return
    try:
        _patiently(lambda: connection.execute(_LOOK).fetchall(), Waiting())
    except sqlite3.OperationalError as error:
        if not _lacks_room(error):
            raise
        raise DisconnectionError from error


def _set_up(connection: sqlite3.Connection, _record: Any) -> None:
    """Hand transactions to SQLAlchemy and set what SQLite keeps per connection."""
    # The driver's own transactions begin late and lose concurrent updates silently.
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Take the lock at once: no read that is stale by the time of the write.

    SQLite's own patience has pauses of fixed lengths, in which one of many may starve: it is
    switched off for this one step, and on again for the rest of the transaction.
    """
    immediate = connection.get_execution_options().get(IMMEDIATE, False)
    driver: Any = connection.connection.driver_connection
    cause = connection.connection.info.get(_CAUSE)
    if immediate and cause is not None and not cause.sqlite_errorname.startswith(_READ_ONLY):
        raise cause

    def begin() -> None:
        driver.execute("BEGIN IMMEDIATE" if immediate else "BEGIN")
        if not immediate:
            _start_reading(driver)

    driver.execute("PRAGMA busy_timeout = 0")
    try:
        _patiently(begin, Waiting())
    finally:
        driver.execute(f"PRAGMA busy_timeout = {int(waiting.LIMIT_S * 1000)}")


def _start_reading(driver: sqlite3.Connection) -> None:
    """Fix what a reader sees, which SQLite does at the first look only."""
    try:
        driver.execute(_LOOK).fetchall()
    except sqlite3.Error:
        driver.rollback()
        raise
