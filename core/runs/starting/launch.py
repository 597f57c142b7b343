"""Starts the worker process: outside the page's session, without its secrets."""

import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from core.errors import RunError
from core.runs.places.folders import log_file, prune_logs
from core.runs.trust.secret_names import SECRET_NAME

COMMAND: Final = ("-P", "-m", "core.runs.working")
"""-P: a file of the current folder must not stand in for a module."""

OWN_NAME: Final = re.compile(r"BREAKEVEN_", re.IGNORECASE)
"""Settings reach a worker with its job."""


WAITING: Final = "waiting"
"""Argument of a worker that is started before there is a job for it, and the name of its log."""


def launch(data_dir: Path, run_id: str, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Start a worker, to be handed the job of this run first; :data:`WAITING` for none yet.

    Raises RunError where no process starts.
    """
    log = log_file(data_dir, run_id)
    more = [WAITING] if run_id == WAITING else []
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        prune_logs(data_dir)
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, *COMMAND, *more],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                **_own_group(),
            )
    except OSError as error:
        raise RunError(f"The probe's process could not be started: {error.strerror}.") from error
    # Collects the exit status as soon as there is one: a dead child must not look alive.
    threading.Thread(target=process.wait, name=f"wait-{run_id}", daemon=True).start()
    return process


def worker_environment(environment: Mapping[str, str], secrets: tuple[str, ...]) -> dict[str, str]:
    """The page's environment without anything secret: others may read a process's environment."""
    return {
        name: value
        for name, value in environment.items()
        if not SECRET_NAME.search(name)
        and not OWN_NAME.search(name)
        and not any(secret in value for secret in secrets if secret)
    }


def _own_group() -> dict[str, Any]:
    """Ctrl-C in a terminal reaches the owner alone, who ends its probes in order."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def hand_over(process: "subprocess.Popen[bytes]", document: bytes) -> bool:
    """Write a job to a worker's standard input; False where it no longer listens.

    Of a worker that was just started, whoever looks at the run will see that, and its log.
    """
    try:
        assert process.stdin is not None  # noqa: S101  launched with a pipe
        process.stdin.write(document + b"\n")
        process.stdin.flush()
    except (OSError, ValueError):  # ValueError: closed from this side
        return False
    return True
