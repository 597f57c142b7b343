"""How far a run's share of failures can be trusted, and how many requests would say more."""

from typing import Final

from scipy.special import betaincinv

TAIL: Final = 0.025
"""On each side of an interval of 95 %."""
MOST_REQUESTS: Final = 10_000_000
"""Nobody sends more to tell two shares apart."""


def failure_interval(failed: float, sent: float) -> tuple[float, float]:
    """Equal-tailed 95 % interval of a share, exact (Clopper and Pearson, Biometrika 26, 1934).

    The share p at which so many failures or more have a chance of 2.5 %, and so many or fewer.
    """
    if sent == 0:
        return 0.0, 1.0
    low = float(betaincinv(failed, sent - failed + 1, TAIL)) if failed > 0 else 0.0
    high = float(betaincinv(failed + 1, sent - failed, 1 - TAIL)) if failed < sent else 1.0
    return low, high


def requests_to_tell(failed: int, sent: int, allowed: float) -> int | None:
    """Requests that bring the interval to one side of a share, if as many of them fail as before.

    None where more would be needed than anybody sends.
    """
    if sent == 0:
        return None
    share = failed / sent

    def told(total: int) -> bool:
        low, high = failure_interval(share * total, total)
        return low > allowed or high <= allowed

    below, enough = sent, 2 * sent
    while not told(enough):
        below, enough = enough, 2 * enough
        if enough > MOST_REQUESTS:
            return None
    while enough - below > 1:
        middle = (below + enough) // 2
        below, enough = (below, middle) if told(middle) else (middle, enough)
    return enough - sent
