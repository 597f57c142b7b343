"""A copy of a SQLite file in this process's memory: read where the file cannot be brought up."""

import sqlite3
import uuid
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from core.store.database import sqlite, waiting


def copied(connection: Connection) -> Engine:
    """An engine over a copy of what ``connection`` reads; its tables are as old as the file's.

    Disposing of the engine forgets the copy. Raises sqlite3.Error where the file cannot be read.
    """
    name = f"file:breakeven-{uuid.uuid4()}?mode=memory&cache=shared"

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(name, uri=True, check_same_thread=False, timeout=waiting.LIMIT_S)

    # Memory of this kind lasts as long as one connection is open: this one is never given out.
    keeper = opened()
    source: Any = connection.connection.driver_connection
    source.backup(keeper)
    engine = create_engine("sqlite://", creator=opened, poolclass=QueuePool)
    sqlite.prepare(engine)
    event.listen(engine, "engine_disposed", lambda _: keeper.close())
    return engine
