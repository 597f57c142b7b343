"""Runs that this version cannot read: counted, named, kept, and in nobody's way."""

import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from core.errors import BusyError, RunError, StoreError, UnreadableRunError
from core.probe.records.probe_plan import ProbePlan
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE
from core.runs.watching.run_view import History
from core.runs.watching.watch import host_name
from core.settings import Settings
from core.store import ledger
from core.store.open import Store, open_store
from core.store.runs import add_run, cancel_requested
from core.store.samples import add_samples
from tests.cli.terminal import breakeven
from tests.old_data.old_data import expected, make_folder
from tests.oracles.ledger_totals import spent_in_all
from tests.runs.support import api_plan, local_plan
from tests.store.support import sample

OLD = {run["what"]: run_id for run_id, run in expected()["runs"].items()}
VICTIM = OLD["listed_newer"]
NEWER, DAMAGED = "made by a newer version", "is damaged"
WAYS = {
    "a newer schedule": ("plan = json_set(plan, '$.schedule.kind', 'spiral')", NEWER),
    "a newer field": ("plan = json_set(plan, '$.surprise', 1)", NEWER),
    "a newer target": ("plan = json_set(plan, '$.target.kind', 'satellite')", NEWER),
    "a newer state": ("state = 'paused'", NEWER),
    "a plan without texts": ("plan = json_remove(plan, '$.texts')", DAMAGED),
    "half a plan": ("plan = substr(plan, 1, 100)", DAMAGED),
    "a plan of bytes": ("plan = x'ff00ff'", DAMAGED),
    "text that is no UTF-8": ("error = CAST(x'ff41' AS TEXT)", DAMAGED),
    "a count in words": ("done = 'many'", DAMAGED),
    "a moment that is none": ("heartbeat_at = 'yesterday'", DAMAGED),
}


@pytest.fixture
def old(tmp_path: Path) -> Settings:
    """An installation with a data folder of 0.1.0."""
    return make_folder(tmp_path / "old")


@pytest.fixture
def old_runs(old: Settings) -> Iterator[Runs]:
    """Its runs."""
    opened = open_store(old)
    yield Runs(opened, old)
    opened.close()


def change(settings: Settings, what: str, run_id: str = VICTIM, table: str = "runs") -> None:
    """Change a row as another version, or a fault, would."""
    key = "id" if table == "runs" else "run_id"
    with closing(sqlite3.connect(settings.database_file)) as database, database:
        database.execute(f"UPDATE {table} SET {what} WHERE {key} = ?", (run_id,))  # noqa: S608


def raw(settings: Settings) -> list[Any]:
    """The row as it stands in the file."""
    with closing(sqlite3.connect(settings.database_file)) as database:
        database.text_factory = bytes
        query = "SELECT * FROM runs WHERE id = ?"
        return database.execute(query, (VICTIM,)).fetchall()


@pytest.mark.parametrize(("what", "why"), WAYS.values(), ids=WAYS.keys())
def test_a_run_that_cannot_be_read_is_named_beside_the_others(
    old: Settings, old_runs: Runs, what: str, why: str
) -> None:
    """With its id, its reason and what to do; and unchanged; the others are all there."""
    whole = old_runs.history(1_000)
    change(old, what)
    before = raw(old)
    found = old_runs.history(1_000)
    assert len(found.runs) == len(whole.runs) - 1
    (named,) = found.unreadable
    assert named.run_id == VICTIM
    assert why in named.why
    assert "update Breakeven" in named.why or "restore a copy" in named.why
    assert raw(old) == before
    with pytest.raises(UnreadableRunError, match=f"run {VICTIM} cannot be read here"):
        old_runs.view(VICTIM)
    with pytest.raises(StoreError, match=VICTIM):
        old_runs.export([VICTIM])


@pytest.mark.parametrize("way", ["a newer field", "a newer state", "text that is no UTF-8"])
def test_the_command_counts_and_names_it_and_deletes_it_only_when_told(
    old: Settings, way: str
) -> None:
    """In the table's notes and as a row of the JSON; `runs delete` takes it and no other."""
    what, why = WAYS[way]
    change(old, what)
    listed = breakeven(old.data_dir, "runs", "list", "--json")
    rows = json.loads(listed.stdout)
    assert len(rows) == len(OLD)
    (named,) = (row for row in rows if row["unreadable"])
    assert named["run_id"] == VICTIM
    assert why in named["unreadable"]
    assert "1 run is kept that cannot be read here" in listed.stderr
    assert VICTIM in listed.stderr
    breakeven(old.data_dir, "compare", "--json")
    assert raw(old)
    assert breakeven(old.data_dir, "runs", "delete", VICTIM).returncode == 0
    assert not raw(old)
    again = json.loads(breakeven(old.data_dir, "runs", "list", "--json").stdout)
    assert [row["unreadable"] for row in again] == [None] * (len(OLD) - 1)


