"""Money under processes that work at once, and under processes that are killed."""

import subprocess
import sys
from collections.abc import Sequence

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
