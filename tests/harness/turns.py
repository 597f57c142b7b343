"""Several processes share the tests; one that compares times has the computer to itself."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock

LONGEST_WAIT_S = 600.0
LOOK_S = 0.01


@contextmanager
def turn(*, alone: bool) -> Iterator[None]:
    """Hold one's turn: beside the tests of the other processes, or alone.

    Every process has a lock that it holds while it runs a test; who is to be alone takes all of
    them. All pass a turnstile on their way, so that who waits to be alone is not overtaken.
    """
    own = os.environ.get("PYTEST_XDIST_WORKER")
    if own is None:
        yield
        return
    folder = Path(tempfile.gettempdir()) / f"tests-{os.environ['PYTEST_XDIST_TESTRUNUID']}"
    folder.mkdir(exist_ok=True)
    of_all = [f"gw{number}" for number in range(int(os.environ["PYTEST_XDIST_WORKER_COUNT"]))]
    with ExitStack() as held:
        with FileLock(folder / "turnstile", timeout=LONGEST_WAIT_S, poll_interval=LOOK_S):
            for worker in of_all if alone else [own]:
                held.enter_context(
                    FileLock(folder / worker, timeout=LONGEST_WAIT_S, poll_interval=LOOK_S)
                )
        yield
