"""Numbers as they are typed: with commas between them, or as a series of rates."""

import re
from typing import Final

from core.errors import RunError

MOST_RATES: Final = 64
"""Enough to see that there are too many: the ramp itself says how many there may be."""
MOST_REPEATED: Final = 40
"""So many characters of what was typed are repeated."""
_SERIES: Final = re.compile(r"([\d.]+):([\d.]+):(?:([\d.]+)x|\+([\d.]+))")


def flag(name: str) -> str:
    """A parameter as it is typed."""
    return {"as_json": "--json"}.get(name, f"--{name.replace('_', '-')}")


def rates_of(text: str) -> tuple[float, ...]:
    """Rates: ``1:64:2x`` doubles from 1 to 64, ``10:50:+10`` adds, ``1,2,5`` are they.

    Raises RunError for what is none of these, or does not rise.
    """
    match = _SERIES.fullmatch(text.replace(" ", ""))
    if match is None:
        return numbers("ramp", text, " It may also be FROM:TO:2x or FROM:TO:+10.")
    try:
        low, high, factor, more = (float(part or 0) for part in match.groups())
    except ValueError:  # two points in one number
        low = high = factor = more = 0.0
    if not (0 < low <= high and (factor > 1 or more > 0)):
        raise RunError(
            f"--ramp {text[:MOST_REPEATED]} does not rise: write FROM:TO:2x or FROM:TO:+10 with "
            "FROM above 0 and at most TO."
        )
    return _series(low, high, factor, more)


def _series(low: float, high: float, factor: float, more: float) -> tuple[float, ...]:
    """From ``low`` as far as ``high`` allows, times ``factor`` or, where that is 0, plus."""
    rates = [low]
    while len(rates) < MOST_RATES:
        rate = rates[-1] * factor if factor else rates[-1] + more
        if rate > high * (1 + 1e-9):
            break
        rates.append(rate)
    return tuple(float(f"{rate:.12g}") for rate in rates)


def numbers(name: str, text: str, also: str = "") -> tuple[float, ...]:
    """Numbers with commas between them. Raises RunError for anything else."""
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise RunError(
            f"{flag(name)} {text[:MOST_REPEATED]!r}: write numbers with commas between them, such "
            f"as 1,2,4.{also}"
        ) from None


def whole_numbers(name: str, text: str) -> tuple[int, ...]:
    """The same of whole numbers."""
    values = numbers(name, text)
    if any(number != number // 1 for number in values):
        raise RunError(f"{flag(name)} {text[:MOST_REPEATED]!r}: each must be a whole number.")
    return tuple(int(number) for number in values)
