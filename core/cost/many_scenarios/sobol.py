"""Total Sobol indices: how much of a result's variance an input has a part in.

It is the share that would be left if all the other inputs were known: its own effect and its
interactions.
"""

import math

import numpy as np

from core.cost.curve.piecewise import Floats
from core.cost.many_scenarios.value_of_information import Estimated
from core.errors import ModelInputError


def total_indices(base: Floats, exchanged: Floats) -> tuple[Estimated, ...]:
    """S_T of each input, sum (f(A) - f(A_B^i))^2 / (2 n V) (Jansen 1999, as in Saltelli 2010).

    ``base`` holds f(A), one value a sample; row i of ``exchanged`` holds the same with input i
    drawn anew. Indices are 0 where nothing varies. The standard error is that of the ratio.
    """
    if base.ndim != 1 or exchanged.ndim != 2 or exchanged.shape[1] != base.size:
        raise ModelInputError("each input needs as many results as there are in the base")
    centred = base - base.mean()
    variance = float(centred @ centred) / base.size
    return tuple(_index(base - row, centred, variance) for row in exchanged)


def _index(difference: Floats, centred: Floats, variance: float) -> Estimated:
    if variance == 0:
        return Estimated(0.0, 0.0)
    halves = difference**2 / 2
    index = float(halves.mean()) / variance
    # Error of a ratio of means: that of its numerator less the index times its denominator.
    spread = float(np.std(halves - index * centred**2)) / variance
    return Estimated(index, spread / math.sqrt(difference.size))
