"""What stands in an option's way, by its kind, and whether a run's failures do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from core.grade import Grade


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
    BUDGET = "budget"
    """Its bill at this volume is above the budget."""
    RETENTION = "retention"
    """Its provider keeps texts."""
    LANGUAGE = "language"
    """Its model is of another language alone."""
    WINDOW = "text to be read whole"
    """Its model reads less of a text than must be read whole."""
    LICENCE = "licence"
    """The licence of its weights does not allow what is demanded."""


DEMANDED: Final = frozenset(
    {
        *(Obstacle.PLACE, Obstacle.BUDGET, Obstacle.RETENTION),
        *(Obstacle.LANGUAGE, Obstacle.WINDOW, Obstacle.LICENCE),
    }
)
"""Kinds that a demand makes: without it the option could serve."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an option cannot serve."""

    kind: Obstacle
    sentence: str
    """What is in the way, and what to do."""
    grade: Grade | None = None
    """Of a demand: how well it is founded that the option breaks it; None: it is our sum."""
    relax: str = ""
    """Of a demand: what to relax, and by how much."""
    times: float = 1.0
    """How many times what is allowed the option needs, where that is a number."""

    @property
    def said(self) -> str:
        """The sentence with the grade of its evidence, where it has one."""
        return self.sentence if self.grade is None else f"{self.sentence} Evidence: {self.grade}."

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
