"""Calls that fail and are tried again: how many attempts, who is answered, what is billed."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from core.cost.curve.checks import share, whole
from core.cost.curve.piecewise import Floats
from core.errors import ModelInputError

ROUNDING: Final = 1e-9
"""Guards a ceil against float noise: 0.1 ^ 3 must be 0.001, not more."""


def expected_attempts(failure_rate: ArrayLike, max_attempts: int) -> Floats:
    """Attempts for a request, the first included: (1 - f^K)/(1 - f), K in the limit f = 1.

    Attempts fail independently with probability f and end with the first success or the K-th.
    """
    f = share("failure rate", np.asarray(failure_rate, dtype=np.float64))
    whole("attempts for a request", max_attempts, 1)
    # The sum 1 + f + ... + f^(K-1) without the quotient's cancellation near f = 1.
    remaining = np.where(f < 1, 1 - f, 1.0)
    with np.errstate(divide="ignore"):  # ln 0 = -inf: f = 0 needs one attempt
        given_up = np.where(f < 1, -np.expm1(max_attempts * np.log(f)), max_attempts)
    result: Floats = np.maximum(1.0, given_up / remaining)  # but for rounding it is
    return result


def attempts_needed(failure_rate: float, unanswered_share: float) -> int | None:
    """Fewest attempts that leave at most so many texts unanswered, K with f^K <= share.

    None where no number of them does: everything fails, or nothing may be left.
    """
    f, allowed = share("failure rate", failure_rate), share("texts unanswered", unanswered_share)
    if f <= allowed:
        return 1
    if f == 1 or allowed == 0:
        return None
    return math.ceil(math.log(allowed) / math.log(f) - ROUNDING)


@dataclass(frozen=True, slots=True)
class Retries:
    """How failures are met."""

    failure_rate: float = 0.0
    max_attempts: int = 1
    """The first included."""
    failed_billed: bool = False
    """Whether a failed attempt costs what a good one does."""

    def __post_init__(self) -> None:
        if share("failure rate", self.failure_rate) == 1:
            raise ModelInputError("failure rate must be below 1: else no text is ever answered")
        whole("attempts for a request", self.max_attempts, 1)

    @property
    def unanswered_share(self) -> float:
        """Share of the texts without an answer after the last attempt, f^K."""
        return float(self.failure_rate**self.max_attempts)

    @property
    def billed_attempts(self) -> float:
        """Billed attempts for a text that is answered: 1/(1 - f), or the good one alone.

        Expected attempts over the share that is answered, (1 - f^K)/(1 - f)/(1 - f^K): a text that
        is left unanswered is work that is still to be done, so it is priced as sent again. Else
        the API that fails most would be the cheapest.
        """
        return 1 / (1 - self.failure_rate) if self.failed_billed else 1.0


NO_RETRIES: Final = Retries()
"""Every call succeeds."""
