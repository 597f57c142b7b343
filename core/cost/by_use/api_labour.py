"""People's time around an API: a line of its bill that no price of the provider moves."""

import math
from collections.abc import Iterable
from typing import Final

from core.cost.curve.breakdown import CostLine
from core.cost.under_factors.many_factors import Column

_INPUTS: Final = ("API labour",)


def api_labour_lines(usd_per_month: float) -> tuple[CostLine, ...]:
    """The line of a month, USD; none where it is left out."""
    if usd_per_month == 0:
        return ()
    return (CostLine("Labour", usd_per_month, "around all APIs together, a month", _INPUTS),)


def labour_moved(lines: Iterable[CostLine], factor: Column) -> Column:
    """What that labour costs more with its price multiplied, USD a month: L (f - 1)."""
    usd = math.fsum(line.usd_per_month for line in lines if line.inputs == _INPUTS)
    return usd * (factor - 1) if usd > 0 else 0.0
