"""When requests are due: an absolute schedule, drawn before the run starts.

An open loop sends on the schedule whatever the endpoint does, so that a stall is seen by every
request that would have arrived during it (no coordinated omission).
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelInputError
from core.units import NS_PER_SECOND


def schedule_ns(
    n: int, rate_per_s: float, arrivals: Literal["poisson", "constant"], seed: int
) -> NDArray[np.int64]:
    """Due times of ``n`` requests, ns after the start of the schedule, never falling.

    ``poisson``: exponential gaps of mean ``1 / rate_per_s``, reproducible by ``seed``.
    ``constant``: one every ``1 / rate_per_s``, the first at 0; computed from the position, so
    that rounding does not add up. Raises ModelInputError for n < 0 or a rate that is not
    positive and finite.
    """
    if n < 0:
        raise ModelInputError(f"the number of requests must be 0 or more, not {n}")
    if not (rate_per_s > 0 and np.isfinite(rate_per_s)):
        raise ModelInputError(f"the rate must be a positive number per second, not {rate_per_s}")
    if arrivals == "constant":
        due_s = np.arange(n) / rate_per_s
    else:
        due_s = np.cumsum(np.random.default_rng(seed).exponential(1 / rate_per_s, n))
    return np.rint(due_s * NS_PER_SECOND).astype(np.int64)