@pytest.mark.parametrize(("what", "why"), WAYS.values(), ids=WAYS.keys())
def test_it_takes_no_other_measurement_away(
    old: Settings, old_runs: Runs, what: str, why: str
) -> None:
    """Where it was chosen for an option, the newest run counts; where it was newest, the next."""
    del why
    before = old_runs.measurements()
    chosen, option = OLD["listed_older"], "openai/text-embedding-3-small"
    assert before[option].run_id == chosen
    change(old, what, chosen)
    after = old_runs.measurements()
    assert after[option].run_id == VICTIM
    assert {k: v for k, v in after.items() if k != option} == {
        k: v for k, v in before.items() if k != option
    }
    old_runs.release(option)
    change(old, "summary = '{}'", VICTIM)
    assert option not in old_runs.measurements()


def test_of_an_option_whose_newest_run_cannot_be_read_the_one_before_counts(
    old: Settings, old_runs: Runs
) -> None:
    """Its latencies do not vanish from the comparison."""
    option = "openai/text-embedding-3-small"
    old_runs.release(option)
    assert old_runs.measurements()[option].run_id == VICTIM
    for what in ("plan = '{}'", "summary = '{}'"):
        change(old, what)
        assert old_runs.measurements()[option].run_id == OLD["listed_older"]


@pytest.mark.parametrize(
    ("column", "part"),
    [
        ("summary", "its numbers"),
        ("environment", "what it was measured on"),
        ("report", "what it found beyond its numbers"),
    ],
)
@pytest.mark.parametrize("value", ["half {", "[]", '{"inspection": 1, "surprise": 1}'])
def test_a_run_of_which_a_part_cannot_be_read_is_shown_and_the_part_is_named(
    old: Settings, old_runs: Runs, column: str, part: str, value: str
) -> None:
    """Its samples are all there; it is not exported without that part."""
    change(old, f"{column} = '{value}'")
    view = old_runs.view(VICTIM)
    assert view.unread == (part,)
    assert len(old_runs.samples(VICTIM)) == 19
    assert old_runs.history(1_000).unreadable == ()
    with pytest.raises(RunError, match=f"cannot be exported whole: {part}"):
        old_runs.export([VICTIM])
    listed = breakeven(old.data_dir, "runs", "list")
    assert f"Of the run {VICTIM} this version cannot read {part}" in listed.stderr


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("outcome = 'quantum'", "newer version"),
        ("phase = 'hibernation'", "newer version"),
        ("completed_ns = 'soon'", "damaged"),
        ("detail = CAST(x'ff41' AS TEXT)", "damaged"),
        ("server_ms = 'quick'", "damaged"),
    ],
)
def test_samples_that_cannot_be_read_are_a_sentence_and_the_run_is_shown(
    old: Settings, old_runs: Runs, what: str, why: str
) -> None:
    """Numbers of the other samples alone would be those of another run."""
    change(old, what, table="samples")
    assert VICTIM in {view.run_id for view in old_runs.recent(1_000)}
    for look in (old_runs.samples, lambda run_id: old_runs.export([run_id])):
        with pytest.raises(UnreadableRunError, match=rf"samples of the run {VICTIM}.*{why}"):
            look(VICTIM)


def test_a_database_of_a_newer_version_is_refused_and_not_a_byte_of_it_changes(
    old: Settings,
) -> None:
    """The sentence says which version it is and what to do."""
    with closing(sqlite3.connect(old.database_file)) as database, database:
        database.execute("UPDATE breakeven_version SET version_num = '0999'")
    before = old.database_file.read_bytes()
    told = breakeven(old.data_dir, "runs", "list")
    assert told.returncode == 2
    assert "written by a newer Breakeven" in " ".join(told.stderr.split())
    assert "Traceback" not in told.stderr
    assert old.database_file.read_bytes() == before


def write_live(store: Store, settings: Settings, plan: ProbePlan, **columns: Any) -> str:
    """A live run of this host with a hold; its id."""
    now = datetime.now(UTC)
    row = {
        "host": host_name(settings),
        "lane": "local",
        "created_at": now,
        "heartbeat_at": now,
        "planned": 9,
        "worst_case_nano_usd": 500,
        "spend_day": now.date(),
    }
    with store.write() as connection:
        add_run(connection, "deadbeefdeadbeef", plan, **(row | columns))
        ledger.reserve(connection, "deadbeefdeadbeef", 500, day_cap_nano_usd=10**9)
        add_samples(connection, "deadbeefdeadbeef", [sample()])
    return "deadbeefdeadbeef"


