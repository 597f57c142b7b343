"""A timed scene is played again and slower where the computer was late: its law holds at any pace.

Another program delays a test by some ms, whatever the test times. Where all times of a scene are
four times as long, the same delay weighs a quarter as much, and no assertion needs to be looser.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

SLOWER: Final = (1, 4, 20)
"""Paces in turn. Rates of 20, 50 and 200 a second are short decimal numbers at each of them."""
PUNCTUAL_S: Final = 0.002
"""A computer without other programs wakes a thread this soon after its time."""
LOOK_S: Final = 0.005


def at_our_pace(scene: Callable[[int], None]) -> None:
    """Play a scene that asserts; where it fails and the computer was late, again and slower.

    ``scene(slower)`` takes ``slower`` times as long in all that it times. A failure on a punctual
    computer is one at once, and so is a failure at the slowest pace. Raises AssertionError.
    """
    for slower in SLOWER:
        with lateness() as late_s:
            try:
                scene(slower)
            except AssertionError as error:
                failure = error
            else:
                return
        if max(late_s) <= PUNCTUAL_S:
            break
    raise failure


@contextmanager
def lateness() -> Iterator[list[float]]:
    """Measure while the block lasts how much too late a thread is woken that slept; a list of s."""
    late_s, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.is_set():
            due_s = time.perf_counter() + LOOK_S
            time.sleep(LOOK_S)
            late_s.append(time.perf_counter() - due_s)

    thread = threading.Thread(target=watch, name="lateness", daemon=True)
    thread.start()
    try:
        yield late_s
    finally:
        over.set()
        thread.join()
