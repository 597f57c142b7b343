"""Money in the store, integer nano-USD: what a run may still spend is held, then spent.

A run's money belongs to the UTC day on which it was reserved, also where it ends after midnight.
Everything here is one guarded statement a table, so that no check can be out of date when
its change is made.
"""

from datetime import date

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.store.tables import ledger, runs


def reserve(connection: Connection, run_id: str, nano_usd: int, *, day_cap_nano_usd: int) -> bool:
    """Hold an amount for a run on its day; False, and nothing held, where the cap forbids it."""
    day = _day(connection, run_id)
    _open_day(connection, day)
    held = connection.execute(
        update(ledger)
        .where(
            ledger.c.day == day,
            ledger.c.held_nano_usd + ledger.c.spent_nano_usd + nano_usd <= day_cap_nano_usd,
        )
        .values(held_nano_usd=ledger.c.held_nano_usd + nano_usd)
    )
    if held.rowcount != 1:
        return False
    connection.execute(
        update(runs)
        .where(runs.c.id == run_id)
        .values(held_nano_usd=runs.c.held_nano_usd + nano_usd)
    )
    return True


def settle(
    connection: Connection, run_id: str, *, release_nano_usd: int, spend_nano_usd: int
) -> None:
    """Give back part of a run's hold and book what it was really billed."""
    day = _day(connection, run_id)
    for table, where in ((ledger, ledger.c.day == day), (runs, runs.c.id == run_id)):
        connection.execute(
            update(table)
            .where(where)
            .values(
                held_nano_usd=table.c.held_nano_usd - release_nano_usd,
                spent_nano_usd=table.c.spent_nano_usd + spend_nano_usd,
            )
        )


def close(connection: Connection, run_id: str, *, spend_the_rest: bool) -> None:
    """End a run's hold: given back, or booked as spent where nobody knows what was sent."""
    held = _held(connection, run_id)
    settle(
        connection,
        run_id,
        release_nano_usd=held,
        spend_nano_usd=held if spend_the_rest else 0,
    )


def spent_on(connection: Connection, day: date) -> tuple[int, int]:
    """Held and spent on a UTC day, nano-USD."""
    row = connection.execute(
        select(ledger.c.held_nano_usd, ledger.c.spent_nano_usd).where(ledger.c.day == day)
    ).one_or_none()
    return (0, 0) if row is None else (row[0], row[1])


def _day(connection: Connection, run_id: str) -> date:
    day: date = connection.execute(select(runs.c.spend_day).where(runs.c.id == run_id)).scalar_one()
    return day


def _held(connection: Connection, run_id: str) -> int:
    held: int = connection.execute(
        select(runs.c.held_nano_usd).where(runs.c.id == run_id).with_for_update()
    ).scalar_one()
    return held


def _open_day(connection: Connection, day: date) -> None:
    """Make the day's row where it is missing; of two who try at once, one makes it."""
    values = {"day": day, "held_nano_usd": 0, "spent_nano_usd": 0}
    if connection.dialect.name == "postgresql":
        connection.execute(
            postgresql.insert(ledger).values(values).on_conflict_do_nothing(index_elements=["day"])
        )
    else:
        connection.execute(
            sqlite.insert(ledger).values(values).on_conflict_do_nothing(index_elements=["day"])
        )
