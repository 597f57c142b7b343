"""The normal law for numbers and arrays: distribution, density and loss, without scipy."""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from core.cost.curve.piecewise import Floats

_ERFC: Final = np.vectorize(math.erfc, otypes=[np.float64])


def normal_cdf(z: ArrayLike) -> Floats:
    """Phi(z) = erfc(-z / sqrt 2) / 2, exact in both tails (any shape)."""
    result: Floats = _ERFC(-np.asarray(z, dtype=np.float64) / math.sqrt(2)) / 2
    return result


def normal_pdf(z: ArrayLike) -> Floats:
    """phi(z) = exp(-z^2 / 2) / sqrt(2 pi)."""
    x = np.asarray(z, dtype=np.float64)
    result: Floats = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return result
