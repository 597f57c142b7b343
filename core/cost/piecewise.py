"""Monthly cost as an exact piecewise-affine function of the volume in tokens/month."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Piecewise:
    """Cost in USD/month over volume in tokens/month, as left-open, right-closed affine pieces.

    Piece i holds for ``upper[i-1] < v <= upper[i]`` (the first one also at v = 0) and costs
    ``usd_fixed[i] + usd_per_token[i] * v``. The last upper bound is +inf. At a step the value
    belongs to the lower piece: exactly k capacities need k replicas.
    """

    upper_tokens: Floats
    usd_fixed: Floats
    usd_per_token: Floats

    def at(self, tokens_per_month: Floats | float) -> Floats:
        """Cost in USD/month at each volume (any shape)."""
        volume = np.asarray(tokens_per_month, dtype=np.float64)
        i = np.searchsorted(self.upper_tokens, volume, side="left")
        result: Floats = self.usd_fixed[i] + self.usd_per_token[i] * volume
        return result
