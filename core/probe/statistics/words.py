"""Numbers in the sentences that a run leaves about itself."""

from core.probe.records.sample import Outcome


def duration(seconds: float) -> str:
    """Milliseconds below a second, with three significant digits."""
    if abs(seconds) < 1:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds:.3g} s" if abs(seconds) < 120 else f"{seconds / 60:.3g} min"


def per_second(rate: float) -> str:
    """So many a second with three significant digits, and never as a power of ten."""
    return f"{rate:,.0f}" if rate >= 999.5 else f"{rate:.3g}"  # where three digits round up


def outcome_words(outcome: Outcome) -> str:
    """An outcome in words: rate limited."""
    return outcome.value.replace("_", " ")


def percent(share: float) -> str:
    """A share with two significant digits."""
    return f"{share * 100:.2g} %"
