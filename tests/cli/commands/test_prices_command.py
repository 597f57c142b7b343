"""`breakeven prices`: check and refresh, with the real package."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.catalog.own.own_texts import priced, write
from tests.cli.terminal import breakeven
from tests.conftest import need_module

SMALL = "openai/text-embedding-3-small"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder whose own catalogue says since yesterday that 3-small costs 0.5."""
    need_module("genai_prices", "the extra prices (genai-prices)")
    day = (datetime.now(tz=UTC).date() - timedelta(days=1)).isoformat()
    text = priced("openai", "text-embedding-3-small", "0.5", day)
    write(tmp_path / "catalog", "api/openai.toml", text)
    return tmp_path


def test_check_names_what_disagrees_and_fails_if_asked(folder: Path) -> None:
    """In a table and as JSON; only what was asked for ends with 1."""
    done = breakeven(folder, "prices", "check", "--json", "--older-than", "100000")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert SMALL in document["disagree"]
    (row,) = [row for row in document["compared"] if row["option_id"] == SMALL]
    assert (row["ours_usd"], row["theirs_usd"], row["ratio"]) == (0.5, 0.02, 0.04)
    assert document["old"] == []
    failing = breakeven(folder, "prices", "check", "--fail-if", "disagree")
    assert failing.returncode == 1
    assert SMALL in failing.stdout
    asked = ("--older-than", "100000", "--fail-if", "old")
    assert breakeven(folder, "prices", "check", *asked).returncode == 0


@pytest.mark.parametrize(
    ("asked", "said"), [("old", "--older-than"), ("new", "give some of disagree, old, missing")]
)
def test_what_cannot_fail_is_refused(tmp_path: Path, asked: str, said: str) -> None:
    """A misspelt condition must not mean that all is well."""
    done = breakeven(tmp_path, "prices", "check", "--fail-if", asked)
    assert done.returncode == 2
    assert said in done.stderr


def test_refresh_asks_writes_once_and_only_into_ones_own_folder(folder: Path) -> None:
    """A dry run and a no write nothing; then the price is theirs, and nothing differs any more."""
    file = folder / "catalog" / "api" / "openai.toml"
    before = file.read_text()
    assert SMALL in breakeven(folder, "prices", "refresh", "--dry-run").stdout
    assert breakeven(folder, "prices", "refresh", text="n\n").returncode == 0
    assert file.read_text() == before
    done = breakeven(folder, "prices", "refresh", "--yes")
    assert str(file) in done.stdout.replace("\n", "")
    again = breakeven(folder, "prices", "refresh", "--yes")
    assert "no newer price" in again.stdout
    document = json.loads(breakeven(folder, "prices", "check", "--json").stdout)
    assert SMALL not in document["disagree"]


def test_a_broken_folder_is_not_written_to(folder: Path) -> None:
    """What stands in it first wants mending."""
    write(folder / "catalog", "api/mine.toml", "x")
    done = breakeven(folder, "prices", "refresh", "--yes")
    assert done.returncode == 2
    assert "api/mine.toml is not valid TOML" in done.stderr
