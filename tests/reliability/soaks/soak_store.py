"""Eight processes write forty times each, twenty rounds, to SQLite and to PostgreSQL.

None may be told that the database is locked, none may wait above the limit, and every write that
was confirmed must be there. A page reads all the while.
"""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from pydantic import SecretStr
from sqlalchemy import func, select, text

from core.settings import Settings
from core.store.database import waiting
from core.store.open import Store, open_store
from core.store.tables import samples
from tests.oracles.ledger_totals import spent_in_all
from tests.reliability.trial import Trial
from tests.servers.network.postgresql import PostgreSQLServer, programs_folder
from tests.store.database.crowd import Crowd, write_at_once

WRITERS: Final = 8
TIMES: Final = 40
ROUNDS: Final = 20


def main(seed: int) -> Trial:
    """Run the rounds on both databases; the seed plays no part: the system decides who is first."""
    del seed
    trial = Trial()
    folder = Path(tempfile.mkdtemp(prefix="breakeven-soak-"))
    try:
        on_one(trial, "sqlite", Settings(data_dir=folder / "sqlite"))
        programs = programs_folder()
        trial.expect(programs is not None, "PostgreSQL is not installed.")
        if programs is not None:
            with PostgreSQLServer(programs) as server:
                url = SecretStr(server.new_database())
                on_one(trial, "postgresql", Settings(data_dir=folder / "p", database_url=url))
    finally:
        shutil.rmtree(folder)
    return trial


def on_one(trial: Trial, name: str, settings: Settings) -> None:
    """All rounds on one database, and what they found."""
    store = open_store(settings)
    with looked_at(store) as looks:
        met = write_at_once(settings, WRITERS, TIMES, ROUNDS)
    waits = np.array(met.waits_s)
    trial.figures |= {
        f"{name}_writes": len(waits),
        f"{name}_longest_wait_s": round(float(waits.max()), 3),
        f"{name}_p99_wait_s": round(float(np.quantile(waits, 0.99)), 3),
        f"{name}_median_wait_s": round(float(np.median(waits)), 4),
        f"{name}_pauses": met.retries,
        f"{name}_looks_beside": len(looks),
        f"{name}_longest_look_s": round(max(looks), 3),
    }
    expect_all(trial, name, store, met)
    store.close()


def expect_all(trial: Trial, name: str, store: Store, met: Crowd) -> None:
    """Nobody was refused, nobody waited too long, nothing is missing or half there."""
    refused = len(met.faults)
    trial.figures[f"{name}_refused"] = refused
    trial.expect(not refused, f"{name}: {refused} writes failed, the first with {met.faults[:1]}.")
    longest_s = max(met.waits_s)
    trial.expect(longest_s <= waiting.LIMIT_S, f"{name}: a write waited {longest_s:.1f} s.")
    expected = WRITERS * TIMES * ROUNDS
    with store.read() as connection:
        stored = connection.scalar(select(func.count()).select_from(samples))
        held = spent_in_all(connection)[0]
        by_runs = connection.scalar(text("SELECT sum(held_nano_usd) FROM runs"))
    trial.expect(stored == expected, f"{name}: {stored} of {expected} samples are there.")
    trial.expect(held == by_runs == expected * 7, f"{name}: {held} and {by_runs} are held.")
    if name == "sqlite":
        with store.read() as connection:
            verdict = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        trial.expect(verdict == "ok", f"The database is damaged: {verdict}.")


@contextmanager
def looked_at(store: Store) -> Iterator[list[float]]:
    """Read as a page does, all the while; gives the seconds that each look took."""
    looks: list[float] = [0.0]
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.05):
            began = time.monotonic()
            with store.read() as connection:
                connection.scalar(select(func.count()).select_from(samples))
            looks.append(time.monotonic() - began)

    reader = threading.Thread(target=look)
    reader.start()
    try:
        yield looks
    finally:
        done.set()
        reader.join()
