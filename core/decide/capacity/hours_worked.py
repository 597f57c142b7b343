"""What replicas work through in each hour: as it comes, in the valleys, or gathered."""

import numpy as np

from core.cost.by_replica.gathered import rates_gathered
from core.cost.by_replica.replicas import replicas_needed
from core.cost.curve.piecewise import Floats
from core.cost.monthly_bill import MonthlyBill
from core.decide.load.rhythm import Rhythm


def rates_worked(
    bill: MonthlyBill, rhythm: Rhythm, mean: Floats, working: Floats, usable: float
) -> Floats:
    """Tokens a second of each hour, in the units of ``mean``, what an API takes included.

    ``mean`` rates and the replicas ``working`` in the busiest hour have a last axis of 1, which
    becomes that of the hours; ``usable`` is what one carries in its bursts.
    """
    filled: Floats = mean * np.array(rhythm.filled)
    online = mean * np.array(rhythm.online)
    if not bill.gathers:
        return filled
    each = usable / rhythm.burst
    online = np.minimum(online, working * each)
    total = np.minimum(filled, working * each).sum(axis=-1, keepdims=True)
    standing = bill.by_hour(replicas_needed(online, each, 0), working)
    return rates_gathered(online, total, standing, each, np.broadcast_to(working, online.shape))
