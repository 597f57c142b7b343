"""A copy of the project in which mutmut works, one for each room."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.mutation.mutants import Mutant
from tests.mutation.plain import plain
from tests.mutation.rooms import ROOT, Room

BUILT: Final = ROOT / "build" / "mutants"
KILLED: Final = frozenset((1, 3))
TIMED_OUT: Final = frozenset((-24, 24, 152, 255, 36))


def prepared(room: Room) -> Path:
    """Make a fresh copy with the room's code made plain, and mutmut's settings in it."""
    folder = BUILT / room.name
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("core", "tests"):
        kept_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, folder / part, ignore=kept_out)
    shutil.copy2(ROOT / "pyproject.toml", folder)
    for path in room.files():
        (folder / path).write_text(plain((ROOT / path).read_text("utf-8")), "utf-8")
    (folder / "setup.cfg").write_text(_settings(room), "utf-8")
    return folder


def tried(folder: Path, seed: int, share: float, only: str) -> tuple[int, dict[Mutant, str]]:
    """Run mutmut over a draw; return how many there are to draw from, and each one's fate."""
    command = [sys.executable, "-m", "tests.mutation.tool", str(seed), str(share), only]
    away = ("PYTHONPATH", "PYTEST_ADDOPTS")
    environment = {name: value for name, value in os.environ.items() if name not in away}
    with (folder / "mutmut.log").open("w") as log:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdout=log, stderr=log, check=False
        )
    drawn = [json.loads(path.read_text("utf-8")) for path in (folder / "drawn").glob("*.json")]
    mutants = [Mutant(**row) for one in drawn for row in one["mutants"]]
    if done.returncode and mutants:
        raise SystemExit(f"mutmut failed: see {folder / 'mutmut.log'}")
    codes = _exit_codes(folder)
    return sum(one["count"] for one in drawn), {m: _fate(codes[m.key]) for m in mutants}


def _exit_codes(folder: Path) -> dict[str, int | None]:
    codes: dict[str, int | None] = {}
    for path in (folder / "mutants").rglob("*.py.meta"):
        codes |= json.loads(path.read_text("utf-8"))["exit_code_by_key"]
    return codes


def _fate(code: int | None) -> str:
    if code in KILLED:
        return "killed"
    if code in TIMED_OUT:
        return "timeout"
    return {0: "survived", 33: "no test", None: "not tried"}.get(code, f"exit status {code}")


def _settings(room: Room) -> str:
    """Return mutmut's settings: one process with few examples a mutant, and a limit of time."""
    lists = {
        "source_paths": ["core"],
        "only_mutate": [str(path) for path in room.files()],
        "pytest_add_cli_args": ["-n", "0", "-p", "tests.mutation.quick", "-p", "no:cacheprovider"],
        "pytest_add_cli_args_test_selection": [str(path) for path in room.test_files()],
    }
    lines = ["[mutmut]", "process_isolation = forkserver", "track_dependencies = false"]
    lines += ["timeout_multiplier = 4.0", "timeout_constant = 10.0"]
    for name, values in lists.items():
        lines.append(f"{name} =")
        lines += [f"    {value}" for value in values]
    return "\n".join(lines) + "\n"
