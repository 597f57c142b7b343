"""The store: an open database with the tables of this version."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine

from core.errors import StoreError, UnwritableError
from core.settings import Settings
from core.store.database.connect import connect, database_url, place
from core.store.database.copy_in_memory import copied
from core.store.database.database_faults import told
from core.store.database.migrate import HEAD, migrate, stored_version
from core.store.database.postgresql import isolation
from core.store.database.sqlite import IMMEDIATE, use_write_ahead_log


class Store:
    """An open database. May be used by several threads; every error is a StoreError sentence."""

    def __init__(self, engine: Engine, where: str, refusal: UnwritableError | None = None) -> None:
        """``refusal``: why nothing is written here at all; None where a write is tried."""
        self._engine = engine
        self._server = engine.dialect.name == "postgresql"
        self._refusal = refusal
        self.where = where
        """Name of the database for a person; it has no password in it."""
        self.fault = "" if refusal is None else str(refusal)
        """Why it could be read and not written when that was last tried; "" where it could."""

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view. Never waits for a writer."""
        with told(self.where), self._engine.connect() as connection:
            reading = connection.execution_options(**self._isolation(writes=False))
            with reading.begin():
                yield reading

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; rolled back on any exception.

        It waits for the lock for so long and no longer. Raises UnwritableError where the store can
        be read and not written.
        """
        if self._refusal is not None:
            raise UnwritableError(str(self._refusal))
        try:
            with told(self.where), self._engine.connect() as connection:
                options = {IMMEDIATE: True} | self._isolation(writes=True)
                writing = connection.execution_options(**options)
                with writing.begin():
                    yield writing
        except UnwritableError as error:
            self.fault = str(error)
            raise
        self.fault = ""

    def prove_writable(self) -> None:
        """Find out now, not in the middle of a run. Raises StoreError."""
        with self.write() as connection:
            _change_nothing(connection)

    def _isolation(self, *, writes: bool) -> dict[str, Any]:
        return isolation(writes=writes) if self._server else {}

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def open_store(settings: Settings) -> Store:
    """Open the database of the settings, made or brought up to this version where needed.

    Safe in several processes at once. Raises StoreError: unreachable, damaged, of a newer version,
    or another program's. What is there is never overwritten. One that can be read and not written
    is opened, and says so in its ``fault``; of an older version it is read in a copy.
    """
    url = database_url(settings)
    if settings.database_url is None:
        _make_folder(settings)
    engine = connect(url)
    store = Store(engine, place(url))
    try:
        if not _is_of_this_version(store):
            try:
                _bring_up(store)
            except UnwritableError as error:
                store = _brought_up_copy(store, error)
                engine.dispose()
                return store
        # Only now: a file that is refused is left as it was.
        with suppress(UnwritableError):
            store.prove_writable()
        if engine.dialect.name == "sqlite" and not store.fault:
            with told(store.where):
                use_write_ahead_log(engine)
    except BaseException:
        store.close()
        raise
    return store


def _is_of_this_version(store: Store) -> bool:
    """Whether the tables are there as they should be: the usual case, which needs no lock."""
    with store.read() as connection:
        return stored_version(connection) == HEAD


def _bring_up(store: Store) -> None:
    with store.write() as connection:
        migrate(connection, store.where)
        _change_nothing(connection)


def _brought_up_copy(store: Store, refusal: UnwritableError) -> Store:
    """What an older file holds, in the tables of this version. Raises ``refusal`` where it is none.

    Nobody can change the file on such a disk, so that the copy stays as true as it is.
    """
    with store.read() as connection:
        if connection.dialect.name != "sqlite" or stored_version(connection) is None:
            raise refusal
        engine = copied(connection)
    _bring_up(Store(engine, store.where))
    return Store(engine, store.where, refusal)


def _change_nothing(connection: Connection) -> None:
    """SQLite grants even the write lock on a read-only file; only a change is refused."""
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
