"""A timed scene gets more time where the computer was late, and no second try where it was not."""

import math

import pytest

from tests.harness import pace
from tests.harness.pace import PUNCTUAL_S, SLOWER, at_our_pace, lateness


@pytest.mark.parametrize("holds_from", SLOWER)
def test_a_late_computer_gets_a_slower_scene_until_it_holds(
    monkeypatch: pytest.MonkeyPatch, holds_from: int
) -> None:
    """From the quickest pace to the first that holds."""
    monkeypatch.setattr(pace, "PUNCTUAL_S", -1.0)
    played = []

    def scene(slower: int) -> None:
        played.append(slower)
        assert slower >= holds_from

    at_our_pace(scene)
    assert played == [slower for slower in SLOWER if slower <= holds_from]


@pytest.mark.parametrize(("punctual_s", "tries"), [(-1.0, len(SLOWER)), (math.inf, 1)])
def test_what_never_holds_fails_and_at_once_on_a_punctual_computer(
    monkeypatch: pytest.MonkeyPatch, punctual_s: float, tries: int
) -> None:
    """A fault of the product is no matter of pace; the last failure is shown."""
    monkeypatch.setattr(pace, "PUNCTUAL_S", punctual_s)
    played: list[int] = []

    def scene(slower: int) -> None:
        played.append(slower)
        raise AssertionError(f"wrong at pace {slower}")

    with pytest.raises(AssertionError, match=f"wrong at pace {SLOWER[tries - 1]}$"):
        at_our_pace(scene)
    assert played == list(SLOWER[:tries])


def test_an_error_that_is_no_assertion_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that is broken says so at any pace."""
    monkeypatch.setattr(pace, "PUNCTUAL_S", -1.0)
    played: list[int] = []

    def scene(slower: int) -> None:
        played.append(slower)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        at_our_pace(scene)
    assert played == [1]


def test_a_thread_that_is_kept_from_running_is_seen() -> None:
    """A long sum holds the interpreter, as another program holds the processor."""
    with lateness() as late_s:
        while max(late_s) <= PUNCTUAL_S:
            sum(range(5_000_000))
