"""The rate limit that an API is held to, as it is shown and said."""

from dataclasses import dataclass
from typing import Final

from core.catalog.schema import YOURS, RateLimit, Source
from core.grade import Grade

LIMIT_WORDS: Final = {
    "requests_per_minute": "requests a minute",
    "texts_per_minute": "texts a minute",
    "tokens_per_minute": "tokens a minute",
    "requests_per_day": "requests a day",
    "tokens_per_month": "tokens a month",
    "requests_in_flight": "requests at a time",
    "usd_per_month": "USD a month",
}
"""How each limit is counted, in words."""

NOT_KNOWN: Final = "not known"
NO_RATE: Final = "what it takes at once is not known"


@dataclass(frozen=True, slots=True)
class LimitUsed:
    """The rate limit that an API is held to, and who says so."""

    tier: str
    """"" where no row is known."""
    words: str
    """"3,000 requests a minute, 1,000,000 tokens a minute"; "not known"."""
    grade: Grade | None
    """None: the user's own word."""
    source: Source | None
    """Also of an unknown one: where it was looked for."""


def limit_used(limit: RateLimit | None) -> LimitUsed:
    """A limit as the option carries it; unknown where nobody wrote it down."""
    if limit is None:
        return LimitUsed("", NOT_KNOWN, Grade.UNKNOWN, None)
    if limit.tier == YOURS:
        return LimitUsed(YOURS, limit_words(limit), None, None)
    if not limit.online:
        return LimitUsed(limit.tier, NOT_KNOWN, Grade.UNKNOWN, limit.source)
    return LimitUsed(limit.tier, limit_words(limit), limit.source.grade, limit.source)


def limit_words(limit: RateLimit) -> str:
    """A limit in one line: "3,000 requests a minute, 1,000,000 tokens a minute"."""
    known = limit.online
    words = ", ".join(f"{known[name]:,.0f} {LIMIT_WORDS[name]}" for name in known)
    return words if limit.has_a_rate else f"{words}; {NO_RATE}"
