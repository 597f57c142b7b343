"""Opening: made, brought up to date, refused with a sentence, never overwritten."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic import SecretStr
from sqlalchemy import column, inspect, select, table, text, update

from core.errors import StoreError, UnwritableError
from core.settings import Settings
from core.store.database.migrate import HEAD, VERSION_TABLE
from core.store.database.upgrade import FOLDER
from core.store.open import Store, open_store
from core.store.tables import METADATA
from tests.conftest import need
from tests.store.support import write_run

VERSION = table(VERSION_TABLE, column("version_num"))
OPEN_IN_A_PROCESS = r"""
import os, sys
from pathlib import Path
from pydantic import SecretStr
from core.settings import Settings
from core.store.open import open_store
from tests.store.database.forks import at_once
folder, url, how = sys.argv[1:]
settings = Settings(data_dir=Path(folder), database_url=SecretStr(url) if url else None)
if how == "as nobody":
    os.setuid(65534)
if how == "eight at once":
    at_once(8, lambda _: open_store(settings).close())
else:
    open_store(settings).close()
"""


def sqlite_settings(path: Path, query: str = "") -> Settings:
    """Settings for one SQLite file."""
    return Settings(data_dir=path.parent, database_url=SecretStr(f"sqlite:///{path}{query}"))


def test_the_tables_are_those_that_the_code_describes(store: Store) -> None:
    """Migrations and table descriptions do not drift apart, and HEAD is the newest migration."""
    with store.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == HEAD
    assert ScriptDirectory(str(FOLDER)).get_current_head() == HEAD


def test_the_index_that_allows_one_live_run_is_partial(store: Store) -> None:
    """The rule holds for live runs only, or the history could have one run a seat."""
    with store.read() as connection:
        indexes = {entry["name"]: entry for entry in inspect(connection).get_indexes("runs")}
    unique = indexes["runs_one_live_per_slot"]
    assert unique["unique"]
    assert any(name.endswith("_where") for name in unique["dialect_options"])


def test_opening_again_keeps_what_is_there(settings: Settings) -> None:
    """A second opening migrates nothing and loses nothing."""
    first = open_store(settings)
    write_run(first, "kept")
    first.close()
    second = open_store(settings)
    with second.read() as connection:
        assert connection.scalar(text("SELECT id FROM runs")) == "kept"
    second.close()


def test_processes_may_make_the_same_database_at_once(settings: Settings) -> None:
    """Eight processes open one new database at the same moment: each succeeds."""
    need(hasattr(os, "fork"), "a system that forks processes")
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    command = [sys.executable, "-c", OPEN_IN_A_PROCESS, str(settings.data_dir), url]
    done = subprocess.run(
        [*command, "eight at once"], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.splitlines() == ["null"] * 8, done.stderr
    assert done.stderr == ""
    again = open_store(settings)
    with again.read() as connection:
        assert connection.scalars(select(column("version_num")).select_from(VERSION)).all() == [
            HEAD
        ]
    again.close()


def test_threads_may_make_the_same_database_at_once(settings: Settings) -> None:
    """Eight sessions of one page open one new database at the same moment."""
    with ThreadPoolExecutor(8) as pool:
        for opened in pool.map(lambda _: open_store(settings), range(8)):
            opened.close()


def test_a_newer_version_is_refused_and_left_alone(settings: Settings) -> None:
    """An old program does not touch what a newer one wrote, and says what to do."""
    opened = open_store(settings)
    with opened.write() as connection:
        connection.execute(update(VERSION).values(version_num="9999"))
    opened.close()
    with pytest.raises(StoreError, match=r"newer Breakeven.*9999.*Update Breakeven"):
        open_store(settings)


def test_another_programs_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    """Not a byte of a SQLite file with strange tables changes."""
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"another program \(recipes\)"):
        open_store(sqlite_settings(path))
    assert path.read_bytes() == before


def test_a_damaged_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    """Bytes that are no database stay as they are."""
    path = tmp_path / "breakeven.db"
    path.write_bytes(b"not a database at all, but long enough to look at" * 40)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="damaged or something else"):
        open_store(Settings(data_dir=tmp_path))
    assert path.read_bytes() == before


def test_a_page_that_was_overwritten_is_told_when_it_is_read(tmp_path: Path) -> None:
    """Damage inside a file that opens is a sentence, not a traceback."""
    settings = Settings(data_dir=tmp_path)
    opened = open_store(settings)
    for number in range(40):
        write_run(opened, f"run{number}")
    opened.close()
    page = 4096
    content = bytearray(settings.database_file.read_bytes())
    content[2 * page :] = os.urandom(len(content) - 2 * page)
    settings.database_file.write_bytes(content)
    with pytest.raises(StoreError, match="damaged or something else"):
        _open_and_read(settings)


def _open_and_read(settings: Settings) -> None:
    opened = open_store(settings)
    try:
        with opened.read() as connection:
            connection.execute(text("SELECT * FROM runs")).all()
    finally:
        opened.close()


def test_a_full_disk_is_told_and_keeps_what_was_there(tmp_path: Path) -> None:
    """A change that does not fit is refused whole; SQLite's own page limit is the disk here."""
    opened = open_store(Settings(data_dir=tmp_path))
    write_run(opened, "before")
    with pytest.raises(StoreError, match="the disk is full"):
        _fill(opened)
    with opened.read() as connection:
        assert connection.execute(text("SELECT id FROM runs")).scalars().all() == ["before"]
    opened.close()


