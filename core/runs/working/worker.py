"""The worker process: ``python -m core.runs.working``, one run after another.

Reads JSON documents (:class:`core.runs.starting.job.Job`), one a line, from standard input, so that
the key is in no argument and no environment. Says everything else through the store. It ends when
its input closes or a signal asks for it, and a live run is cancelled then; when a run goes wrong
beyond its own sentence; or when it has waited long.
"""

import io
import os
import sys
import threading
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

from pydantic import ValidationError

from core.errors import BreakevenError
from core.runs.places.folders import lock_file, log_file, prune_logs
from core.runs.places.liveness import kept_locked
from core.runs.secrets.secrecy import ScrubbedStream, Scrubber
from core.runs.starting.job import Job
from core.runs.starting.launch import WAITING
from core.runs.working.carry_out import Worker
from core.runs.working.kept_engines import Engines
from core.runs.working.open_files import allow_open_files
from core.runs.working.stop import OWNER_GONE, Stop, heed_signals
from core.store.open import Store, open_store
from core.store.runs import RunState, StoredRun, change_run, get_run

SWITCH_INTERVAL_S: Final = 0.0005
"""How long the reporter may keep the event loop waiting; Python's own 5 ms would be a latency."""

PIPE_BYTES: Final = 65_536
END: Final = b""
"""No line: the other side has closed our input."""

IDLE_S: Final = 900.0
"""How long a worker waits for another run."""
QUIET_S: Final = 1.0
"""After so long without a next run there is time to export the model."""


def main() -> None:
    """Read jobs and do them, and leave their ends in the store."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    lines: SimpleQueue[bytes] = SimpleQueue()
    stop, engines = Stop(), Engines()
    heed_signals(stop, lines, END)
    threading.Thread(target=_read_lines, args=(lines, stop), daemon=True).start()
    with suppress(Empty):
        document = lines.get(timeout=IDLE_S)
        has_its_log = WAITING not in sys.argv
        while document != END or has_its_log:
            job = _job(document)
            if not has_its_log:
                _turn_to_log(log_file(job.data_dir, job.run_id))
            _do(job, engines, stop)
            has_its_log = False
            document = _next(lines, engines)


def _read_lines(lines: "SimpleQueue[bytes]", stop: Stop) -> None:
    """In a thread: Windows cannot wait for a pipe with a time limit.

    Past Python's own buffer, whose lock a waiting thread would hold while the process ends.
    """
    rest = b""
    while piece := os.read(sys.stdin.fileno(), PIPE_BYTES):
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            lines.put(line)
    if rest:
        lines.put(rest)
    stop.ask(OWNER_GONE)
    lines.put(END)


def _next(lines: "SimpleQueue[bytes]", engines: Engines) -> bytes:
    """The next line; a quicker engine is made ready for it as soon as nobody is waiting."""
    with suppress(Empty):
        return lines.get(timeout=QUIET_S)
    engines.prepare()
    return lines.get(timeout=IDLE_S)


def _job(document: bytes) -> Job:
    try:
        return Job.model_validate_json(document)
    except ValidationError as error:
        # Without the input: it may hold the key.
        sys.exit(f"no job on standard input: {error.errors(include_input=False)}")


def _turn_to_log(log: Path) -> None:
    """What is printed from now on, by libraries in C as well, goes to the log of this run."""
    prune_logs(log.parent.parent)
    with log.open("wb") as output:
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)


def _do(job: Job, engines: Engines, stop: Stop) -> None:
    """One job; the process ends where it fails outside its run."""
    scrub = Scrubber(job.secrets)
    output = ScrubbedStream(sys.__stderr__ or io.StringIO(), scrub)
    sys.stdout = sys.stderr = output
    try:
        _work(job, scrub, engines, stop)
    except BreakevenError as error:
        output.write(f"{error}\n")
        sys.exit(1)
    except Exception:  # noqa: BLE001 - the edge of the process: whatever it is goes to the log
        output.write(traceback.format_exc())
        sys.exit(1)
    finally:
        output.finish()


def _work(job: Job, scrub: Scrubber, engines: Engines, stop: Stop) -> None:
    allow_open_files()
    with kept_locked(lock_file(job.data_dir, job.run_id)):
        store = open_store(job.settings)
        try:
            run = _claim(store, job.run_id)
            if run is not None:
                Worker(store, job, run, scrub, engines, stop).work()
        finally:
            store.close()


def _claim(store: Store, run_id: str) -> StoredRun | None:
    """Take the run over; None where it was ended before its worker came."""
    now = datetime.now(UTC)
    with store.write() as connection:
        claimed = change_run(
            connection,
            run_id,
            while_in=(RunState.QUEUED,),
            state=RunState.LOADING.value,
            pid=os.getpid(),
            started_at=now,
            heartbeat_at=now,
        )
        return get_run(connection, run_id) if claimed else None
