"""Money in the store, integer nano-USD: what a run may still spend is held, then spent.

A run's money belongs to the UTC day on which it was reserved, also where it ends after midnight,
and to the total of the installation. Everything here is one guarded statement a table, so that
no check can be out of date when its change is made. Always the run first, which the caller has
written in the same transaction, then the total, then the day: two who write at once never wait
for each other in a ring.
"""

from datetime import date
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.store.tables import ledger, ledger_total, runs

TOTAL_ID: Final = 1

Cap = Literal["day", "total"]


def reserve(
    connection: Connection,
    run_id: str,
    nano_usd: int,
    *,
    day_cap_nano_usd: int,
    total_cap_nano_usd: int | None = None,
) -> Cap | None:
    """Hold an amount for a run on its day and in all.

    None where it is held; else the cap that forbids it, and nothing is held.
    """
    day, this_run = _day(connection, run_id), runs.c.id == run_id
    in_all, today = ledger_total.c.id == TOTAL_ID, ledger.c.day == day
    _hold(connection, runs, this_run, nano_usd, None)
    if not _hold(connection, ledger_total, in_all, nano_usd, total_cap_nano_usd):
        _move(connection, runs, this_run, nano_usd, 0)
        return "total"
    _open_day(connection, day)
    if not _hold(connection, ledger, today, nano_usd, day_cap_nano_usd):
        _move(connection, runs, this_run, nano_usd, 0)
        _move(connection, ledger_total, in_all, nano_usd, 0)
        return "day"
    return None


def settle(
    connection: Connection, run_id: str, *, release_nano_usd: int, spend_nano_usd: int
) -> None:
    """Give back part of a run's hold and book what it was really billed."""
    day = _day(connection, run_id)
    for table, where in (
        (runs, runs.c.id == run_id),
        (ledger_total, ledger_total.c.id == TOTAL_ID),
        (ledger, ledger.c.day == day),
    ):
        _move(connection, table, where, release_nano_usd, spend_nano_usd)


def close(connection: Connection, run_id: str, *, spend_the_rest: bool) -> None:
    """End a run's hold: given back, or booked as spent where nobody knows what was sent."""
    held = _held(connection, run_id)
    settle(
        connection,
        run_id,
        release_nano_usd=held,
        spend_nano_usd=held if spend_the_rest else 0,
    )


def _hold(
    connection: Connection,
    table: Table,
    where: ColumnElement[bool],
    nano_usd: int,
    cap_nano_usd: int | None,
) -> bool:
    """Add to what is held, if the cap lets it; say whether it did."""
    statement = update(table).where(where)
    if cap_nano_usd is not None:
        after = table.c.held_nano_usd + table.c.spent_nano_usd + nano_usd
        statement = statement.where(after <= cap_nano_usd)
    held = connection.execute(statement.values(held_nano_usd=table.c.held_nano_usd + nano_usd))
    return held.rowcount == 1


def _move(
    connection: Connection,
    table: Table,
    where: ColumnElement[bool],
    release_nano_usd: int,
    spend_nano_usd: int,
) -> None:
    """Take from what is held, and add to what is spent."""
    connection.execute(
        update(table)
        .where(where)
        .values(
            held_nano_usd=table.c.held_nano_usd - release_nano_usd,
            spent_nano_usd=table.c.spent_nano_usd + spend_nano_usd,
        )
    )


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
