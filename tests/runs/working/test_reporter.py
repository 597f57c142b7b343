"""The worker's line to the store, when the store has trouble."""

import sqlite3
import threading
from typing import Any

import pytest
from sqlalchemy import event, text

from core.errors import StoreError
from core.probe.records.sample import MOST_DETAIL
from core.runs.secrets.secrecy import HIDDEN, Scrubber
from core.runs.spending.run_budget import RunBudget
from core.runs.spending.worst_case import FREE
from core.runs.working import reporter as module
from core.runs.working.reporter import Reporter
from core.settings import Settings
from core.store.open import Store, open_store
from core.store.runs import change_run
from core.store.samples import get_samples
from tests.store.support import NOON, sample, write_run


@pytest.fixture
def working(store: Store) -> Store:
    """A store with a run that its worker has begun."""
    write_run(store, "a", state="running")
    return store


def reporter_of(store: Store) -> Reporter:
    """A reporter for it."""
    return Reporter(store, "a", RunBudget(0, FREE, 30), Scrubber(("sk-secret",)))


def limit_pages(store: Store, pages: int) -> None:
    """Let the database grow to so many pages and no further, as a full disk would."""

    def limit(connection: sqlite3.Connection, _: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    store.close()
    event.listen(store._engine, "connect", limit)


def test_a_full_disk_loses_no_sample_that_comes_later_to_room(working: Store) -> None:
    """What could not be committed is kept, and committed once there is room again."""
    many = [sample(seq, detail="x" * MOST_DETAIL) for seq in range(200_000 // MOST_DETAIL)]
    with working.read() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    report = reporter_of(working)
    for one in many:
        report.sample(one)
    limit_pages(working, pages)
    with pytest.raises(StoreError, match="the disk is full"):
        report.commit()
    limit_pages(working, pages + 1_000)
    report.commit()
    with working.read() as connection:
        assert get_samples(connection, "a") == many


def test_a_store_that_stays_broken_ends_the_run(
    working: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Money is not spent for samples that cannot be kept; the reason is remembered."""
    monkeypatch.setattr(module, "STORE_PATIENCE_S", 0.3)
    limit_pages(working, 1)
    with reporter_of(working) as report:
        report.sample(sample(0, detail="x" * 100_000))
        assert report.cancelled.wait(timeout=30)
    assert report.fault is not None
    assert "the disk is full" in str(report.fault)


def test_a_key_in_a_detail_is_hidden(working: Store) -> None:
    """Whatever an embedder writes into a sample, the key is not stored."""
    report = reporter_of(working)
    report.sample(sample(0, detail="refused: sk-secret"))
    report.commit()
    with working.read() as connection:
        assert get_samples(connection, "a")[0].detail == f"refused: {HIDDEN}"


def test_a_cancellation_is_heard_without_a_sample(working: Store) -> None:
    """A run that waits for its first answer hears it, too."""
    with reporter_of(working) as report:
        assert not report.cancelled.is_set()
        with working.write() as connection:
            change_run(connection, "a", cancel_requested_at=NOON)
        assert report.cancelled.wait(timeout=30)


def test_nothing_is_written_into_a_run_that_has_ended(working: Store) -> None:
    """A worker that was taken for dead adds nothing, and is told to stop."""
    with working.write() as connection:
        change_run(connection, "a", state="lost")
    report = reporter_of(working)
    report.sample(sample(0))
    report.commit()
    assert report.cancelled.is_set()
    with working.read() as connection:
        assert get_samples(connection, "a") == []


def test_samples_from_the_loop_are_kept_while_the_thread_commits(settings: Settings) -> None:
    """A thousand samples, taken while commits go on, are all stored once."""
    store = open_store(settings)
    write_run(store, "a", state="running")
    with reporter_of(store) as report:
        for seq in range(1_000):
            report.sample(sample(seq))
            if seq % 100 == 0:
                threading.Event().wait(0.05)
    report.commit()
    with store.read() as connection:
        assert [one.seq for one in get_samples(connection, "a")] == list(range(1_000))
    store.close()
