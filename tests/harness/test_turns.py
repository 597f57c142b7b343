"""Tests that run in several processes, and those that have the computer to themselves."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

SCRIPT = """
import sys, time
from tests.harness.turns import turn
name, log, alone, number = sys.argv[1], sys.argv[2], sys.argv[3] == "alone", int(sys.argv[4])
for _ in range(number):
    with turn(alone=alone):
        with open(log, "a") as file: file.write(f"{name} in\\n")
        time.sleep(0.01)
        with open(log, "a") as file: file.write(f"{name} out\\n")
"""


def run_beside(log: Path, *workers: tuple[str, str, int]) -> list[str]:
    """What happened in which order while these ran at once."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, name, str(log), kind, str(number)],
            cwd=Path(__file__).parents[2],
            env=os.environ
            | {
                "PYTEST_XDIST_WORKER": name,
                "PYTEST_XDIST_WORKER_COUNT": str(len(workers)),
                "PYTEST_XDIST_TESTRUNUID": log.parent.name,
                "TMPDIR": str(log.parent),
                "TEMP": str(log.parent),
            },
        )
        for name, kind, number in workers
    ]
    assert all(process.wait(timeout=60) == 0 for process in running)
    return log.read_text().splitlines()


def test_who_is_alone_has_nobody_beside_it(tmp_path: Path) -> None:
    """Between its coming and going nothing else happens, and it waits for no more than a test."""
    told = run_beside(tmp_path / "log", ("gw0", "alone", 20), ("gw1", "together", 200))
    for at, line in enumerate(told):
        if line == "gw0 in":
            assert told[at + 1] == "gw0 out"
    last = max(at for at, line in enumerate(told) if line.startswith("gw0"))
    assert last < len(told) - 1
    assert (told.count("gw0 in"), told.count("gw1 in")) == (20, 200)


def test_others_run_side_by_side(tmp_path: Path) -> None:
    """Two ordinary tests do not wait for each other."""
    told = run_beside(tmp_path / "log", ("gw0", "together", 100), ("gw1", "together", 100))
    assert any(one.endswith("in") and two.endswith("in") for one, two in pairwise(told))
