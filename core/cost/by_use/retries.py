"""Calls that fail and are tried again: how many attempts, and how many of them are billed."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from core.cost.curve.checks import share, whole
from core.cost.curve.piecewise import Floats


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


def success_share(failure_rate: ArrayLike, max_attempts: int) -> Floats:
    """Share of the requests that are answered in the end, 1 - f^K."""
    f = share("failure rate", np.asarray(failure_rate, dtype=np.float64))
    result: Floats = 1 - f ** whole("attempts for a request", max_attempts, 1)
    return result


@dataclass(frozen=True, slots=True)
class Retries:
    """How failures are met."""

    failure_rate: float = 0.0
    max_attempts: int = 1
    """The first included."""
    failed_billed: bool = False
    """Whether a failed attempt costs what a good one does."""

    def __post_init__(self) -> None:
        share("failure rate", self.failure_rate)
        whole("attempts for a request", self.max_attempts, 1)

    @property
    def billed_attempts(self) -> float:
        """Billed attempts for a request: all of them, or the successful one where there is one."""
        billed = expected_attempts if self.failed_billed else success_share
        return float(billed(self.failure_rate, self.max_attempts))


NO_RETRIES: Final = Retries()
"""Every call succeeds."""
