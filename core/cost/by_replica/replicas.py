"""How many replicas a rate needs."""

import numpy as np
from numpy.typing import ArrayLike

from core.cost.curve.checks import not_negative, positive, whole
from core.cost.curve.piecewise import Floats, whole_steps


def replicas_needed(rate: ArrayLike, capacity: float, minimum: int = 1, spare: int = 0) -> Floats:
    """R = max(R_min, ceil(rate/capacity)) + spare (any shape; rate and capacity in one unit).

    Exactly k capacities need k replicas whatever the rounding; a rate above 0 needs at least one.
    """
    load = not_negative("rate", np.asarray(rate, dtype=np.float64))
    steps = load / positive("capacity of a replica", capacity)
    carried = np.where(load > 0, np.maximum(1.0, whole_steps(steps)), 0.0)
    needed = np.maximum(whole("minimum of replicas", minimum), carried)
    result: Floats = needed + whole("spare replicas", spare)
    return result
