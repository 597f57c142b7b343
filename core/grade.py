"""How well a claim is founded: one scale for prices, limits, places, rates and latencies."""

from enum import StrEnum


class Grade(StrEnum):
    """From the strongest to the weakest; what carries none is not a claim but the user's word."""

    MEASURED = "measured"
    """Here, by the probe or a sweep."""
    PUBLISHED = "published"
    """By whoever sells or made it, or measured it, with place and date."""
    PREDICTED = "predicted"
    """By a law of this product, with its error."""
    CLAIMED = "claimed"
    """Somebody says so: second-hand, or a judgement."""
    UNKNOWN = "unknown"
    """Nobody says. Never 0, never fine, never without limit."""
