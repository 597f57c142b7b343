"""What the ledger's rows add up to, read straight from the tables."""

from datetime import date

from sqlalchemy import Connection, select

from core.store.tables import ledger, ledger_total


def spent_on(connection: Connection, day: date) -> tuple[int, int]:
    """Held and spent on a UTC day, nano-USD."""
    row = connection.execute(
        select(ledger.c.held_nano_usd, ledger.c.spent_nano_usd).where(ledger.c.day == day)
    ).one_or_none()
    return (0, 0) if row is None else (row[0], row[1])


def spent_in_all(connection: Connection) -> tuple[int, int]:
    """Held and spent over all days of this installation, nano-USD."""
    row = connection.execute(
        select(ledger_total.c.held_nano_usd, ledger_total.c.spent_nano_usd)
    ).one()
    return row[0], row[1]
