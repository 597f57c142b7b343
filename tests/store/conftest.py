"""Stores to test: the same tests on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.settings import Settings
from core.store.open import Store, open_store


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of an installation with an empty database."""
    if request.param == "sqlite":
        return Settings(data_dir=tmp_path / "data")
    url = SecretStr(request.getfixturevalue("postgresql_url"))
    return Settings(data_dir=tmp_path / "data", database_url=url)


@pytest.fixture
def postgresql_settings(tmp_path: Path, postgresql_url: str) -> Settings:
    """Settings of an installation with an empty PostgreSQL database."""
    return Settings(data_dir=tmp_path / "data", database_url=SecretStr(postgresql_url))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """An open store."""
    opened = open_store(settings)
    yield opened
    opened.close()
