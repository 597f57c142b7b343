"""Processes that begin at the same moment, imported once and forked: imports take most of a start.

For scripts of a process of their own, never for the tests' process: that one has threads.
"""

import json
import os
import traceback
from collections.abc import Callable


def at_once(count: int, work: Callable[[int], object]) -> None:
    """Let so many processes do the work; each prints what it gives as one line of JSON.

    One that fails prints its traceback, and no line.
    """
    go, begin = os.pipe()
    children = [_forked(number, work, go, begin) for number in range(count)]
    os.close(go)
    os.close(begin)
    for child in children:
        os.waitpid(child, 0)


def _forked(number: int, work: Callable[[int], object], go: int, begin: int) -> int:
    child = os.fork()
    if child:
        return child
    os.close(begin)
    os.read(go, 1)  # the end of the pipe, once nobody holds its other side
    try:
        # One write of the system, so that no two lines mix.
        os.write(1, (json.dumps(work(number)) + "\n").encode())
    except Exception:  # noqa: BLE001 - whatever it is, the test is told
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(0)
