"""Runs the migrations. Apart from `migrate`, because Alembic is slow to import."""

import threading
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from core.errors import StoreError

FOLDER: Final = Path(__file__).parent.parent / "migrations"
_one_at_a_time: Final = threading.Lock()
"""Alembic keeps the migration in progress in a global."""


def upgrade(connection: Connection, *, version: str | None, head: str, where: str) -> None:
    """Migrate from ``version`` to ``head``. Raises StoreError for a version not known here."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise StoreError(
            f"The database {where} was written by a newer Breakeven: its tables are version "
            f"{version}, this one knows {head}. Nothing in it was changed. Update Breakeven, or "
            "point BREAKEVEN_DATA_DIR to another folder."
        )
    with _one_at_a_time:
        command.upgrade(config, head)
