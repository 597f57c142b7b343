"""A real PostgreSQL server on loopback for the tests of the store, thrown away afterwards."""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PATIENCE_S = 60.0


def programs_folder() -> Path | None:
    """Where initdb and postgres are: on the path, or where Debian keeps them; None without."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


class PostgreSQLServer:
    """A server with an empty cluster in a temporary folder, on a free port."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="breakeven-postgresql-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = _unprivileged_owner()
        self.port = _free_port()
        self._databases = 0

    def __enter__(self) -> Self:
        data = self._folder / "data"
        if self._owner is not None:
            shutil.chown(self._folder, self._owner)
        self._run("initdb", "-D", str(data), "-U", "tester", "-A", "trust", "-E", "UTF8", "-N")
        self._process = subprocess.Popen(
            [
                str(self._programs / "postgres"),
                *("-D", str(data), "-p", str(self.port)),
                *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"),
                *("-c", f"unix_socket_directories={self._folder}"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            **self._as_owner(),
        )
        self._wait_until_it_answers()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            # At once: it neither waits for sessions nor writes down what is deleted next.
            self._process.send_signal(getattr(signal, "SIGQUIT", signal.SIGTERM))
            self._process.wait(timeout=PATIENCE_S)
        shutil.rmtree(self._folder, ignore_errors=True)

    def new_database(self) -> str:
        """Make an empty database and give its address."""
        self._databases += 1
        name = f"test_{self._databases}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "tester", name)
        return f"postgresql://tester@127.0.0.1:{self.port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments],
            check=True,
            capture_output=True,
            cwd=self._folder,
            **self._as_owner(),
        )

    def _as_owner(self) -> dict[str, Any]:
        return {} if self._owner is None else {"user": self._owner}

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        ready = [str(self._programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, capture_output=True, check=False).returncode != 0:
            assert time.monotonic() < deadline, "PostgreSQL did not start"
            assert self._process is not None
            assert self._process.poll() is None, "PostgreSQL ended at once"
            time.sleep(0.1)


def _unprivileged_owner() -> str | None:
    """PostgreSQL refuses to run as root: root lends it another user's rights."""
    if sys.platform == "win32" or os.getuid() != 0:
        return None
    import pwd  # noqa: PLC0415 - Windows has none

    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody", getpass.getuser()) if name in names)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
