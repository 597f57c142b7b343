"""Scale to zero, a GPU by the second that stops when idle: billed share and cold starts.

One server, Poisson arrivals at rate lambda, any service time S (M/G/1). After T seconds without
work it stops; the next request starts it, which takes t_c and is billed. With p = exp(-lambda T),
the chance that an idle time outlasts T, and rho = lambda E[S], a cycle from idle to idle lasts
(1/lambda + p t_c)/(1 - rho); the formulas below are shares of it.

Rates are numbers or arrays. A server with more work than it can do (rho >= 1) never stops: all of
the month is billed, nobody meets a cold start, and there is no mean response.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from core.cost.curve.checks import not_negative, positive
from core.cost.curve.piecewise import Floats
from core.errors import ModelInputError
from core.units import Calendar


@dataclass(frozen=True, slots=True)
class ScaleToZero:
    """One server that stops when idle."""

    idle_timeout_s: float
    """T: how long it stays up without work; inf keeps it warm for good."""
    cold_start_s: float
    """t_c: from the request that starts it to the start of that request's service."""
    service_mean_s: float
    """E[S]."""
    service_second_moment_s2: float
    """E[S^2]: E[S]^2 where all requests take equally long."""

    def __post_init__(self) -> None:
        if self.idle_timeout_s != math.inf:
            not_negative("idle time-out in seconds", self.idle_timeout_s)
        not_negative("cold start in seconds", self.cold_start_s)
        positive("mean service time in seconds", self.service_mean_s)
        positive("second moment of the service time", self.service_second_moment_s2)
        if self.service_second_moment_s2 < self.service_mean_s**2 * (1 - 1e-9):
            raise ModelInputError(
                "second moment of the service time must be at least the mean squared, "
                f"{self.service_mean_s**2:g} s^2, not {self.service_second_moment_s2:g}"
            )

    def billed_fraction(self, rate_per_s: ArrayLike) -> Floats:
        """Share of the month that is billed, 1 - p (1 - rho)/(1 + lambda p t_c)."""
        return 1 - self._stops_per_arrival(rate_per_s)

    def delayed_share(self, rate_per_s: ArrayLike) -> Floats:
        """Requests that arrive while it is off or starting, p (1 + lambda t_c)(1 - rho)/(1 + ...).

        1 in the limit of no load: a lone request always finds it off, unless it is kept warm.
        """
        rate = self._rate(rate_per_s)
        result: Floats = (1 + rate * self.cold_start_s) * self._stops_per_arrival(rate)
        return result

    def usd_per_month(
        self, rate_per_s: ArrayLike, usd_per_second: float, calendar: Calendar
    ) -> Floats:
        """The month's bill: its seconds, the share of them that is billed, the price of one."""
        price = not_negative("price of a second", usd_per_second)
        result: Floats = self.billed_fraction(rate_per_s) * calendar.seconds_per_month * price
        return result

    def asleep_share(self, rate_per_s: ArrayLike, busy_share: ArrayLike) -> Floats:
        """Share of the time that it is off, p (1 - b)/(1 + lambda p t_c), at work for a share b.

        With b = rho for requests alone; more where other work is done whenever it is up.
        """
        rate = self._rate(rate_per_s)
        idle = np.maximum(0.0, 1 - np.asarray(busy_share, dtype=np.float64))
        p = self._outlasted(rate)
        result: Floats = p * idle / (1 + rate * p * self.cold_start_s)
        return result

    def _stops_per_arrival(self, rate_per_s: ArrayLike) -> Floats:
        """Share of arrivals, and of time, that find it off: p (1 - rho)/(1 + lambda p t_c)."""
        rate = self._rate(rate_per_s)
        return self.asleep_share(rate, rate * self.service_mean_s)

    def _outlasted(self, rate: Floats) -> Floats:
        """Chance that an idle time outlasts the time-out, p = exp(-lambda T)."""
        if self.idle_timeout_s == math.inf:
            return np.zeros_like(rate)
        result: Floats = np.exp(-rate * self.idle_timeout_s)
        return result

    @staticmethod
    def _rate(rate_per_s: ArrayLike) -> Floats:
        return not_negative("requests a second", np.asarray(rate_per_s, dtype=np.float64))


def keep_warm(server: ScaleToZero) -> ScaleToZero:
    """The same server with one replica kept up for good: all of the month is billed."""
    return replace(server, idle_timeout_s=math.inf)
