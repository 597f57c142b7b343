"""Code without properties answers as the code does."""

from pathlib import Path
from typing import Any

import pytest

from tests.mutation.plain import plain
from tests.mutation.rooms import ROOMS, ROOT, Room

WITH_PROPERTIES = '''
"""A module."""
from dataclasses import dataclass
from functools import cached_property

@dataclass(frozen=True)
class Card:
    """A card."""
    usd: float

    @property
    def twice(self) -> float:
        """Said above the code."""
        return 2 * self.usd

    @cached_property
    def asked(self) -> list[float]:
        return [self.twice]

    @classmethod
    def free(cls) -> "Card":
        """A card for nothing."""
        return cls(0.0)
'''


def test_a_property_becomes_a_method_and_answers_the_same() -> None:
    """Plain, cached and none at all."""
    made: dict[str, Any] = {"__name__": "made"}
    exec(plain(WITH_PROPERTIES), made)  # noqa: S102
    card = made["Card"](3.0)
    assert (card.twice, card.asked, made["Card"].free().twice) == (6.0, [6.0], 0.0)
    assert card.asked is card.asked
    assert "@property" not in plain(WITH_PROPERTIES)
    assert "Said above" not in plain(WITH_PROPERTIES)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_room_has_code_and_tests(room: Room) -> None:
    """A folder that was renamed would leave nothing to change, and all would be well."""
    assert room.files()
    assert room.test_files()
    for path in (Path(ROOT, file) for file in room.files()):
        compile(plain(path.read_text("utf-8")), str(path), "exec")