def test_a_live_run_that_cannot_be_read_keeps_its_seat_and_its_money(
    runs: Runs, store: Store, settings: Settings
) -> None:
    """A second probe of the local model is refused with its name, not started beside it."""
    run_id = write_live(store, settings, local_plan())
    change(settings, "plan = json_set(plan, '$.surprise', 1)", run_id)
    with pytest.raises(BusyError, match=r"this-machine \(0 of 9 requests, run deadbeefdeadbeef\)"):
        runs.start(local_plan(seed=1), rate=FREE)
    with store.read() as connection:
        assert spent_in_all(connection) == (500, 0)
    with pytest.raises(RunError, match="still live"):
        runs.delete(run_id)


@pytest.mark.parametrize("what", ["plan = '{'", "summary = '{'"])
def test_a_dead_run_that_cannot_be_read_is_ended(
    runs: Runs, store: Store, settings: Settings, what: str
) -> None:
    """Whoever lists the runs finds that its worker is gone: seat and hold are free again."""
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    run_id = write_live(store, settings, local_plan(), created_at=long_ago, heartbeat_at=long_ago)
    change(settings, f"state = 'running', {what}", run_id)
    runs.history()
    assert raw_state(settings, run_id) == "lost"
    with store.read() as connection:
        assert spent_in_all(connection) == (0, 500)


def test_a_dead_run_whose_samples_cannot_be_read_is_ended_without_numbers(
    runs: Runs, store: Store, settings: Settings
) -> None:
    """An unknown outcome in one sample must not keep a run live for ever."""
    run_id = write_live(store, settings, local_plan(), state="running")
    change(settings, "outcome = 'quantum'", run_id, "samples")
    (view,) = runs.history().runs
    assert (view.state.value, view.summary) == ("lost", None)


def raw_state(settings: Settings, run_id: str) -> str:
    """The state as it stands in the file."""
    with closing(sqlite3.connect(settings.database_file)) as database:
        query = "SELECT state FROM runs WHERE id = ?"
        return str(database.execute(query, (run_id,)).fetchone()[0])


def test_a_run_of_an_unknown_state_gives_its_hold_up_when_it_is_deleted(
    runs: Runs, store: Store, settings: Settings
) -> None:
    """Nobody knows what it spent: the rest of its hold counts as spent."""
    run_id = write_live(store, settings, local_plan())
    change(settings, "state = 'paused'", run_id)
    runs.delete(run_id)
    with store.read() as connection:
        assert spent_in_all(connection) == (0, 500)


def test_a_file_with_a_run_that_is_here_and_cannot_be_read_is_imported_around_it(
    old: Settings, old_runs: Runs
) -> None:
    """It counts as known: nothing of it is changed."""
    document = old_runs.export([VICTIM])
    change(old, "plan = '{'")
    assert old_runs.bring_in(document.encode(), "f.json").known == (VICTIM,)


def test_the_command_says_how_many_older_runs_it_leaves_out(old: Settings) -> None:
    """A list that was cut says so."""
    told = breakeven(old.data_dir, "runs", "list", "--limit", "5")
    assert f"Older runs that are not listed: {len(OLD) - 5}." in told.stderr


def test_deleting_while_others_read_gives_each_a_whole_answer_or_a_sentence(
    old_runs: Runs,
) -> None:
    """Readers list, export and measure; runs go one by one; nobody meets half a run."""
    counts = {run_id: run["samples"] for run_id, run in expected()["runs"].items()}
    finished = Event()

    def read() -> int:
        looks = 0
        while not finished.is_set():
            for view in old_runs.recent(1_000):
                with suppress(RunError):
                    assert len(old_runs.samples(view.run_id)) == counts[view.run_id]
            old_runs.measurements()
            looks += 1
        return looks

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        for run_id in counts:
            old_runs.delete(run_id)
        finished.set()
        assert all(reader.result() >= 1 for reader in readers)
    assert old_runs.history() == History((), (), 0)


def test_a_live_run_whose_row_is_damaged_blocks_its_lane_until_it_is_deleted(
    runs: Runs, store: Store, settings: Settings
) -> None:
    """Nobody knows whom it asks; only a person lets it go, and its hold then counts as spent."""
    plan = api_plan("http://127.0.0.1:9/v1")
    run_id = write_live(store, settings, plan, lane="api")
    change(settings, "done = 'abc'", run_id)
    with pytest.raises(BusyError, match=run_id):
        runs.start(api_plan("http://127.0.0.1:8/v1"), rate=FREE)
    runs.delete(run_id)
    with store.read() as connection:
        assert spent_in_all(connection) == (0, 500)
    assert not runs.history().unreadable


def test_a_live_run_that_cannot_be_read_can_be_asked_to_end(
    runs: Runs, store: Store, settings: Settings
) -> None:
    """Its worker, of whatever version, hears it; one that has ended is left alone."""
    run_id = write_live(store, settings, local_plan())
    change(settings, "plan = '{}'", run_id)
    assert runs.cancel(run_id)
    with store.read() as connection:
        assert cancel_requested(connection, run_id)
    change(settings, "state = 'done'", run_id)
    assert not runs.cancel(run_id)
