"""Files beside the database: a log and a lock for each worker."""

import contextlib
from pathlib import Path
from typing import Final

LOGS_KEPT: Final = 50


def log_file(data_dir: Path, run_id: str) -> Path:
    """What a worker prints; empty where nothing went wrong."""
    return data_dir / "logs" / f"{run_id}.log"


def models_folder(data_dir: Path) -> Path:
    """Models that were exported for a quicker engine."""
    return data_dir / "models"


def lock_file(data_dir: Path, run_id: str) -> Path:
    """Locked as long as the worker lives."""
    return data_dir / "locks" / f"{run_id}.lock"


def prune_logs(data_dir: Path) -> None:
    """Keep the newest logs."""
    logs = sorted(
        (data_dir / "logs").glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True
    )
    for path in logs[LOGS_KEPT:]:
        _remove(path)


def remove_files(data_dir: Path, run_id: str) -> None:
    """Remove what a finished run left beside the database."""
    _remove(log_file(data_dir, run_id))
    _remove(lock_file(data_dir, run_id))


def _remove(path: Path) -> None:
    # Gone already, or open, which Windows does not remove: no harm either way.
    with contextlib.suppress(OSError):
        path.unlink()


def log_advice(data_dir: Path, run_id: str) -> str:
    """Where to look, where there is something to see."""
    log = log_file(data_dir, run_id)
    try:
        return f" Its log: {log}" if log.stat().st_size else ""
    except OSError:
        return ""
