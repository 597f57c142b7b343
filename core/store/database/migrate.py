"""Brings a database to the tables of this version, in one transaction, with Alembic.

A new version of the tables is a new file in ``migrations/versions``, never a change of an old
one; ``HEAD`` names the newest.
"""

from typing import Final

from sqlalchemy import Connection, inspect, text

from core.errors import StoreError
from core.store.tables import METADATA

HEAD: Final = "0005"
VERSION_TABLE: Final = "breakeven_version"
"""Not Alembic's usual name: a PostgreSQL database may be shared with another program."""


def migrate(connection: Connection, where: str) -> None:
    """Bring the database up to HEAD. The connection is in a writing transaction.

    Raises StoreError for a database of a newer version or of another program.
    """
    if connection.dialect.name == "postgresql":
        # A large table takes its time.
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    version = stored_version(connection)
    if version == HEAD:
        return
    if version is None:
        _refuse_strange_tables(connection, where)
    # Imported here: a database that is up to date, the usual case, does not pay for Alembic.
    from core.store.database.upgrade import upgrade  # noqa: PLC0415

    upgrade(connection, version=version, head=HEAD, where=where)


def stored_version(connection: Connection) -> str | None:
    """Version of the tables; None for a database without any."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - a constant
    return version


def _refuse_strange_tables(connection: Connection, where: str) -> None:
    tables = set(inspect(connection).get_table_names())
    shared_server = connection.dialect.name == "postgresql"
    strange = tables & set(METADATA.tables) if shared_server else tables
    if strange:
        raise StoreError(
            f"The database {where} holds tables of another program ({', '.join(sorted(strange))})."
            " Nothing in it was changed. Give Breakeven a database of its own."
        )
