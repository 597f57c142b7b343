"""When a run knows enough to stop early.

Looks come at growing sample sizes, the first at 100: an interval of 95 % that is looked at
25 requests apart still covers 94.3 %, with looks 1.5 times apart 94.9 % (a simulation of the
whole procedure stands in the tests).
"""

import math
from collections.abc import Sequence
from typing import Final

from core.probe.records.probe_plan import Paired, ProbePlan
from core.probe.records.sample import Sample
from core.probe.statistics.paired_difference import paired_log_ratio
from core.probe.statistics.percentiles import two_sided_ranks

FIRST_LOOK: Final = 100
LOOK_FACTOR: Final = 1.5


class Enough:
    """Looks at what a run has measured, seldom, and says whether the wanted precision is there."""

    def __init__(self, plan: ProbePlan) -> None:
        self._plan = plan
        self._next_look = FIRST_LOOK

    def known(self, measured: Sequence[Sample], waiting: int) -> bool:
        """Whether to stop. ``waiting`` requests have not ended and may be the slowest."""
        per_target = len(measured) // len(self._plan.targets)
        if self._plan.stop_at is None or per_target < self._next_look:
            return False
        self._next_look = math.ceil(per_target * LOOK_FACTOR)
        if isinstance(self._plan.schedule, Paired):
            return self._ratio_is_known(measured)
        times = [s.response_s for s in measured if s.asked] + [math.inf] * waiting
        return is_precise(times, self._plan.stop_at.quantile, self._plan.stop_at.factor)

    def _ratio_is_known(self, measured: Sequence[Sample]) -> bool:
        assert self._plan.stop_at is not None  # noqa: S101  asked above
        widest = 2 * math.log(self._plan.stop_at.factor)
        for rival in range(1, len(self._plan.targets)):
            ratio = paired_log_ratio(measured, 0, rival)
            if ratio is None or not ratio.high - ratio.low <= widest:
                return False
        return True


def is_precise(times_s: Sequence[float], quantile: float, factor: float) -> bool:
    """Whether the 95 % interval of a percentile is no wider than a factor either way."""
    ranks = two_sided_ranks(len(times_s), quantile)
    if ranks.low is None or ranks.high is None:
        return False
    ordered = sorted(times_s)
    low, high = ordered[ranks.low - 1], ordered[ranks.high - 1]
    return math.isfinite(high) and low > 0 and math.log(high / low) <= 2 * math.log(factor)
