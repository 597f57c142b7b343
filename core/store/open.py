"""The store: an open database with the tables of this version."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from core.errors import StoreError
from core.settings import Settings
from core.store.connect import IMMEDIATE, connect, database_url, place, use_write_ahead_log
from core.store.faults import told
from core.store.migrate import migrate


class Store:
    """An open database. May be used by several threads; every error is a StoreError sentence."""

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self.where = where
        """Name of the database for a person; it has no password in it."""

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view. Never waits for a writer."""
        with told(self.where), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; rolled back on any exception."""
        with told(self.where), self._engine.connect() as connection:
            writing = connection.execution_options(**{IMMEDIATE: True})
            with writing.begin():
                yield writing

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def open_store(settings: Settings) -> Store:
    """Open the database of the settings, made or brought up to this version where needed.

    Safe in several processes at once. Raises StoreError: unreachable, read-only, full, damaged,
    of a newer version, or another program's. What is there is never overwritten.
    """
    url = database_url(settings)
    if settings.database_url is None:
        _make_folder(settings)
    engine = connect(url)
    store = Store(engine, place(url))
    try:
        with store.write() as connection:
            migrate(connection, store.where)
            _prove_writable(connection)
        # Only now: a file that is refused is left as it was.
        with told(store.where):
            use_write_ahead_log(engine)
    except BaseException:
        store.close()
        raise
    return store


def _prove_writable(connection: Connection) -> None:
    """Find out now, not in the middle of a run, that the file is read-only.

    SQLite grants even the write lock on such a file; only a change is refused.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA user_version = 0")


def _make_folder(settings: Settings) -> None:
    try:
        # Texts of a probe may be private: others on this computer need not read them.
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The data folder {settings.data_dir} cannot be made ({error.strerror}). Set "
            "BREAKEVEN_DATA_DIR to a folder of yours."
        ) from error
