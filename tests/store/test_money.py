"""Money under processes that work at once, and under processes that are killed."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import text

from core.settings import Settings
from core.store import ledger
from core.store.open import Store
from tests.conftest import need
from tests.oracles.ledger_totals import spent_in_all, spent_on
from tests.store.support import NOON, write_run

RESERVE = r"""
import os, sys
from pathlib import Path
from pydantic import SecretStr
from core.settings import Settings
from core.store import ledger
from core.store.open import open_store
from tests.store.database.forks import at_once
folder, url, processes, times = sys.argv[1:]
settings = Settings(data_dir=Path(folder), database_url=SecretStr(url) if url else None)
def work(number):
    run_id, granted = f"run{number}", 0
    store = open_store(settings)
    for _ in range(int(times)):
        with store.write() as connection:
            refused = ledger.reserve(
                connection, run_id, 7, day_cap_nano_usd=1_000, total_cap_nano_usd=900
            )
            if refused is None and granted % 3 == 2:
                ledger.settle(connection, run_id, release_nano_usd=7, spend_nano_usd=5)
            if int(times) == 1:
                os.write(1, b"held\n")
                sys.stdin.readline()
        granted += refused is None
    store.close()
    return granted
if int(processes) == 1:
    work(0)
else:
    at_once(int(processes), work)
"""


def start(settings: Settings, processes: int, times: int) -> "subprocess.Popen[str]":
    """So many processes, each of which reserves so many times for a run of its own."""
    need(hasattr(os, "fork"), "a system that forks processes")
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    arguments = [str(settings.data_dir), url, str(processes), str(times)]
    return subprocess.Popen(
        [sys.executable, "-c", RESERVE, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_that_reserve_at_once_never_pass_a_cap(store: Store, settings: Settings) -> None:
    """What runs, days and the total say is the same, and never above either cap."""
    for number in range(4):
        write_run(store, f"run{number}")
    lines, _ = start(settings, processes=4, times=60).communicate(timeout=120)
    granted = [int(line) for line in lines.splitlines()]
    assert len(granted) == 4
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
    write_run(store, "run0")
    process = start(settings, processes=1, times=1)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    process.kill()
    process.communicate(timeout=60)
    with store.write() as connection:
        assert spent_in_all(connection) == (0, 0)
        assert ledger.reserve(connection, "run0", 7, day_cap_nano_usd=7) is None


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
