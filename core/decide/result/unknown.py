"""What nobody knows of an option, and the demand could break: not "fine", and not "out" either."""

from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """What is not known."""

    LATENCY = "latency"
    LIMIT = "rate limit"
    THROUGHPUT = "throughput"
    PLACE = "place"
    RETENTION = "retention"
    LANGUAGE = "language"
    WINDOW = "text to be read whole"
    LICENCE = "licence"


@dataclass(frozen=True, slots=True)
class Unknown:
    """One thing that is not known, from which volume on it matters, and how to come to know it."""

    about: About
    above_tokens_per_month: float
    """It matters above this volume; 0: at any."""
    sentence: str
    """What is not known, and why that matters here."""
    next_step: str
    """What to do: measure it, ask them, type one's own."""
