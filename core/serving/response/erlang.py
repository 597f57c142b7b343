"""Servers without batching: blocking and waiting probability (Erlang B and C), and the wait."""

import math
from dataclasses import dataclass

from core.errors import ModelInputError


def erlang_b(servers: int, offered: float) -> float:
    """Blocking probability (M/G/c/c): share of arrivals that find all servers taken and leave.

    ``offered`` is rate times mean service, in servers (0 or more; it may exceed ``servers``).
    Recursion B(0) = 1, B(k) = a B(k-1) / (k + a B(k-1)). It holds for every law of service, not
    for arrivals burstier than Poisson: those are blocked more often. ``erlang_b(0, a)`` is 1.
    """
    if servers < 0:
        raise ModelInputError(f"there are 0 or more servers, not {servers}")
    _check_offered(offered)
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = offered * blocked / (k + offered * blocked)
    return blocked


def erlang_c(servers: int, offered: float) -> float | None:
    """Waiting probability (M/M/c); None at an offered load of ``servers`` or more."""
    if servers < 1:
        raise ModelInputError(f"there is at least 1 server, not {servers}")
    if offered >= servers:
        return None
    blocked = erlang_b(servers, offered)
    utilisation = offered / servers
    return blocked / (1 - utilisation * (1 - blocked))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Waiting time before service: 0 for most, exponential for those that wait."""

    probability: float
    """Share of the requests that wait."""
    mean_s: float
    """Over all requests."""

    @property
    def decay_per_s(self) -> float:
        """Rate at which the tail of the wait falls; infinite where nobody waits."""
        return self.probability / self.mean_s if self.mean_s > 0 else math.inf

    def share_above(self, t_s: float) -> float:
        """Share of the requests that wait longer than ``t_s`` seconds; all of them below 0."""
        if t_s < 0:
            return 1.0
        return self.probability * math.exp(-self.decay_per_s * t_s) if self.mean_s > 0 else 0.0


def waiting(
    servers: int,
    rate_per_s: float,
    service_s: float,
    service_scv: float = 1.0,
    arrival_scv: float = 1.0,
) -> Waiting | None:
    """Wait in front of c servers, or None where they cannot keep up.

    Mean after Allen and Cunneen: W = C s / (c - a) x (ca2 + cs2) / 2, with squared coefficients
    of variation of gaps and service; exact for M/M/c and M/G/1, else an approximation: the
    percentiles built on it are mostly within 3 % and at worst 13 % for Poisson arrivals, and too
    high (so safe) for bursty ones. The tail falls as C e^(-C t / W) after Abate, Choudhury and
    Whitt (1995).
    """
    if not (service_s > 0 and math.isfinite(service_s)):
        raise ModelInputError(f"service takes a positive, finite time, not {service_s}")
    if not (0 <= service_scv < math.inf and 0 <= arrival_scv < math.inf):
        raise ModelInputError("squared coefficients of variation are 0 or more and finite")
    offered = rate_per_s * service_s
    _check_offered(offered)
    probability = erlang_c(servers, offered)
    if probability is None:
        return None
    variability = (arrival_scv + service_scv) / 2
    return Waiting(probability, probability * service_s / (servers - offered) * variability)


def _check_offered(offered: float) -> None:
    if not 0 <= offered < math.inf:
        raise ModelInputError(f"rate times service must be 0 or more and finite, not {offered}")
