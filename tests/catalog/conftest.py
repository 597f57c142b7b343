"""Fixtures of the catalogue's tests."""

import shutil
from pathlib import Path

import pytest

FROZEN = Path(__file__).parents[1] / "frozen_catalog"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the frozen catalogue that a test may break."""
    return Path(shutil.copytree(FROZEN, tmp_path / "catalog"))
