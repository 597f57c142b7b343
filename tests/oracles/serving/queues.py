"""Queues and service times whose answers are known."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincinv

from core.cost.by_replica.scale_to_zero import ScaleToZero
from core.cost.curve.piecewise import Floats
from core.errors import ModelInputError
from core.serving.queue.queue_table import LoadCurve
from core.serving.queue.response_law import smallest_time
from core.serving.response.erlang import _check_offered
from core.serving.response.service_response import ExponentialService, NodeService
from core.serving.response.slo_capacity import Capacity, _check, capacity_of
from core.serving.response.time_varying import VaryingLoad


def mm1k_blocking(rate_per_s: float, service_s: float, places: int) -> float:
    """Share of arrivals turned away by one exponential server with K places, its own included.

    (1 - r) r^K / (1 - r^(K+1)) with r = rate x service; 1/(K+1) where r = 1. Any load is allowed.
    """
    if places < 1:
        raise ModelInputError(f"there is at least 1 place, the server's own, not {places}")
    ratio = rate_per_s * service_s
    _check_offered(ratio)
    if ratio == 0:
        return 0.0
    # 1/P_K = sum over j = 0..K of r^-j: a ratio of two expm1, without cancellation near r = 1.
    log_ratio = math.log(ratio)
    if log_ratio == 0:
        return 1 / (places + 1)
    if ratio > 1:
        return math.expm1(-log_ratio) / math.expm1(-(places + 1) * log_ratio)
    return (
        math.exp(places * log_ratio) * math.expm1(log_ratio) / math.expm1((places + 1) * log_ratio)
    )


GAMMA_NODES = 200


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


def _scaled(values: np.ndarray[tuple[int], np.dtype[np.float64]], mean_s: float) -> NodeService:
    """The least values of a very uneven law would be 0: they become the least positive time."""
    scaled = np.maximum(values * (mean_s / values.mean()), np.finfo(np.float64).tiny)
    return NodeService(tuple(scaled.tolist()))


def scv(service: NodeService | ExponentialService) -> float:
    """Squared coefficient of variation of a law of service; 1 of the exponential one."""
    if isinstance(service, ExponentialService):
        return 1.0
    squares = math.fsum((value - service.mean_s) ** 2 for value in service.seconds)
    return squares / len(service.seconds) / service.mean_s**2


def capacity_from_curve(curve: LoadCurve, limit_s: float, level: float = 0.95) -> Capacity:
    """Largest rate with the percentile at ``level`` within ``limit_s``, read off the table.

    The percentile is within 3 % of the exact one nearly everywhere, see
    :meth:`core.serving.queue.queue_table.LoadCurve.at`. ``level`` is one of LEVELS.
    """
    _check(limit_s, level)
    rate_per_s = curve.highest_rate(level, limit_s)
    return capacity_of(rate_per_s or 0.0, curve.full_rate_per_s, curve.alone_s, limit_s, level)


PROBE_SHAPES: Final = ((1, 16), (1, 512), (8, 64), (32, 32), (64, 256), (128, 512))
"""Texts and tokens per text that tell the three times apart."""


def cold_starts_per_s(server: ScaleToZero, rate_per_s: ArrayLike) -> Floats:
    """Cold starts a second, p lambda (1 - rho)/(1 + lambda p t_c)."""
    result: Floats = server._rate(rate_per_s) * server._stops_per_arrival(rate_per_s)
    return result


def mean_response_s(server: ScaleToZero, rate_per_s: float) -> float | None:
    """Wait and service on average; None where the work is more than it can do (rho >= 1).

    E[S] + lambda E[S^2]/(2 (1 - rho)) + p (2 t_c + lambda t_c^2)/(2 (1 + lambda p t_c)).
    """
    rate = float(server._rate(rate_per_s))
    rho = rate * server.service_mean_s
    if rho >= 1:
        return None
    p, start = float(server._outlasted(np.asarray(rate))), server.cold_start_s
    queueing = rate * server.service_second_moment_s2 / (2 * (1 - rho))
    starting = p * (2 * start + rate * start**2) / (2 * (1 + rate * p * start))
    return server.service_mean_s + queueing + starting


def peak_percentile(varying: VaryingLoad, level: float) -> float:
    """Percentile of the requests of the busiest hour, s."""
    return smallest_time(varying.peak_hour.share_above, level, 1.0)
