"""What is kept of the catalogue from test to test is what stands in its files."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from core.catalog import table_files
from core.catalog.load import DATA, load_catalog
from core.errors import CatalogError
from tests.harness.parsed_once import parsed_once

PATH = Path("api/mine.toml")


def test_a_table_is_parsed_once_and_a_fault_is_found_each_time() -> None:
    """The same bytes give the same table, other bytes another; afterwards all is as it was."""
    before = table_files.parsed
    with parsed_once():
        first = table_files.parsed(PATH, b"price = 0.10")
        assert table_files.parsed(PATH, b"price = 0.10") is first
        assert table_files.parsed(PATH, b"price = 0.2") == {"price": Decimal("0.2")}
        for _ in range(2):
            with pytest.raises(CatalogError, match="TOML"):
                table_files.parsed(PATH, b"price = $0.10")
    assert table_files.parsed is before


def test_loading_a_catalogue_changes_no_table() -> None:
    """After a load, what was kept of each file is what a new look at it gives."""
    with parsed_once():
        catalog = load_catalog()
        kept = {path: table_files.parsed(path, path.read_bytes()) for path in DATA.rglob("*.toml")}
        assert load_catalog().providers == catalog.providers
    assert kept
    for path, table in kept.items():
        assert table == tomllib.loads(path.read_text("utf-8-sig"), parse_float=Decimal)
