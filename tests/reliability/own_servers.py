"""Real servers of others, each in an environment of its own: they want other packages than ours.

``python tests/reliability/own_servers.py NAME FOLDER`` makes one and prints its program: it needs
nothing but Python, so that the check may call it before ours is installed. With uv at hand that
takes seconds, with pip minutes.
"""

import importlib.util
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SCRIPTS: Final = "Scripts" if sys.platform == "win32" else "bin"
MOST_SHOWN: Final = 400
INSTALL_S: Final = 3_600


@dataclass(frozen=True, slots=True)
class OwnServer:
    """Somebody's server, as it is installed and tried."""

    name: str
    variable: str
    """Names its program to the test."""
    program: str
    test: str
    packages: tuple[str, ...]
    """As they were found to work together."""


LITELLM: Final = OwnServer(
    name="litellm",
    variable="BREAKEVEN_TEST_LITELLM",
    program="litellm",
    test="tests/probe/test_litellm.py",
    packages=("litellm[proxy]==1.108.7", "prisma==0.15.0"),
)
INFINITY: Final = OwnServer(
    name="infinity",
    variable="BREAKEVEN_TEST_INFINITY",
    program="infinity_emb",
    test="tests/probe/test_infinity.py",
    packages=(
        *("infinity-emb==0.0.78", "torch", "numpy<2", "typer<0.16", "click<8.2"),
        *("transformers<4.50", "sentence-transformers<4", "optimum<1.24", "fastapi<0.116"),
        *("uvicorn", "httptools", "orjson", "posthog", "prometheus-fastapi-instrumentator"),
        "pyarrow<20",
    ),
)
SERVERS: Final = (LITELLM, INFINITY)


def make(server: OwnServer, folder: Path) -> tuple[Path, str]:
    """The program in an environment, made where it is not there; and what went wrong, or ""."""
    program = folder / SCRIPTS / server.program
    if program.exists():
        return program, ""
    with_uv = importlib.util.find_spec("uv") is not None
    venv.create(folder, with_pip=not with_uv, clear=True)
    own = folder / SCRIPTS / "python"
    pip = [str(own), "-m", "pip", "install", "-q"]
    uv = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", str(own)]
    done = subprocess.run(
        [*(uv if with_uv else pip), *server.packages],
        capture_output=True,
        text=True,
        timeout=INSTALL_S,
        check=False,
        env=own_environment(),
    )
    return program, "" if done.returncode == 0 else done.stderr.strip()[-MOST_SHOWN:]


def own_environment(**variables: str) -> dict[str, str]:
    """The environment of a program that has packages of its own: ours stay out of its way."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return own | variables


def main(name: str, folder: str) -> int:
    """Make one, and print its program; 1 where that fails."""
    server = next(one for one in SERVERS if one.name == name)
    program, fault = make(server, Path(folder))
    sys.stderr.write(fault)
    sys.stdout.write("" if fault else f"{program}\n")
    return int(bool(fault))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
