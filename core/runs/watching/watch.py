"""Detects dead workers: when somebody looks, a live run whose worker is gone is ended."""

import contextlib
import os
import platform
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from typing import Final

from core.runs.places.folders import lock_file, log_advice
from core.runs.places.liveness import is_locked
from core.runs.working.run_ending import end_dead_run
from core.settings import Settings
from core.store.open import Store
from core.store.runs import RunRow, RunState

START_GRACE: Final = timedelta(seconds=30)
"""In this time a worker that was started has taken its run over, on a slow machine too."""
SILENCE: Final = timedelta(seconds=30)
"""After so long without a heartbeat a worker on another computer counts as gone."""
HUNG_S: Final = 30.0
"""A worker whose heartbeat stands still for so long, while somebody looks, counts as hung.

By this process's monotonic clock, not by the age of the heartbeat: that is old, too, when the
computer has just woken from its sleep.
"""
FORGET_S: Final = 600.0
"""A run whose heartbeat was last seen to move so long ago is forgotten: it has ended long since."""
CANCEL_GRACE: Final = timedelta(seconds=5)
"""After so long a worker that does not end by itself is killed."""


def host_name(settings: Settings) -> str:
    """Whose processes and locks can be seen from here: this computer and data folder."""
    return f"{platform.node()}:{settings.data_dir}"[:500]


class Watch:
    """Watches the workers that were started from this process, and their like on this host."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._host = host_name(settings)
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        self._heartbeats: dict[str, tuple[datetime, float]] = {}

    def started(self, run_id: str, process: "subprocess.Popen[bytes]") -> None:
        """Remember a worker, to learn at once if it dies before it takes its run over."""
        self._started = {
            other: child for other, child in self._started.items() if child.poll() is None
        } | {run_id: process}

    def end_if_dead(self, run: RunRow) -> bool:
        """End a live run whose worker is gone, hung, or deaf to a cancellation."""
        now = datetime.now(UTC)
        asked = run.cancel_requested_at
        if self._is_gone(run, now):
            return self._end(run, RunState.LOST if asked is None else RunState.CANCELLED)
        if asked is not None and now - asked > CANCEL_GRACE and self._kill(run):
            return self._end(run, RunState.CANCELLED)
        if self._stands_still(run) and self._kill(run):
            return self._end(run, RunState.LOST)
        return False

    def end_unstarted(self, run: RunRow, sentence: str) -> None:
        """End a run for which no process could be started."""
        end_dead_run(self._store, run, RunState.FAILED, sentence)

    def _is_gone(self, run: RunRow, now: datetime) -> bool:
        if run.host != self._host:
            return now - run.heartbeat_at > SILENCE
        if run.state is not RunState.QUEUED:
            return not is_locked(lock_file(self._settings.data_dir, run.run_id))
        child = self._started.get(run.run_id)
        died = child is not None and child.poll() is not None
        return died or now - run.created_at > START_GRACE

    def _stands_still(self, run: RunRow) -> bool:
        now_s = time.monotonic()
        heartbeat, seen_s = self._heartbeats.get(run.run_id, (None, now_s))
        if heartbeat != run.heartbeat_at:
            others = {
                other: seen
                for other, seen in self._heartbeats.items()
                if now_s - seen[1] < FORGET_S
            }
            self._heartbeats = others | {run.run_id: (run.heartbeat_at, now_s)}
            return False
        return now_s - seen_s > HUNG_S

    def _kill(self, run: RunRow) -> bool:
        """Kill the worker of a run on this host; the lock proves that the process id is its."""
        if run.host != self._host or run.pid is None:
            return False
        if is_locked(lock_file(self._settings.data_dir, run.run_id)):
            # Windows has no SIGKILL; there SIGTERM ends a process as surely.
            with contextlib.suppress(OSError):
                os.kill(run.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        return True

    def _end(self, run: RunRow, state: RunState) -> bool:
        log = log_advice(self._settings.data_dir, run.run_id)
        if state is RunState.CANCELLED:
            sentence = "The run was cancelled; its worker process had to be ended from outside."
        elif run.state is RunState.QUEUED:
            sentence = f"The worker process ended before it began. Start the probe again.{log}"
        else:
            sentence = (
                f"The worker process ended unexpectedly: killed, out of memory, or hung. The "
                f"{run.done} requests stored until then are kept.{log}"
            )
        return end_dead_run(self._store, run, state, sentence)
