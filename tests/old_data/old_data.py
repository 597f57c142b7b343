"""The data folder of version 0.1.0, as text in this repository, made into a folder again."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from core.settings import Settings

FOLDER = Path(__file__).parent.parent / "data_0_1_0"


def expected() -> dict[str, Any]:
    """Return what version 0.1.0 showed of its folder."""
    values: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
    return values


def links() -> list[dict[str, Any]]:
    """Return links of version 0.1.0, each with the scenario that it stood for."""
    values: list[dict[str, Any]] = json.loads((FOLDER / "links.json").read_text(encoding="utf-8"))
    return values


def make_folder(folder: Path) -> Settings:
    """Make the data folder again and return its settings."""
    folder.mkdir()
    settings = Settings(data_dir=folder)
    with closing(sqlite3.connect(settings.database_file)) as database:
        database.executescript((FOLDER / "store.sql").read_text(encoding="utf-8"))
    return settings
