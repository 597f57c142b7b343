"""Many processes that write to one store at once, and what each of them waited."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Final

from core.settings import Settings
from tests.conftest import need

WRITE: Final = r"""
import sys, time
from pathlib import Path
from pydantic import SecretStr
from core.settings import Settings
from core.store import ledger
from core.store.database import waiting
from core.store.open import open_store
from core.store.runs import change_run
from core.store.samples import add_samples
from tests.store.database.forks import at_once
from tests.store.support import sample, write_run
folder, url, writers, times, rounds = sys.argv[1:]
settings = Settings(data_dir=Path(folder), database_url=SecretStr(url) if url else None)
retries = 0
pause = waiting.Waiting.pause
def counted(self):
    global retries
    retries += 1
    return pause(self)
waiting.Waiting.pause = counted
def work(name):
    waits, faults, done = [], [], 0
    store = open_store(settings)
    for number in range(int(times)):
        began = time.monotonic()
        try:
            if number == 0:
                write_run(store, name)
            with store.write() as connection:
                add_samples(connection, name, [sample(number)])
                ledger.reserve(connection, name, 7, day_cap_nano_usd=10**12)
                change_run(connection, name, done=number + 1)
            done += 1
        except Exception as error:
            faults.append(f"{type(error).__name__}: {error}"[:200])
        waits.append(round(time.monotonic() - began, 4))
    store.close()
    return {"waits": waits, "faults": faults[:5], "retries": retries, "done": done}
def work_or_fault(name):
    try:
        return work(name)
    except Exception as error:
        return {"waits": [], "faults": [repr(error)], "retries": 0, "done": 0}
for round_ in range(int(rounds)):
    at_once(int(writers), lambda number: work_or_fault(f"r{round_}-{number}"))
"""
"""A line of JSON for each writer."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """What all writers of all rounds met."""

    waits_s: list[float]
    """Of each write, from the wish to the commit."""
    faults: list[str]
    retries: int
    done: int


def write_at_once(settings: Settings, writers: int, times: int, rounds: int = 1) -> Crowd:
    """Let so many processes write so many times each, those of a round from the same moment on."""
    need(hasattr(os, "fork"), "a system that forks processes")
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    arguments = [str(settings.data_dir), url, str(writers), str(times), str(rounds)]
    done = subprocess.run(
        [sys.executable, "-c", WRITE, *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=1_800,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == writers * rounds, done.stderr
    return Crowd(
        [wait for one in told for wait in one["waits"]],
        [fault for one in told for fault in one["faults"]],
        sum(one["retries"] for one in told),
        sum(one["done"] for one in told),
    )
