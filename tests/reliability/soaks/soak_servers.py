"""Real servers of others, each in an environment of its own: made here, started, recognised, asked.

They want other versions of packages than ours, so the check skips them. An environment is kept in
``build/servers/`` and made only once; a variable that names a program goes before it.
"""

import os
import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks.report import say
from tests.probe.test_infinity import VARIABLE as INFINITY
from tests.probe.test_litellm import VARIABLE as LITELLM
from tests.reliability.trial import Trial

ROOT: Final = Path(__file__).resolve().parents[3]
KEPT: Final = ROOT / "build" / "servers"
SCRIPTS: Final = "Scripts" if sys.platform == "win32" else "bin"
MOST_SHOWN: Final = 400
INSTALL_S: Final = 3_600
ASK_S: Final = 600


@dataclass(frozen=True, slots=True)
class Server:
    """Somebody's server, as it is installed and tried."""

    name: str
    variable: str
    """Names its program to the test."""
    program: str
    test: str
    packages: tuple[str, ...]
    """As they were found to work together."""


SERVERS: Final = (
    Server(
        name="litellm",
        variable=LITELLM,
        program="litellm",
        test="tests/probe/test_litellm.py",
        packages=("litellm[proxy]==1.108.7", "prisma==0.15.0"),
    ),
    Server(
        name="infinity",
        variable=INFINITY,
        program="infinity_emb",
        test="tests/probe/test_infinity.py",
        packages=(
            *("infinity-emb==0.0.78", "torch", "numpy<2", "typer<0.16", "click<8.2"),
            *("transformers<4.50", "sentence-transformers<4", "optimum<1.24", "fastapi"),
            *("uvicorn", "posthog", "prometheus-fastapi-instrumentator"),
        ),
    ),
)


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


def _program(server: Server) -> tuple[Path, str]:
    """The program, installed where it is not there, and what went wrong, "" for nothing."""
    if named := os.environ.get(server.variable):
        return Path(named), ""
    folder = KEPT / server.name / SCRIPTS
    program = folder / server.program
    if program.exists():
        return program, ""
    say(f"{server.name}: its environment is made in {folder.parent}")
    venv.create(folder.parent, with_pip=True, clear=True)
    install = [str(folder / "python"), "-m", "pip", "install", "-q", *server.packages]
    done = subprocess.run(
        install, capture_output=True, text=True, timeout=INSTALL_S, check=False, env=_outside()
    )
    return program, "" if done.returncode == 0 else done.stderr.strip()[-MOST_SHOWN:]


def _fault_of_test(server: Server, program: Path) -> str:
    """The end of what its test says where it does not pass; "" where it does."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-rs", server.test]
    own = dict(os.environ) | {server.variable: str(program)}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=ASK_S, check=False, cwd=ROOT, env=own
    )
    passed = done.returncode == 0 and "skipped" not in done.stdout
    return "" if passed else done.stdout.strip()[-MOST_SHOWN:]


def _outside() -> dict[str, str]:
    """Our environment without what leads into our own packages."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
