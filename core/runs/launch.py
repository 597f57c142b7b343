"""Starts the worker process: outside the page's session, without its secrets."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from core.errors import RunError
from core.runs.folders import log_file, prune_logs
from core.runs.job import Job

COMMAND: Final = ("-P", "-m", "core.runs.worker")
"""-P: a file of the current folder must not stand in for a module."""

SECRET_NAME: Final = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL|BREAKEVEN_", re.IGNORECASE)


def launch(job: Job) -> "subprocess.Popen[bytes]":
    """Start the worker and hand it the job. Raises RunError where no process can be started."""
    log = log_file(job.data_dir, job.run_id)
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        prune_logs(job.data_dir)
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, *COMMAND],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=worker_environment(os.environ, job.secrets),
                **_own_group(),
            )
    except OSError as error:
        raise RunError(f"The probe's process could not be started: {error.strerror}.") from error
    _hand_over(process, job.document())
    # Collects the exit status as soon as there is one: a dead child must not look alive.
    threading.Thread(target=process.wait, name=f"wait-{job.run_id}", daemon=True).start()
    return process


def worker_environment(environment: Mapping[str, str], secrets: tuple[str, ...]) -> dict[str, str]:
    """The page's environment without anything secret: others may read a process's environment."""
    return {
        name: value
        for name, value in environment.items()
        if not SECRET_NAME.search(name) and not any(secret in value for secret in secrets if secret)
    }


def _own_group() -> dict[str, Any]:
    """Ctrl-C in the page's terminal stops the page; the probe finishes what was paid for."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def _hand_over(process: "subprocess.Popen[bytes]", document: bytes) -> None:
    if process.stdin is None:
        raise RunError("The probe's process has no standard input.")
    try:
        with process.stdin as pipe:
            pipe.write(document)
    except OSError:
        # It died at once; whoever looks at the run will see that, and its log.
        return


def log_advice(data_dir: Path, run_id: str) -> str:
    """Where to look, where there is something to see."""
    log = log_file(data_dir, run_id)
    try:
        return f" Its log: {log}" if log.stat().st_size else ""
    except OSError:
        return ""
