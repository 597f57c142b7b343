"""From settings to a database engine that behaves: SQLite in WAL mode, or PostgreSQL."""

from typing import Final

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.errors import StoreError
from core.settings import Settings
from core.store.database import postgresql, sqlite, waiting

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
    if "@" in (url.database or "") or "/" in (url.host or ""):
        # The rest of a password would be shown as the database's name.
        raise StoreError(NO_ADDRESS)
    if url.drivername in {"postgres", "postgresql", postgresql.DRIVER}:
        return url.set(drivername=postgresql.DRIVER)
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
            engine = create_engine(url, connect_args={"timeout": waiting.LIMIT_S})
        except ValueError:
            raise StoreError(
                "BREAKEVEN_DATABASE_URL gives SQLite an option that cannot be read, after the "
                "question mark. Leave the options out: sqlite:///path/to/file.db."
            ) from None
        sqlite.prepare(engine)
        return engine
    try:
        engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    except ModuleNotFoundError as error:
        raise StoreError(
            "PostgreSQL needs a driver that is not installed: "
            'python -m pip install -e ".[postgres]"'
        ) from error
    postgresql.prepare(engine)
    return engine
