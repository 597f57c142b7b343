"""PostgreSQL: one writer at a time, as in SQLite, and no wait without an end.

Writers that wait for one lock from their first statement on can neither block each other in a
ring nor meet a version of a row that has changed under them: nothing has to be tried again.
"""

from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from core.store.database import waiting
from core.store.database.sqlite import IMMEDIATE

DRIVER: Final = "postgresql+psycopg"
STATEMENT_S: Final = 60
"""A statement that takes longer is ended: a page must not hang on it."""
IDLE_S: Final = 60
"""A process that stands still in a transaction for so long loses it, and its locks with it."""
WRITERS_LOCK: Final = 5_837_194_042
"""Any number that nobody else takes; the one that version 0.1.0 migrated under."""


def prepare(engine: Engine) -> None:
    """Let the connections of an engine behave as described above."""
    event.listen(engine, "begin", _begin)


def _begin(connection: Connection) -> None:
    limits = {
        "lock_timeout": waiting.LIMIT_S,
        "statement_timeout": STATEMENT_S,
        "idle_in_transaction_session_timeout": IDLE_S,
    }
    # LOCAL: with a pooler in between the session is not ours alone.
    steps = [f"SET LOCAL {name} = {int(limit_s * 1000)}" for name, limit_s in limits.items()]
    if connection.get_execution_options().get(IMMEDIATE, False):
        steps.append(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})")
    connection.exec_driver_sql("; ".join(steps))  # one way to the server and back


def isolation(*, writes: bool) -> dict[str, Any]:
    """Execution options: a reader sees one moment, a writer what was committed before it."""
    return {"isolation_level": "READ COMMITTED" if writes else "REPEATABLE READ"}
