"""The pool of warm worker processes: the next run of their kind begins at once.

A worker imports for half a second, and the local model takes seconds to load. So a worker that
has done its run waits for another, one of each lane, until it has waited long enough or until its
owner ends: its standard input closes with that, however it ends, and a live run is cancelled.
"""

import os
import subprocess
import threading
import time
import weakref
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.runs.places.folders import lock_file
from core.runs.places.liveness import is_locked
from core.runs.starting.launch import WAITING, hand_over, launch, worker_environment

if TYPE_CHECKING:  # a worker that is made ready needs no job, and waits for no import of it
    from core.runs.starting.job import Job

Process = subprocess.Popen[bytes]
LiveIds = Callable[[], Collection[str]]
"""Ids of the runs that are live here, asked when they are needed: a list grows old."""

KEPT_PER_LANE: Final = 1
"""Workers that wait; each holds memory, with the local model half a gigabyte."""


ANY: Final = ""


@dataclass(slots=True)
class _Member:
    process: Process
    environment: dict[str, str]
    """As it was started: it must hold no secret of a later job either."""
    lane: str
    """The lane that it works for; :data:`ANY` until its first job."""
    job: "Job | None"

    def waits(self, live: Collection[str]) -> bool:
        """Whether it has done its run and could take another."""
        if self.process.poll() is not None:
            return False
        if self.job is None:
            return True
        if self.job.run_id in live:
            return False
        return not is_locked(lock_file(self.job.data_dir, self.job.run_id))

    def dismiss(self) -> None:
        """Let it end now: a run that it has is cancelled."""
        if self.process.stdin is not None:
            with suppress(OSError):
                self.process.stdin.close()


class Crew:
    """The workers that one process has started. May be used by several threads."""

    def __init__(self) -> None:
        self._members: list[_Member] = []
        self._lock = threading.Lock()
        # Also where nobody closes it: a page's process that drops its runs must leave no workers.
        self.dismiss: Final[Callable[[], object]] = weakref.finalize(self, _dismiss, self._members)
        """Let every worker end now. Does not wait."""

    @property
    def run_ids(self) -> frozenset[str]:
        """Of each worker the last run that it was given."""
        return frozenset(m.job.run_id for m in self._members if m.job is not None)

    def wait(self, run_ids: Collection[str], patience_s: float) -> None:
        """Wait until the workers of these runs have ended; kill what has not after so long."""
        deadline = time.monotonic() + patience_s
        for member in list(self._members):
            if member.job is not None and member.job.run_id in run_ids:
                try:
                    member.process.wait(max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    member.process.kill()
                    member.process.wait()

    def begin(self, job: "Job", lane: str, live_ids: LiveIds) -> Process:
        """Give the job to a worker of its lane that waits, or to a new one.

        Raises RunError where no process starts.
        """
        with self._lock:
            live = {*live_ids(), job.run_id}
            self._thin_out(live)
            member = next((m for m in self._members if self._suits(m, job, lane, live)), None)
            if member is not None and hand_over(member.process, job.document()):
                member.job, member.lane = job, lane
                return member.process
            environment = worker_environment(os.environ, job.secrets)
            member = _Member(launch(job.data_dir, job.run_id, environment), environment, lane, job)
            self._members.append(member)
            hand_over(member.process, job.document())
            return member.process

    def make_ready(self, data_dir: Path, live_ids: LiveIds, secrets: tuple[str, ...] = ()) -> None:
        """Start a worker before there is a job, unless one waits: the next run begins at once.

        ``secrets``: of that job, as far as they are known already; its environment has none of
        them. Raises RunError where no process starts.
        """
        with self._lock:
            live = live_ids()
            if any(member.waits(live) for member in self._members):
                return
            environment = worker_environment(os.environ, secrets)
            process = launch(data_dir, WAITING, environment)
            self._members.append(_Member(process, environment, ANY, None))

    def drop_unused(self) -> None:
        """End at once every worker that never got a job: it has nothing to lose."""
        for member in self._members:
            if member.job is None:
                member.process.terminate()

    @staticmethod
    def _suits(member: _Member, job: "Job", lane: str, live: Collection[str]) -> bool:
        values = member.environment.values()
        clean = not any(secret in value for value in values for secret in job.secrets if secret)
        return member.lane in {lane, ANY} and clean and member.waits(live)

    def _thin_out(self, live: Collection[str]) -> None:
        """Forget who has ended; of those who wait, keep the newest of each lane."""
        waiting: dict[str, int] = {}
        remaining = []
        for member in reversed(self._members):
            if member.process.poll() is not None:
                member.dismiss()
                continue
            if member.waits(live):
                waiting[member.lane] = waiting.get(member.lane, 0) + 1
                if waiting[member.lane] > KEPT_PER_LANE:
                    member.dismiss()
                    continue
            remaining.append(member)
        self._members[:] = reversed(remaining)


def _dismiss(members: list[_Member]) -> None:
    for member in members:
        member.dismiss()
