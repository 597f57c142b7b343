"""What the doctor measures by itself."""

import itertools

from core.cli.doctor import smallest_tick_s


def test_the_smallest_tick_is_the_smallest_step_that_the_clock_made() -> None:
    """A clock that stands still between steps of 1 ms and one of 0.25 ms has a tick of 0.25 ms."""
    steps = itertools.chain([0.0, 0.0, 0.001, 0.002, 0.002, 0.00225], itertools.count(1))
    clock = iter(steps)
    assert abs(smallest_tick_s(lambda: next(clock), looks=3) - 0.00025) < 1e-12
