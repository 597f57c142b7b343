"""The user's own ranges of inputs: kept for the session, for a link does not carry them.

Whatever is decided on any page is decided over them.
"""

from typing import Final

from core.decide.result.belief import Range
from dashboard.state import session

KEPT: Final = "risk/ranges"

Ranges = tuple[tuple[str, Range], ...]


def own_ranges() -> Ranges:
    """What the user has set so far, by the name of the input."""
    return session.get(KEPT, default=())


def keep(ranges: Ranges) -> None:
    """From the next run on."""
    session.put(KEPT, ranges)
