"""A data folder that can be read and not written: everything is shown, a change is a sentence."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from core.errors import StoreError, UnwritableError
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE
from core.settings import Settings
from core.store.open import open_store
from tests.cli.terminal import breakeven
from tests.harness.disk import fill, make_read_only, small_disk
from tests.old_data.old_data import expected, make_folder
from tests.runs.support import local_plan

READ_ONLY: Final = "read-only"
FULL: Final = "the disk is full"
EXPECTED = expected()


@pytest.fixture
def disk() -> Iterator[Path]:
    """A small disk."""
    with small_disk() as folder:
        yield folder


def full(settings: Settings) -> None:
    """Take all the room on the disk of a data folder."""
    fill(settings.data_dir.parent)


def read_only(settings: Settings) -> None:
    """Make the disk of a data folder read-only."""
    make_read_only(settings.data_dir.parent)


Spoil = Callable[[Settings], None]
WAYS = pytest.mark.parametrize(
    ("spoil", "words"), [(full, FULL), (read_only, READ_ONLY)], ids=["full", "read-only"]
)


@pytest.mark.parametrize("older", [False, True], ids=["of today", "of an older version"])
@WAYS
def test_everything_can_be_read_and_a_start_is_refused_in_a_sentence(
    disk: Path, spoil: Spoil, words: str, *, older: bool
) -> None:
    """Runs, samples, measurements and exports are there; nothing is started, deleted or adopted."""
    settings = make_folder(disk / "data")
    if not older:
        open_store(settings).close()
    spoil(settings)
    before = settings.database_file.read_bytes()
    store = open_store(settings)
    runs = Runs(store, settings)
    assert words in runs.fault
    assert {view.run_id for view in runs.recent(100)} == set(EXPECTED["runs"])
    assert set(EXPECTED["measurements"]) <= set(runs.measurements())
    one = next(run_id for run_id, run in EXPECTED["runs"].items() if run["what"] == "paired")
    assert len(runs.samples(one)) == EXPECTED["runs"][one]["samples"]
    assert one in runs.export([one])
    for change in (
        lambda: runs.start(local_plan(), rate=FREE),
        lambda: runs.delete(one),
        lambda: runs.adopt(one),
    ):
        with pytest.raises(UnwritableError, match=words):
            change()
    assert len(runs.recent(100)) == len(EXPECTED["runs"])
    runs.close()
    store.close()
    assert settings.database_file.read_bytes() == before


@WAYS
def test_the_commands_show_what_is_there(disk: Path, spoil: Spoil, words: str) -> None:
    """`runs list`, `runs export` and `compare` work, `probe` says why it does not."""
    settings = make_folder(disk / "data")
    open_store(settings).close()
    spoil(settings)
    listed = breakeven(settings.data_dir, "runs", "list")
    assert listed.returncode == 0
    assert all(run_id in listed.stdout for run_id in EXPECTED["runs"])
    assert words in " ".join(listed.stderr.split())
    one = next(run_id for run_id, run in EXPECTED["runs"].items() if run["what"] == "batches")
    assert f'"{one}"' in breakeven(settings.data_dir, "runs", "export", one).stdout
    assert '"measured_p95_s": 0' in breakeven(settings.data_dir, "compare", "--json").stdout
    told = breakeven(
        settings.data_dir, "probe", "--base-url", "http://127.0.0.1:1/v1", "--model", "m"
    )
    assert told.returncode == 2
    assert words in " ".join(told.stderr.split())
    assert "Traceback" not in told.stderr


def test_an_open_store_goes_on_when_its_disk_fills_and_when_there_is_room_again(disk: Path) -> None:
    """The page need not be started again."""
    settings = make_folder(disk / "data")
    store = open_store(settings)
    runs = Runs(store, settings)
    filler = fill(disk)
    one = next(iter(EXPECTED["runs"]))
    with pytest.raises(UnwritableError, match=FULL):
        runs.delete(one)
    assert FULL in runs.fault
    assert len(runs.recent(100)) == len(EXPECTED["runs"])
    filler.unlink()
    runs.delete(one)
    assert (runs.fault, len(runs.recent(100))) == ("", len(EXPECTED["runs"]) - 1)
    store.close()


def test_a_store_that_was_opened_on_a_full_disk_can_be_written_once_there_is_room(
    disk: Path,
) -> None:
    """It was read as it stood; the next look sees that this has changed."""
    settings = make_folder(disk / "data")
    open_store(settings).close()
    filler = fill(disk)
    store = open_store(settings)
    runs = Runs(store, settings)
    assert runs.fault
    filler.unlink()
    runs.delete(next(iter(EXPECTED["runs"])))
    assert (runs.fault, len(runs.recent(100))) == ("", len(EXPECTED["runs"]) - 1)
    store.close()


def test_a_dead_run_on_a_read_only_disk_is_shown_as_it_stands(disk: Path) -> None:
    """It cannot be ended there, and must not hide the others."""
    settings = make_folder(disk / "data")
    one = next(iter(EXPECTED["runs"]))
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with closing(sqlite3.connect(settings.database_file)) as database, database:
        database.execute(
            "UPDATE runs SET state = 'running', host = 'here', heartbeat_at = ? WHERE id = ?",
            (f"{long_ago:%Y-%m-%d %H:%M:%S.%f}", one),
        )
    open_store(settings).close()
    make_read_only(disk)
    store = open_store(settings)
    states = {view.run_id: view.state.value for view in Runs(store, settings).recent(100)}
    assert len(states) == len(EXPECTED["runs"])
    assert states[one] == "running"
    store.close()


def test_changes_that_are_not_yet_in_the_file_are_not_passed_over(disk: Path) -> None:
    """A file without its last changes would be an older one: the sentence says what to copy."""
    settings = make_folder(disk / "data")
    store = open_store(settings)
    Runs(store, settings).delete(next(iter(EXPECTED["runs"])))
    saved = {path: path.read_bytes() for path in settings.data_dir.glob("breakeven.db*")}
    store.close()
    for path, content in saved.items():
        if not path.name.endswith("-shm"):
            path.write_bytes(content)
    make_read_only(disk)
    with pytest.raises(StoreError, match=r"last changes are in breakeven\.db-wal.*Copy both"):
        open_store(settings)
