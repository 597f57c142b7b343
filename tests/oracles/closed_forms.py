"""Expectations of laws in closed form: what samples are held against."""

import math
from dataclasses import dataclass

import numpy as np

from core.cost.curve.checks import not_negative, positive
from core.cost.curve.piecewise import Floats
from core.cost.load.normal import normal_cdf
from core.cost.load.text_lengths import LognormalLengths, _limit, truncated_mean
from core.errors import ModelInputError
from tests.oracles.hybrid.load_duration import normal_loss


@dataclass(frozen=True, slots=True)
class States:
    """A value that is one of a few, each with its weight."""

    values: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values or len(self.values) != len(self.weights):
            raise ModelInputError("states need as many weights as values, and at least one")
        if not np.all(np.isfinite(self.values)):
            raise ModelInputError("the values of states must be finite numbers")
        not_negative("weights of the states", np.array(self.weights))
        if not any(self.weights):
            raise ModelInputError("weights of the states must not all be 0")

    @property
    def chances(self) -> Floats:
        """Weights as probabilities."""
        weights = np.array(self.weights) / max(self.weights)
        result: Floats = weights / weights.sum()
        return result

    def at(self, draws: Floats) -> Floats:
        """The state at each share of the probability, in the order given."""
        bounds = np.cumsum(self.chances)
        index = np.searchsorted(bounds[:-1], draws, side="right")
        result: Floats = np.array(self.values, dtype=np.float64)[index]
        return result


def second_moment(lengths: LognormalLengths, max_tokens: float = math.inf) -> float:
    """E[min(X, K)^2], tokens^2: m^2 (1 + k^2) where nothing is cut.

    m^2 (1 + k^2) Phi((ln K - mu - 2 s^2)/s) + K^2 (1 - Phi((ln K - mu)/s)).
    """
    whole = lengths.mean_tokens**2 * (1 + lengths.cv**2)
    if math.isinf(_limit(max_tokens)):
        return whole
    below = whole * lengths.partial_moment_share(max_tokens, 2)
    return below + max_tokens**2 * lengths.share_longer(max_tokens)


def kept_share(lengths: LognormalLengths, max_tokens: float) -> float:
    """Share of the tokens that a model with a limit reads, E[min(X, K)]/m."""
    return truncated_mean(lengths, max_tokens) / lengths.mean_tokens


def evpi_of_normal(mean_difference_usd: float, sd_usd: float) -> float:
    """EVPI of two decisions whose difference of cost is normal, sd (phi(z) - z (1 - Phi(z))).

    z = |mean|/sd; 0 where there is no spread. The unit normal loss (Raiffa and Schlaifer 1961).
    """
    if not_negative("standard deviation", sd_usd) == 0:
        return 0.0
    return sd_usd * float(normal_loss(abs(mean_difference_usd) / sd_usd))


def chance_lognormal_cheaper(
    median: float, log_sd: float, other_median: float, other_log_sd: float
) -> float:
    """P(A < B) of two independent lognormal costs, Phi((ln b - ln a)/sqrt(s_a^2 + s_b^2))."""
    positive("median", median)
    positive("median", other_median)
    spread = math.hypot(not_negative("log sd", log_sd), not_negative("log sd", other_log_sd))
    distance = math.log(other_median / median)
    if spread == 0:
        return 0.5 if distance == 0 else float(distance > 0)
    return float(normal_cdf(distance / spread))


def evpi_of_lognormal_pair(
    median: float, log_sd: float, other_median: float, other_log_sd: float
) -> float:
    """EVPI of two independent lognormal costs, min(E A, E B) - E min(A, B).

    E min(A, B) = E[A] Phi((ln(b/a) - s_a^2)/s) + E[B] Phi((ln(a/b) - s_b^2)/s) with medians a, b
    and s^2 = s_a^2 + s_b^2 (Margrabe 1978).
    """
    spread = math.hypot(not_negative("log sd", log_sd), not_negative("log sd", other_log_sd))
    mean = positive("median", median) * math.exp(log_sd**2 / 2)
    other_mean = positive("median", other_median) * math.exp(other_log_sd**2 / 2)
    if spread == 0:
        return 0.0
    distance = math.log(other_median / median)
    cheaper = mean * float(normal_cdf((distance - log_sd**2) / spread))
    other_cheaper = other_mean * float(normal_cdf((-distance - other_log_sd**2) / spread))
    return max(0.0, min(mean, other_mean) - cheaper - other_cheaper)
