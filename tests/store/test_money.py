"""Money under processes that work at once, and under processes that are killed."""

import subprocess
import sys
from collections.abc import Sequence

import pytest
from sqlalchemy import text

from core.settings import Settings
from core.store import ledger
from core.store.open import Store
from tests.oracles.ledger_totals import spent_in_all, spent_on
from tests.store.support import NOON, write_run

RESERVE = r"""
import sys
from pathlib import Path
from pydantic import SecretStr
from core.settings import Settings
from core.store import ledger
from core.store.open import open_store
folder, url, run_id, times = sys.argv[1:]
store = open_store(
    Settings(data_dir=Path(folder), database_url=SecretStr(url) if url else None)
)
print("ready", flush=True)
sys.stdin.readline()
granted = 0
for _ in range(int(times)):
    with store.write() as connection:
        refused = ledger.reserve(
            connection, run_id, 7, day_cap_nano_usd=1_000, total_cap_nano_usd=900
        )
        if refused is None and granted % 3 == 2:
            ledger.settle(connection, run_id, release_nano_usd=7, spend_nano_usd=5)
        if int(times) == 1:
            print("held", flush=True)
            sys.stdin.readline()
    granted += refused is None
print(granted, flush=True)
"""


def start(settings: Settings, run_id: str, times: int) -> "subprocess.Popen[str]":
    """A process that reserves for a run so many times, once it is told to."""
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    process = subprocess.Popen(
        [sys.executable, "-c", RESERVE, str(settings.data_dir), url, run_id, str(times)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def finish(processes: Sequence["subprocess.Popen[str]"]) -> list[int]:
    """Let all go at once; what each was granted."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [int(process.communicate(timeout=120)[0]) for process in processes]


def test_processes_that_reserve_at_once_never_pass_a_cap(store: Store, settings: Settings) -> None:
    """What runs, days and the total say is the same, and never above either cap."""
    for number in range(4):
        write_run(store, f"run{number}")
    granted = finish([start(settings, f"run{number}", 60) for number in range(4)])
    with store.read() as connection:
        day = spent_on(connection, NOON.date())
        total = spent_in_all(connection)
        by_runs = connection.execute(
            text("SELECT sum(held_nano_usd), sum(spent_nano_usd) FROM runs")
        ).one()
    assert day == total == tuple(by_runs)
    settled = sum(count // 3 for count in granted)
    assert day == ((sum(granted) - settled) * 7, settled * 5)
    assert 900 - 7 < sum(day) <= 900


def test_a_process_that_is_killed_while_it_reserves_holds_nothing(
    store: Store, settings: Settings
) -> None:
    """Its transaction was never committed: nothing is held, and nobody waits for its lock."""
    write_run(store, "run")
    process = start(settings, "run", 1)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    assert process.stdout.readline() == "held\n"
    process.kill()
    process.communicate(timeout=60)
    with store.write() as connection:
        assert spent_in_all(connection) == (0, 0)
        assert ledger.reserve(connection, "run", 7, day_cap_nano_usd=7) is None


def moneys(store: Store) -> list[tuple[int, int]]:
    """Held and spent by the run, on its day and in all."""
    with store.read() as connection:
        run = connection.execute(text("SELECT held_nano_usd, spent_nano_usd FROM runs")).one()
        day = spent_on(connection, NOON.date())
        return [(run[0], run[1]), day, spent_in_all(connection)]


@pytest.mark.parametrize(
    ("caps", "forbidden_by"),
    [((10, 9), "total"), ((9, 10), "day"), ((10, 10), None), ((10, None), None)],
)
def test_what_a_cap_forbids_is_held_nowhere(
    store: Store, caps: tuple[int, int | None], forbidden_by: str | None
) -> None:
    """7 more after 3 spent: a cap of 10 lets them, one of 9 does not."""
    write_run(store, "run")
    day, total = caps
    with store.write() as connection:
        assert ledger.reserve(connection, "run", 3, day_cap_nano_usd=3) is None
        ledger.settle(connection, "run", release_nano_usd=3, spend_nano_usd=3)
        refused = ledger.reserve(
            connection, "run", 7, day_cap_nano_usd=day, total_cap_nano_usd=total
        )
    assert refused == forbidden_by
    assert moneys(store) == [(0 if refused else 7, 3)] * 3


def test_a_bill_moves_from_held_to_spent_everywhere(store: Store) -> None:
    """Of 10 held 4 are released, and 5 were billed: 6 are held and 5 spent."""
    write_run(store, "run")
    with store.write() as connection:
        ledger.reserve(connection, "run", 10, day_cap_nano_usd=10)
        ledger.settle(connection, "run", release_nano_usd=4, spend_nano_usd=5)
    assert moneys(store) == [(6, 5)] * 3


def test_runs_of_one_day_share_its_money_and_keep_their_own(store: Store) -> None:
    """What one run holds or was billed is no other's; a day without runs has spent nothing."""
    for run_id in ("one", "other"):
        write_run(store, run_id)
    with store.write() as connection:
        assert spent_on(connection, NOON.date()) == (0, 0)
        for run_id, amount in (("one", 4), ("other", 5)):
            ledger.reserve(connection, run_id, amount, day_cap_nano_usd=10)
        ledger.close(connection, "one", spend_the_rest=True)
        by_run = connection.execute(
            text("SELECT id, held_nano_usd, spent_nano_usd FROM runs ORDER BY id")
        ).all()
        assert [tuple(row) for row in by_run] == [("one", 0, 4), ("other", 5, 0)]
        assert spent_on(connection, NOON.date()) == (5, 4)
