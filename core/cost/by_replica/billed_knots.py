"""Volumes between which the billed share of a GPU by the second is nearly straight."""

import math
from typing import Final

import numpy as np

from core.cost.by_replica.scale_to_zero import ScaleToZero
from core.cost.curve.piecewise import Floats

_QUIET: Final = 1e-4
"""Requests in an idle time-out below which the billed share is proportional to the volume."""

_LEAST_KNOTS: Final = 200
_EACH_DECADE: Final = 22

_MOST_TOKENS: Final = 1e17
"""A month: ten times all that can be asked. Hours that sleep until then need no knots beyond."""


def smooth_knots(
    server: ScaleToZero, tokens_at_a_request_per_s: float, peak_load: float, last: float
) -> Floats:
    """Evenly spaced on a log axis, tokens/month, from the first that bends up to ``last``.

    ``tokens_at_a_request_per_s`` is the volume of one request a second, ``peak_load`` the busiest
    hour's load over the mean.
    """
    longest_s = max(server.cold_start_s, server.service_mean_s)
    if math.isfinite(server.idle_timeout_s):
        longest_s += server.idle_timeout_s
    quiet = _QUIET * tokens_at_a_request_per_s / (longest_s * peak_load)
    first = min(quiet, last / 2)
    end = max(min(last, _MOST_TOKENS), 2 * first)
    knots = max(_LEAST_KNOTS, math.ceil(_EACH_DECADE * math.log10(end / first)))
    return np.geomspace(first, end, knots)
