"""Response of servers without batching: the wait convolved with the law of the service.

Adding the percentiles of wait and service instead is off by up to 33 %.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from core.errors import ModelInputError
from core.serving.erlang import Waiting
from core.serving.response_law import smallest_time

GAMMA_NODES = 200


@dataclass(frozen=True, slots=True)
class NodeService:
    """Service times by equally likely values: one for a fixed time, many for a law."""

    seconds: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.seconds or not all(0 < value < math.inf for value in self.seconds):
            raise ModelInputError("service times must be positive and finite, at least one")

    @property
    def mean_s(self) -> float:
        """Mean, s."""
        return math.fsum(self.seconds) / len(self.seconds)

    @property
    def scv(self) -> float:
        """Squared coefficient of variation."""
        mean = self.mean_s
        squares = math.fsum((value - mean) ** 2 for value in self.seconds)
        return squares / len(self.seconds) / mean**2

    def share_above(self, t_s: float, wait: Waiting) -> float:
        """Share of the responses (wait and service) longer than ``t_s``."""
        over = math.fsum(wait.share_above(t_s - value) for value in self.seconds)
        return over / len(self.seconds)


@dataclass(frozen=True, slots=True)
class ExponentialService:
    """Exponential service, in closed form."""

    mean_s: float

    def __post_init__(self) -> None:
        if not 0 < self.mean_s < math.inf:
            raise ModelInputError(f"a mean service is positive and finite, not {self.mean_s}")

    @property
    def scv(self) -> float:
        """Squared coefficient of variation: 1."""
        return 1.0

    def share_above(self, t_s: float, wait: Waiting) -> float:
        """Share of the responses longer than ``t_s``: e^-mt + C m (e^-ht - e^-mt) / (m - h).

        m is the rate of service, h that of the wait. Near m = h the quotient of differences is
        taken as an expm1, which has the right limit t e^-mt.
        """
        if t_s <= 0:
            return 1.0
        service, decay = 1 / self.mean_s, wait.decay_per_s
        at_once = math.exp(-service * t_s)
        if not math.isfinite(decay):
            return at_once
        gap = abs(service - decay)
        spread = -math.expm1(-gap * t_s) / gap if gap > 0 else t_s
        waited = service * math.exp(-min(service, decay) * t_s) * spread
        return at_once + wait.probability * waited


Service = NodeService | ExponentialService


def fixed_service(seconds: float) -> NodeService:
    """Every request takes the same time."""
    return NodeService((seconds,))


def gamma_service(mean_s: float, scv: float) -> NodeService:
    """A gamma law by the middles of equally likely slices, scaled to the exact mean.

    ``scv`` is the squared coefficient of variation (> 0), 1 the exponential law.
    """
    if not (0 < mean_s < math.inf and 0 < scv < math.inf):
        raise ModelInputError("a gamma law has a positive mean and variation")
    middles = (np.arange(GAMMA_NODES) + 0.5) / GAMMA_NODES
    return _scaled(gammaincinv(1 / scv, middles), mean_s)


def empirical_service(measured_s: Sequence[float], nodes: int = GAMMA_NODES) -> NodeService:
    """A measured law by the middles of equally likely slices, scaled to the measured mean."""
    values = np.asarray(measured_s, dtype=np.float64)
    if not values.size or nodes < 1:
        raise ModelInputError("a measured law needs at least one time and one node")
    if values.size <= nodes:
        return NodeService(tuple(values.tolist()))
    middles = (np.arange(nodes) + 0.5) / nodes
    return _scaled(np.quantile(values, middles), float(values.mean()))


def response_percentile(level: float, wait: Waiting, service: Service) -> float:
    """Percentile of the response, s: the smallest time that at most 1 - level exceed."""
    guess_s = service.mean_s + wait.mean_s
    return smallest_time(lambda t_s: service.share_above(t_s, wait), level, guess_s)


def _scaled(values: np.ndarray[tuple[int], np.dtype[np.float64]], mean_s: float) -> NodeService:
    """The least values of a very uneven law would be 0: they become the least positive time."""
    scaled = np.maximum(values * (mean_s / values.mean()), np.finfo(np.float64).tiny)
    return NodeService(tuple(scaled.tolist()))
