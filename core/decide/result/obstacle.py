"""What stands in an option's way, by its kind, and whether a run's failures do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple


class Obstacle(StrEnum):
    """Kinds of what keeps an option from serving."""

    WITHDRAWN = "withdrawn"
    """It is not sold any more."""
    MEMORY = "memory"
    """The model's weights do not fit into the card."""
    LENGTH = "length"
    """Too much of the texts is cut off."""
    UNANSWERED = "unanswered"
    """Too many texts have no answer, by the failures that the scenario states."""
    FAILURES = "failures"
    """The same, by the failures of a run."""
    LATENCY = "latency"
    """Too slow: by a run, or by what an idle replica needs."""
    PLACE = "place"
    """It does not compute where that is demanded."""
    COLD = "cold"
    """Too many requests meet a cold start at this volume."""
    LIMIT = "limit"
    """A rate limit or a quota of replicas lets less through than this volume."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an option cannot serve."""

    kind: Obstacle
    sentence: str
    """What is in the way, and what to do."""

    @classmethod
    def of(cls, kind: Obstacle, sentence: str) -> "Refusal | None":
        """The refusal; None where nothing is said."""
        return cls(kind, sentence) if sentence else None


class Answered(NamedTuple):
    """Whether a run's failures leave few enough texts unanswered."""

    enough: bool | None = None
    """None: not known."""
    evidence: str = ""
    """One sentence; "" where nothing is measured."""


NOTHING_SEEN: Final = Answered()
"""Nothing is measured."""
