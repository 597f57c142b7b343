"""A worker lives as long as its lock is held."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import RunError
from core.runs.places.liveness import is_locked, kept_locked
from tests.reliability.soaks.soak_kills import kill_in_rounds

HOLD = """
import sys
from pathlib import Path
from core.runs.places.liveness import kept_locked
with kept_locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_is_seen_from_outside_while_it_is_held(tmp_path: Path) -> None:
    """Held inside the block, free after it, and its file is tidied away."""
    path = tmp_path / "locks" / "a.lock"
    assert not is_locked(path)
    with kept_locked(path):
        assert is_locked(path)
    assert not path.exists()
    assert not is_locked(path)


def test_looking_makes_no_file(tmp_path: Path) -> None:
    """Who asks after a run that never was leaves nothing behind."""
    assert not is_locked(tmp_path / "a.lock")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_nobody_holds_is_free(tmp_path: Path) -> None:
    """What a killed worker leaves behind does not look alive."""
    path = tmp_path / "a.lock"
    path.touch()
    assert not is_locked(path)


def test_the_system_frees_the_lock_of_a_killed_process(tmp_path: Path) -> None:
    """However a process ends, its lock is free."""
    path = tmp_path / "a.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        assert is_locked(path)
        holder.kill()
        holder.wait()
    assert not is_locked(path)


def test_a_second_worker_of_one_run_is_refused(tmp_path: Path) -> None:
    """Two processes cannot work on one run."""
    path = tmp_path / "a.lock"
    with kept_locked(path), pytest.raises(RunError, match="Another process"), kept_locked(path):
        pass


def test_workers_that_are_killed_at_random_lose_no_committed_sample() -> None:
    """Three of the rounds of `python -m tests.reliability kills`."""
    trial = kill_in_rounds(seed=2, rounds=3)
    assert trial.passed, trial.faults
