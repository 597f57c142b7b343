"""The lock around look and write: one step, among all processes that share the database."""

from typing import Final

from sqlalchemy import Connection, func, select

BEGINS_A_RUN: Final = 0x627265616B
"""Number of the lock in PostgreSQL; any number will do that nothing else in the database uses."""


def take_turn(connection: Connection) -> None:
    """Wait until nobody else decides whether a run may begin; held until the transaction ends.

    SQLite has one writer at a time, from the start of its transaction. PostgreSQL is asked for it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(BEGINS_A_RUN)))
