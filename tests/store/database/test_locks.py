"""Writers that meet: each gets its turn in time, or a sentence and nothing half-written."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from core.errors import StoreError
from core.settings import Settings
from core.store import ledger
from core.store.database import postgresql, waiting
from core.store.open import Store, open_store
from core.store.samples import add_samples, get_samples
from tests.oracles.ledger_totals import spent_in_all
from tests.store.database.crowd import write_at_once
from tests.store.support import sample, write_run

LIMIT_S = 1.0


def test_eight_processes_that_write_at_once_all_get_their_turn(
    store: Store, settings: Settings
) -> None:
    """Nobody is told "database is locked", nobody waits above the limit, nothing is lost."""
    met = write_at_once(settings, writers=8, times=10)
    assert met.faults == []
    assert met.done == 80
    assert max(met.waits_s) < waiting.LIMIT_S
    with store.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM samples")) == 80
        assert spent_in_all(connection) == (80 * 7, 0)
        by_runs = connection.execute(text("SELECT sum(held_nano_usd), sum(done) FROM runs")).one()
    assert tuple(by_runs) == (80 * 7, 80)


@contextmanager
def lock_held(settings: Settings) -> Iterator[None]:
    """Another program that writes and does not end."""
    if settings.database_url is None:
        with closing(sqlite3.connect(settings.database_file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
    else:
        import psycopg  # noqa: PLC0415 - an extra, there where the server is

        with psycopg.connect(settings.database_url.get_secret_value()) as server:
            server.execute("LOCK TABLE samples IN ACCESS EXCLUSIVE MODE")
            yield
            server.rollback()


def test_a_lock_that_is_held_longer_than_the_limit_is_one_sentence_and_nothing_half_written(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the change would have gone, the database is as before; the next try succeeds."""
    write_run(store, "a")
    monkeypatch.setattr(waiting, "LIMIT_S", LIMIT_S)

    def change() -> None:
        with store.write() as connection:
            ledger.reserve(connection, "a", 7, day_cap_nano_usd=100)
            add_samples(connection, "a", [sample()])

    began = time.monotonic()
    with lock_held(settings), pytest.raises(StoreError) as refused:
        change()
    assert time.monotonic() - began < 5 * LIMIT_S
    told = str(refused.value)
    assert "stayed locked by another process" in told
    assert store.where in told
    assert "Close what else has the database open, or try again" in told
    with store.read() as connection:
        assert spent_in_all(connection) == (0, 0)
        assert get_samples(connection, "a") == []
    change()
    with store.read() as connection:
        assert spent_in_all(connection) == (7, 0)
        assert get_samples(connection, "a") == [sample()]


def test_a_store_is_opened_and_read_while_another_program_writes(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading needs no lock: it does not wait for the end of the limit."""
    write_run(store, "a")
    monkeypatch.setattr(waiting, "LIMIT_S", LIMIT_S)
    with lock_held(settings), store.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM runs")) == 1


def test_a_writer_that_stands_still_in_a_transaction_loses_its_lock(
    postgresql_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A frozen process must not keep all others from writing for ever."""
    frozen, other = open_store(postgresql_settings), open_store(postgresql_settings)

    def stand_still() -> None:
        with frozen.write() as connection:
            monkeypatch.undo()
            write_run(other, "a")
            connection.execute(text("SELECT 1"))

    monkeypatch.setattr(postgresql, "IDLE_S", 0.2)
    with pytest.raises(StoreError):
        stand_still()
    with other.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM runs")) == 1
    frozen.close()
    other.close()


def test_a_reader_sees_one_moment(store: Store) -> None:
    """What is committed while somebody reads comes into his next look, not into this one."""
    write_run(store, "a")
    with store.read() as reader:
        assert reader.scalar(text("SELECT count(*) FROM runs")) == 1
        write_run(store, "b")
        assert reader.scalar(text("SELECT count(*) FROM runs")) == 1
    with store.read() as reader:
        assert reader.scalar(text("SELECT count(*) FROM runs")) == 2


def test_the_log_of_changes_does_not_grow_without_end(tmp_path: Path) -> None:
    """SQLite takes it into the file again, while a page keeps on reading."""
    settings = Settings(data_dir=tmp_path / "data")
    store = open_store(settings)
    write_run(store, "a")
    for batch in range(60):
        many = [sample(batch * 200 + seq, detail="x" * 100) for seq in range(200)]
        with store.read() as reader, store.write() as connection:
            add_samples(connection, "a", many)
            reader.scalar(text("SELECT count(*) FROM runs"))
    log = settings.database_file.with_name("breakeven.db-wal")
    assert log.stat().st_size < 8 * 2**20
    store.close()
