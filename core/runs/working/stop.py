"""When a worker has to stop: its owner is gone, or somebody sent it a signal.

The owner is the process that started it, a page or a command. It holds the other end of the
worker's standard input, and the system closes that end however the owner ends: by itself, by a
signal, or killed. So nothing is sent, and nothing spent, for somebody who is not there any more.
"""

import signal
import threading
from queue import SimpleQueue
from typing import Any, Final

OWNER_GONE: Final = (
    "The page or the command that started this run has ended, so the run was cancelled."
)
SIGNALLED: Final = "The system asked the worker process to end, so the run was cancelled."
SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")


class Stop:
    """Whether this process should stop, and why; the first reason stands."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self._cancelled: threading.Event | None = None
        # The one queue that a signal's handler may put into: an event could lock itself out.
        self._asked: SimpleQueue[str] = SimpleQueue()
        threading.Thread(target=self._work, name="stop", daemon=True).start()

    def ask(self, reason: str) -> None:
        """Ask for the stop, from any thread or a signal's handler."""
        self._asked.put(reason)

    def pass_on_to(self, cancelled: threading.Event) -> None:
        """Cancel this run as soon as a stop is asked for, or now if it was."""
        self._cancelled = cancelled
        if self.reason is not None:
            cancelled.set()

    def _work(self) -> None:
        self.reason = self._asked.get()
        if self._cancelled is not None:
            self._cancelled.set()


def heed_signals(stop: Stop, lines: "SimpleQueue[bytes]", end: bytes) -> None:
    """Take a signal that would end this process for a wish to stop; ``end`` wakes it if it waits.

    A second one changes nothing: what is on its way to the store is brought there first.
    """

    def heard(_number: int, _frame: Any) -> None:
        stop.ask(SIGNALLED)
        lines.put(end)

    for name in SIGNALS:
        if (number := getattr(signal, name, None)) is not None:
            signal.signal(number, heard)
