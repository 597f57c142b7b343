"""Which run measures an option, where a person has chosen one: one row an option."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select

from core.store.tables import adoptions


@dataclass(frozen=True, slots=True)
class Adoption:
    """A choice: this target of this run measures that option."""

    option_id: str
    run_id: str
    target: int


def adopt(connection: Connection, choice: Adoption) -> None:
    """Write a choice down in place of an earlier one. IntegrityError where the run is gone."""
    release(connection, choice.option_id)
    connection.execute(
        insert(adoptions).values(
            option_id=choice.option_id,
            run_id=choice.run_id,
            target=choice.target,
            adopted_at=datetime.now(UTC),
        )
    )


def release(connection: Connection, option_id: str) -> None:
    """Forget the choice for an option: its newest run counts again."""
    connection.execute(delete(adoptions).where(adoptions.c.option_id == option_id))


def adopted(connection: Connection) -> list[Adoption]:
    """Every choice that is in force. A deleted run has taken its own with it."""
    rows = connection.execute(select(adoptions.c.option_id, adoptions.c.run_id, adoptions.c.target))
    return [Adoption(*row) for row in rows]
