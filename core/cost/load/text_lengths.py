"""How long texts are: a lognormal law, and what a token limit leaves of it."""

import math
from dataclasses import dataclass
from typing import Final

from core.cost.curve.checks import between, positive
from core.cost.load.normal import normal_cdf

MAX_MEAN_TOKENS: Final = 1e12
MAX_CV: Final = 100.0


@dataclass(frozen=True, slots=True)
class LognormalLengths:
    """Tokens of a text, X: ln X is normal with s^2 = ln(1 + k^2) and mu = ln m - s^2/2."""

    mean_tokens: float
    """m = E[X]."""
    cv: float
    """k: standard deviation over mean; 0: all texts have the same length."""

    def __post_init__(self) -> None:
        positive("mean tokens of a text", self.mean_tokens)
        between(0.0, MAX_MEAN_TOKENS, "mean tokens of a text", self.mean_tokens)
        between(0.0, MAX_CV, "coefficient of variation of the lengths", self.cv)

    @property
    def log_sd(self) -> float:
        """s, the standard deviation of ln X."""
        return math.sqrt(math.log1p(self.cv**2))

    @property
    def log_mean(self) -> float:
        """mu, the mean of ln X."""
        return math.log(self.mean_tokens) - self.log_sd**2 / 2

    def share_longer(self, tokens: float) -> float:
        """P(X > x) = 1 - Phi((ln x - mu)/s)."""
        return float(normal_cdf(-self._z(tokens, 0)))

    def partial_moment_share(self, tokens: float, order: int) -> float:
        """E[X^r; X <= x] / E[X^r] = Phi((ln x - mu)/s - r s), of the texts up to a length x.

        Order 0 counts texts, 1 tokens, 2 squares.
        """
        return float(normal_cdf(self._z(tokens, order)))

    def mean_excess(self, tokens: float) -> float:
        """E[(X - x)+] = m (1 - Phi((ln x - mu)/s - s)) - x (1 - Phi((ln x - mu)/s)), x finite."""
        above = self.mean_tokens * float(normal_cdf(-self._z(tokens, 1)))
        return max(0.0, above - tokens * self.share_longer(tokens))

    def _z(self, tokens: float, order: int) -> float:
        """(ln x - mu)/s - r s, without end where x is out of reach or the lengths are all equal."""
        if tokens <= 0:
            return -math.inf
        if self.log_sd == 0:
            return -math.inf if self.mean_tokens > tokens else math.inf
        return (math.log(tokens) - self.log_mean) / self.log_sd - order * self.log_sd


def truncated_mean(lengths: LognormalLengths, max_tokens: float) -> float:
    """Tokens that are left of a text on average, E[min(X, K)].

    m Phi((ln K - mu - s^2)/s) + K (1 - Phi((ln K - mu)/s)); m where nothing is cut (K = inf).
    """
    if math.isinf(_limit(max_tokens)):
        return lengths.mean_tokens
    below = lengths.mean_tokens * lengths.partial_moment_share(max_tokens, 1)
    left = below + max_tokens * lengths.share_longer(max_tokens)
    return min(left, lengths.mean_tokens, max_tokens)  # it is, but for rounding


def cut_share(lengths: LognormalLengths, max_tokens: float) -> float:
    """Share of the texts that are longer than the limit, P(X > K)."""
    return lengths.share_longer(_limit(max_tokens))


def _limit(max_tokens: float) -> float:
    """A token limit; inf: none."""
    if max_tokens == math.inf:
        return max_tokens
    positive("token limit", max_tokens)
    return between(0.0, MAX_MEAN_TOKENS, "token limit", max_tokens)
