"""Without searches for garbage: only for as long, and nothing escapes a later search."""

import gc
import weakref

import pytest

from core.uncollected import uncollected


class Circle:
    """An object that holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_what_was_thrown_away_within_is_found_later() -> None:
    """It is old then, and not forgotten."""
    with uncollected():
        assert not gc.isenabled()
        gone = weakref.ref(Circle())
    assert gc.isenabled()
    gc.collect()
    assert gone() is None


def test_whoever_searches_for_nothing_goes_on_so() -> None:
    """Also after an error within; what somebody has frozen stays frozen."""
    gc.disable()
    frozen = Circle()
    gc.freeze()
    try:
        with pytest.raises(ValueError, match="within"), uncollected():
            raise ValueError("within")
        assert not gc.isenabled()
        # A search does not look at what is frozen. How many objects are may fall at any time.
        assert not any(one is frozen for one in gc.get_objects())
    finally:
        gc.unfreeze()
        gc.enable()
