"""Why an option is out, and what would let it in."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """The kinds of obstacle."""

    PRICE = "price"
    """No price is known."""
    SOLD = "sold"
    MEMORY = "memory"
    """The model's weights do not fit into the card."""
    LENGTH = "text length"
    UNANSWERED = "unanswered texts"
    OBJECTIVE = "latency objective"
    MEASURED = "measured"
    LIMIT = "rate limit"
    OTHER = "other"
    """Whatever else the option says of itself."""
    LICENCE = "licence"
    PROVIDER = "provider"
    REGION = "region"
    """Where texts are computed, one's own machines among the places."""
    BUDGET = "budget"
    RETENTION = "retention"
    LANGUAGE = "language"
    KEY = "key"
    WEIGHTS = "weights"
    QUALITY = "quality"
    QUALITY_UNKNOWN = "quality not known"
    NOT_KNOWN = "not known to suit"
    """Something that a demand could break."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One reason why an option is out, and what would let it in."""

    rule: Rule
    sentence: str
    relax: str
    """What to relax, and by how much; "" where nothing would help."""
    times: float = 1.0
    """How many times what is allowed the option needs, where that is a number."""
