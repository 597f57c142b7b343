"""How a command is stopped: Ctrl-C, SIGTERM and a closed terminal all end its run in order."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import typer

SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Each where the system has it."""


@dataclass(slots=True)
class Stop:
    """Whether this command was asked to stop."""

    exit_code: int | None = None
    """128 and the number of the signal, as a shell has it; None while nobody has asked."""


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Note a first signal, for whoever looks; a second one ends the block at once.

    A signal that this process was told to ignore, as by nohup, stays ignored.
    """
    stop = Stop()

    def heard(number: int, _frame: Any) -> None:
        again, stop.exit_code = stop.exit_code is not None, 128 + number
        if again:
            raise KeyboardInterrupt

    before = {}
    if threading.current_thread() is threading.main_thread():
        there = (getattr(signal, name, None) for name in SIGNALS)
        wanted = [n for n in there if n is not None and signal.getsignal(n) is not signal.SIG_IGN]
        before = {number: signal.signal(number, heard) for number in wanted}
    try:
        yield stop
    except KeyboardInterrupt:
        raise typer.Exit(code=stop.exit_code or 128 + signal.SIGINT) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
