"""A Streamlit server of its own process on loopback, for as long as a benchmark needs it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "dashboard" / "app.py"
START_LIMIT_S = 300.0
"""A server that never starts is found out by this alone: a busy computer may take minutes."""
POLL_S = 0.01


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs."""

    url: str
    healthy_s: float
    """Seconds from its start until it was healthy."""
    pid: int

    def processor_s(self) -> float | None:
        """Processor time that it has used so far, in ticks of some 10 ms; None but on Linux."""
        if sys.platform != "linux":
            return None
        # The name of the process, in brackets, may hold spaces.
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        user, system = fields.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def streamlit(*command: str, listens: str = "127.0.0.1") -> Iterator[tuple[str, float]]:
    """As ``served``: its address, and the seconds until it was healthy."""
    with served(*command, listens=listens) as server:
        yield server.url, server.healthy_s


@contextmanager
def served(*command: str, listens: str = "127.0.0.1", data: Path | None = None) -> Iterator[Served]:
    """Run ``python -m streamlit <command>`` for as long as the block lasts.

    ``listens``: the address at which it listens; 127.0.0.1 must be among what that is.
    The page's data folder is ``data`` or a new one, so that nothing of the user's is read or
    written.
    Raises TimeoutError if the server is not healthy within START_LIMIT_S.
    """
    with tempfile.TemporaryDirectory() as folder:
        url = f"http://127.0.0.1:{_free_port()}"
        began = time.perf_counter()
        server = subprocess.Popen(
            _command(command, port=url.rsplit(":", 1)[1], listens=listens),
            cwd=ROOT,
            env=os.environ | {"BREAKEVEN_DATA_DIR": str(data or folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_until_healthy(url, server)
            yield Served(url, time.perf_counter() - began, server.pid)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _command(command: Sequence[str], port: str, listens: str) -> list[str]:
    # The same for both sides of a comparison, whatever the project's own configuration says.
    options = {
        "server.port": port,
        "server.address": listens,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "streamlit", *command, *flags]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.perf_counter() + START_LIMIT_S
    while time.perf_counter() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"The server ended with status {server.returncode}.")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):  # noqa: S310 -- ours
                return
        except OSError:  # nobody there yet, closed again, or too busy to answer in time
            time.sleep(POLL_S)
    raise TimeoutError(f"The server at {url} was not healthy within {START_LIMIT_S:.0f} s.")
