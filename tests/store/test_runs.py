"""Runs, samples and the ledger's rows, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.errors import StoreError
from core.probe.records.sample import Outcome, Phase, Sample
from core.settings import Settings
from core.store import ledger
from core.store.open import Store
from core.store.runs import (
    RunState,
    change_run,
    delete_run,
    get_run,
    live_runs,
    newest_done_runs,
    newest_ended,
    newest_runs,
)
from core.store.samples import add_samples, get_samples
from core.store.tables import runs, samples
from tests.oracles.ledger_totals import spent_in_all, spent_on
from tests.store.support import NOON, plan, sample, write_run


def test_a_run_comes_back_as_it_was_written(store: Store) -> None:
    """Plan, times with their zone, and zeros survive the database."""
    write_run(store, "a", worst_case_nano_usd=7)
    with store.read() as connection:
        run = get_run(connection, "a")
    assert run is not None
    assert (run.plan, run.state, run.created_at) == (plan(), RunState.QUEUED, NOON)
    assert (run.worst_case_nano_usd, run.held_nano_usd, run.done) == (7, 0, 0)
    assert (run.summary, run.error, run.environment, run.pid) == (None,) * 4


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    """Nobody could know later which clock it meant."""
    with pytest.raises(Exception, match="without a zone"):
        write_run(store, "a", created_at=datetime(2026, 1, 1))  # noqa: DTZ001 - the point


def test_two_live_runs_of_one_seat_are_refused_by_the_database(store: Store) -> None:
    """The rule is an index: it holds whoever writes; a finished run makes room."""
    write_run(store, "first", host="here")
    with pytest.raises(IntegrityError):
        write_run(store, "second", host="here")
    write_run(store, "elsewhere", host="there")
    write_run(store, "other lane", host="here", lane="api")
    write_run(store, "other seat", host="here", lane="api", slot=1)
    with store.write() as connection:
        assert change_run(connection, "first", state="done")
    write_run(store, "second", host="here")


def test_of_many_who_write_a_live_run_at_once_one_succeeds(store: Store) -> None:
    """Eight threads, one host, one live run."""

    def attempt(number: int) -> bool:
        try:
            write_run(store, f"run{number}", host="here")
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 1
    with store.read() as connection:
        assert len(live_runs(connection).readable) == 1


def test_a_state_changes_once(store: Store) -> None:
    """Of two who end a run, the second is told that it was ended."""
    write_run(store, "a")
    with store.write() as connection:
        assert change_run(connection, "a", state="cancelled")
        assert not change_run(connection, "a", state="done")
        assert not change_run(connection, "nobody", state="done")


def test_history_is_newest_first_and_cut(store: Store) -> None:
    """The list shows the newest runs, as many as asked for."""
    for number in range(5):
        write_run(store, f"run{number}", created_at=NOON + timedelta(minutes=number))
    with store.read() as connection:
        assert [run.run_id for run in newest_runs(connection, 2).readable] == ["run4", "run3"]


def test_the_newest_finished_run_of_each_option_is_found(store: Store) -> None:
    """Newest by its end; runs that did not go through are passed over."""
    for number, (option, state) in enumerate(
        [("a", "done"), ("a", "done"), ("a", "cancelled"), ("b", "done"), ("c", "lost")]
    ):
        end = NOON + timedelta(minutes=number)
        write_run(store, f"run{number}", option, state=state, finished_at=end)
    with store.read() as connection:
        found = {run.plan.subject.option_id: run.run_id for run in newest_done_runs(connection)}
    assert found == {"a": "run1", "b": "run3"}


def test_the_newest_run_of_a_kind_that_is_over_is_found(store: Store) -> None:
    """Whatever became of it; a live one, and one of another kind, is none."""
    states = ["done", "cancelled", "running"]
    for number, state in enumerate(states):
        at = NOON + timedelta(minutes=number)
        write_run(store, f"run{number}", state=state, created_at=at, kind="quality")
    write_run(store, "other", state="done", created_at=NOON + timedelta(hours=1))
    with store.read() as connection:
        found = newest_ended(connection, "quality")
        assert found is not None
        assert found.run_id == "run1"
        assert newest_ended(connection, "sweep") is None


def test_a_row_that_cannot_be_read_does_not_hide_the_others(store: Store) -> None:
    """What another version wrote stays in the store, and is named beside the others."""
    write_run(store, "good")
    write_run(store, "odd")
    with store.write() as connection:
        connection.execute(runs.update().where(runs.c.id == "odd").values(plan='{"new": 1}'))
    with store.read() as connection:
        found = newest_runs(connection, 10)
    assert [run.run_id for run in found.readable] == ["good"]
    assert [(run.run_id, run.created_at) for run in found.unreadable] == [("odd", NOON)]
    with store.read() as connection, pytest.raises(StoreError, match="run odd cannot be read here"):
        get_run(connection, "odd")


def test_every_field_of_a_sample_has_its_column() -> None:
    """A field that is added to the sample needs a migration."""
    columns = {column.name for column in samples.columns} - {"run_id"}
    assert columns == {field.name for field in fields(Sample)}


def test_samples_come_back_equal_and_in_order(store: Store) -> None:
    """Every field of an unusual sample survives, also times beyond 32 bits."""
    write_run(store, "a")
    rich = sample(
        1,
        phase=Phase.COLD,
        outcome=Outcome.RATE_LIMITED,
        intended_ns=-5,
        completed_ns=9_000_000_000_000,
        new_connection=True,
        tokens_billed=5_000_000_000,
        dims=384,
        http_status=429,
        server_ms=0.125,
        retry_after_s=1.5,
        requests_left=0,
        tokens_left=7,
        detail="λ ' \" ; -- 😀",
    )
    with store.write() as connection:
        add_samples(connection, "a", [rich, sample(0)])
        add_samples(connection, "a", [])
    with store.read() as connection:
        assert get_samples(connection, "a") == [sample(0), rich]


def test_a_batch_is_stored_whole_or_not_at_all(store: Store) -> None:
    """A sample that is there already takes its batch down with it."""
    write_run(store, "a")
    with store.write() as connection:
        add_samples(connection, "a", [sample(0)])
    with pytest.raises(IntegrityError), store.write() as connection:
        add_samples(connection, "a", [sample(1), sample(0)])
    with store.read() as connection:
        assert get_samples(connection, "a") == [sample(0)]


def test_a_finished_run_is_deleted_with_its_samples_and_a_live_one_is_not(store: Store) -> None:
    """Deleting leaves no orphans and cannot pull a run from under its worker."""
    write_run(store, "a")
    with store.write() as connection:
        add_samples(connection, "a", [sample(0)])
        assert not delete_run(connection, "a")
        change_run(connection, "a", state="done")
        assert delete_run(connection, "a")
    with store.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM samples")) == 0


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    """The page reads while the worker's transaction is open, and sees the state before it."""
    write_run(store, "a")
    with store.write() as writer:
        change_run(writer, "a", done=5)
        with store.read() as reader:
            run = get_run(reader, "a")
    assert run is not None
    assert run.done == 0


