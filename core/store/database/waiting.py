"""Timeout and jitter of a write that waits for a lock: one limit, pauses of random length.

Pauses of equal length would let the same ones collide again and again, and one of them starve.
"""

import random
import time
from typing import Final

LIMIT_S: Final = 10.0
"""No write waits longer for a lock."""
PAUSES_S: Final = (0.001, 0.02)
"""Shortest and longest pause between two tries."""


class Waiting:
    """The time that one write has for its lock."""

    def __init__(self) -> None:
        self._deadline_s = time.monotonic() + LIMIT_S

    def pause(self) -> bool:
        """Wait a little; False, at once, where the time is up."""
        # No secret depends on it.
        pause_s = random.uniform(*PAUSES_S)  # noqa: S311
        if time.monotonic() + pause_s > self._deadline_s:
            return False
        time.sleep(pause_s)
        return True
