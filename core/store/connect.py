"""From settings to a database engine that behaves: SQLite in WAL mode, or PostgreSQL."""

import sqlite3
import time
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.errors import StoreError
from core.settings import Settings

BUSY_TIMEOUT_S: Final = 10.0
IMMEDIATE: Final = "breakeven_begin_immediate"
"""Execution option of a connection that is about to write."""
POSTGRESQL_DRIVER: Final = "postgresql+psycopg"
NO_ADDRESS: Final = (
    "BREAKEVEN_DATABASE_URL is no database address. Give sqlite:///path/to/file.db or "
    "postgresql://user:password@host/name; write special characters of a password as %40 for @, "
    "%3A for : and %2F for /."
)


def database_url(settings: Settings) -> URL:
    """Address of the database. Raises StoreError for one that cannot be used."""
    if settings.database_url is None:
        return URL.create("sqlite", database=str(settings.database_file))
    try:
        url = make_url(settings.database_url.get_secret_value())
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        # Not chained: the message repeats the address, which may hold a password.
        raise StoreError(NO_ADDRESS) from None
    if url.drivername in {"postgres", "postgresql", POSTGRESQL_DRIVER}:
        return url.set(drivername=POSTGRESQL_DRIVER)
    if url.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise StoreError(
            f"BREAKEVEN_DATABASE_URL asks for {url.drivername}: the store is SQLite or PostgreSQL."
        )
    if url.database in {None, "", ":memory:"}:
        raise StoreError(
            "BREAKEVEN_DATABASE_URL asks for SQLite in memory, which the probe's own process "
            "could not see. Give a file: sqlite:///path/to/file.db."
        )
    return url


def place(url: URL) -> str:
    """Name of the database in a sentence, without user and password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"{url.database} on {url.host or 'this computer'}{f':{url.port}' if url.port else ''}"


def connect(url: URL) -> Engine:
    """Engine for ``url``. Raises StoreError for a missing driver or an option it cannot read."""
    if url.get_backend_name() == "sqlite":
        try:
            engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})
        except ValueError:
            raise StoreError(
                "BREAKEVEN_DATABASE_URL gives SQLite an option that cannot be read, after the "
                "question mark. Leave the options out: sqlite:///path/to/file.db."
            ) from None
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    except ModuleNotFoundError as error:
        raise StoreError(
            "PostgreSQL needs a driver that is not installed: "
            'python -m pip install "breakeven[postgres]"'
        ) from error


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """Hand transactions to SQLAlchemy and set what SQLite keeps per connection."""
    # The driver's own transactions begin late and lose concurrent updates silently.
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once where a write is coming: no read that is stale by then."""
    immediate = connection.get_execution_options().get(IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def use_write_ahead_log(engine: Engine) -> None:
    """Let readers and one writer work at the same time. The file remembers the mode."""
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    # SQLite does not wait by itself for this one lock.
    while engine.dialect.name == "sqlite" and not _switched(engine, deadline):
        time.sleep(0.02)


def _switched(engine: Engine, deadline: float) -> bool:
    """Whether the mode is set now; False where another process holds the lock."""
    try:
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            if driver.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                driver.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
            raise
        return False
    return True