def test_updates_of_many_threads_are_all_kept(store: Store) -> None:
    """Read-then-write in a writing transaction loses nothing: 8 threads add 30 each."""
    write_run(store, "a")

    def add_one(_: int) -> None:
        with store.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("LOCK TABLE runs"))
            run = get_run(connection, "a")
            assert run is not None
            change_run(connection, "a", done=run.done + 1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(240)))
    with store.read() as connection:
        run = get_run(connection, "a")
    assert run is not None
    assert run.done == 240


def test_reservations_of_many_threads_never_pass_the_cap(store: Store, settings: Settings) -> None:
    """8 runs reserve at once until the day is full: what is held is what was granted."""
    del settings
    for number in range(8):
        write_run(store, f"run{number}")

    def reserve(number: int) -> int:
        with store.write() as connection:
            run_id = f"run{number % 8}"
            return 0 if ledger.reserve(connection, run_id, 7, day_cap_nano_usd=1_000) else 7

    with ThreadPoolExecutor(8) as pool:
        granted = sum(pool.map(reserve, range(200)))
    with store.read() as connection:
        held, spent = spent_on(connection, NOON.date())
        by_runs = connection.scalar(text("SELECT sum(held_nano_usd) FROM runs"))
    assert granted == held == by_runs == 994
    assert spent == 0


def test_money_is_settled_and_the_rest_given_back_or_spent(store: Store) -> None:
    """Held money ends as spent or free, never as both or as neither."""
    for run_id, spend_the_rest, expected in (("a", False, 30), ("b", True, 130)):
        write_run(store, run_id)
        with store.write() as connection:
            assert ledger.reserve(connection, run_id, 100, day_cap_nano_usd=10_000) is None
            ledger.settle(connection, run_id, release_nano_usd=30, spend_nano_usd=30)
            ledger.close(connection, run_id, spend_the_rest=spend_the_rest)
            assert spent_on(connection, NOON.date()) == (0, expected)


def test_a_day_starts_empty(store: Store) -> None:
    """Yesterday's money does not count today."""
    write_run(store, "a")
    write_run(store, "b", spend_day=datetime(2026, 11, 24, tzinfo=UTC).date())
    with store.write() as connection:
        assert ledger.reserve(connection, "a", 100, day_cap_nano_usd=100) is None
        assert ledger.reserve(connection, "a", 1, day_cap_nano_usd=100) == "day"
        assert ledger.reserve(connection, "b", 100, day_cap_nano_usd=100) is None


def test_the_total_is_capped_over_all_days(store: Store) -> None:
    """What another day spent counts; a refusal of either cap holds nothing anywhere."""
    write_run(store, "a")
    write_run(store, "b", spend_day=datetime(2026, 11, 24, tzinfo=UTC).date())
    caps = {"day_cap_nano_usd": 90, "total_cap_nano_usd": 100}
    with store.write() as connection:
        assert ledger.reserve(connection, "a", 60, **caps) is None
        ledger.close(connection, "a", spend_the_rest=True)
        assert ledger.reserve(connection, "b", 41, **caps) == "total"
        assert ledger.reserve(connection, "a", 31, **caps) == "day"
        assert spent_in_all(connection) == (0, 60)
        assert spent_on(connection, datetime(2026, 11, 24, tzinfo=UTC).date()) == (0, 0)
        assert ledger.reserve(connection, "b", 40, **caps) is None
        assert spent_in_all(connection) == (40, 60)