def _fill(store: Store) -> None:
    with store.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.exec_driver_sql("CREATE TABLE filler (a TEXT)")
        connection.exec_driver_sql("INSERT INTO filler VALUES (zeroblob(1000000))")


def test_a_read_only_database_is_told_at_opening_and_can_be_read(tmp_path: Path) -> None:
    """Not first in the middle of a run: opening asks for a change."""
    path = tmp_path / "breakeven.db"
    open_store(sqlite_settings(path)).close()
    opened = open_store(
        Settings(
            data_dir=tmp_path,
            database_url=SecretStr(f"sqlite:///file:{path}?mode=ro&uri=true"),
        )
    )
    assert "read-only" in opened.fault
    with opened.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM runs")) == 0
    with pytest.raises(UnwritableError, match="read-only"):
        opened.prove_writable()
    opened.close()


@pytest.fixture
def folder_of_another() -> Iterator[Path]:
    """A folder that an ordinary user may read and not write; made by root where we are root."""
    folder = Path(tempfile.mkdtemp(prefix="breakeven-read-only-"))
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such folder permission")
def test_a_read_only_folder_is_told(folder_of_another: Path) -> None:
    """The sentence names the folder and the variable that points elsewhere."""
    done = subprocess.run(
        [
            *(sys.executable, "-c", OPEN_IN_A_PROCESS, str(folder_of_another / "data"), ""),
            "as nobody" if os.getuid() == 0 else "as oneself",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "StoreError: The data folder" in done.stderr
    assert "Permission denied" in done.stderr
    assert "BREAKEVEN_DATA_DIR" in done.stderr


def test_a_folder_below_a_file_is_told(tmp_path: Path) -> None:
    """A path that cannot be a folder is named with the variable that sets it."""
    (tmp_path / "file").write_text("I am no folder")
    with pytest.raises(StoreError, match=r"file/data|file\\data"):
        open_store(Settings(data_dir=tmp_path / "file" / "data"))


def test_a_file_in_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A database address with a missing folder says that it cannot be opened."""
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(sqlite_settings(tmp_path / "missing" / "x.db"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("hunter2", "no database address"),
        ("mysql://me:hunter2@host/db", "asks for mysql"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("postgresql://me:hunter2@127.0.0.1:1/breakeven", "cannot be reached"),
        ("postgresql://me:x@host:hunter2/breakeven", "no database address"),
        ("postgresql://me:hunter2@[::1:5432/breakeven", "no database address"),
        ("sqlite:///x.db?timeout=hunter2", "option that cannot be read"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_without_its_password(
    tmp_path: Path, url: str, words: str
) -> None:
    """The sentence says what is wrong and repeats no secret."""
    with pytest.raises(StoreError, match=words) as caught:
        open_store(Settings(data_dir=tmp_path, database_url=SecretStr(url)))
    assert "hunter2" not in str(caught.value)


def test_a_driver_that_is_not_installed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL is an extra: the sentence has its command."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    url = SecretStr("postgresql://me@127.0.0.1/breakeven")
    with pytest.raises(StoreError, match=r"pip install -e \"\.\[postgres\]\""):
        open_store(Settings(data_dir=tmp_path, database_url=url))


def test_a_database_that_does_not_exist_is_told(postgresql_url: str, tmp_path: Path) -> None:
    """PostgreSQL makes no database by itself: the sentence says who does."""
    url = SecretStr(f"{postgresql_url}_missing")
    with pytest.raises(StoreError, match="missing"):
        open_store(Settings(data_dir=tmp_path, database_url=url))


def test_a_shared_postgresql_database_keeps_its_other_tables(
    postgresql_url: str, tmp_path: Path
) -> None:
    """Another program's tables do not matter unless they have the names of ours."""
    settings = Settings(data_dir=tmp_path, database_url=SecretStr(postgresql_url))
    opened = open_store(settings)
    with opened.write() as connection:
        connection.execute(text("CREATE TABLE recipes (name TEXT)"))
        connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
    opened.close()
    with pytest.raises(
        StoreError, match=r"another program \(adoptions, ledger, ledger_total, runs, samples\)"
    ):
        open_store(settings)
