"""A worker that goes from test to test: one that has done its run waits for the next one."""

import time

from core.runs.service import Runs
from core.runs.starting.crew import Crew
from core.runs.starting.job import Job
from core.runs.starting.seats import API
from core.store.runs import RunState
from tests.runs.support import PATIENCE_S

SURVIVED = (RunState.DONE, RunState.FAILED)
"""After these the same worker takes another job; after the others it may be about to end."""


def hand_over_worker(runs: Runs, to: Crew) -> None:
    """Move a worker of APIs that waits to another crew; none where a run is still live.

    One of the local model may be exporting it by now.
    """
    members, deadline = runs._crew._members, time.monotonic() + PATIENCE_S
    while not runs.all_live() and time.monotonic() < deadline:
        alive = [m for m in members if m.process.poll() is None and m.lane == API]
        able = [m for m in alive if _may_go_on(runs, m.job)]
        waiting = next((m for m in able if m.waits(())), None)
        if waiting is not None:
            members.remove(waiting)
            to._members.append(waiting)
        if waiting is not None or not able:
            return
        time.sleep(0.01)


def _may_go_on(runs: Runs, job: Job | None) -> bool:
    return job is not None and runs.view(job.run_id).state in SURVIVED
