"""Real servers of others, each in an environment of its own: made here, started, recognised, asked.

They want other versions of packages than ours. An environment is kept in ``build/servers/`` and
made only once; a variable that names a program goes before it.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from tests.benchmarks.report import say
from tests.reliability.own_servers import MOST_SHOWN, SERVERS, OwnServer, make
from tests.reliability.trial import Trial

ROOT: Final = Path(__file__).resolve().parents[3]
KEPT: Final = ROOT / "build" / "servers"
ASK_S: Final = 600


def main(seed: int) -> Trial:
    """Try every server; nothing is drawn. Figures: seconds of making, and of the test."""
    del seed
    trial = Trial()
    for server in SERVERS:
        began = time.perf_counter()
        program, fault = _program(server)
        trial.figures[f"{server.name}, made in s"] = round(time.perf_counter() - began, 1)
        if fault:
            trial.faults.append(f"{server.name} could not be installed: {fault}")
            continue
        began = time.perf_counter()
        fault = _fault_of_test(server, program)
        trial.figures[f"{server.name}, tried in s"] = round(time.perf_counter() - began, 1)
        trial.expect(not fault, f"{server.name}: {fault}")
    return trial


def _program(server: OwnServer) -> tuple[Path, str]:
    """The program, installed where it is not there, and what went wrong, "" for nothing."""
    if named := os.environ.get(server.variable):
        return Path(named), ""
    say(f"{server.name}: its environment is in {KEPT / server.name}")
    return make(server, KEPT / server.name)


def _fault_of_test(server: OwnServer, program: Path) -> str:
    """The end of what its test says where it does not pass; "" where it does."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-rs", server.test]
    own = dict(os.environ) | {server.variable: str(program)}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=ASK_S, check=False, cwd=ROOT, env=own
    )
    passed = done.returncode == 0 and "skipped" not in done.stdout
    return "" if passed else done.stdout.strip()[-MOST_SHOWN:]
