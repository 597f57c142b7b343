"""How large a difference must be to be worth a sentence, however sure it is."""

from typing import Final

LEAST_S: Final = 0.001
LEAST_SHARE: Final = 0.05


def matters(difference_s: float, base_s: float) -> bool:
    """Whether a difference of times is 1 ms and 5 % of what it is held against, at least."""
    return difference_s >= max(LEAST_S, LEAST_SHARE * base_s)
