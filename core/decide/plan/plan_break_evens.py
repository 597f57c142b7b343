"""The month in which each API is first dearer than self-hosting, and when a move pays back.

With every input as stated, as all break-evens: where two lines cross, not who leads on average.
"""

import numpy as np
from numpy.typing import NDArray

from core.cost.curve.piecewise import Floats
from core.cost.over_months.payback import payback
from core.cost.over_months.switching import Mask
from core.decide.options.options import is_self_hosted
from core.decide.plan.planner import Planner
from core.decide.result.plan_result import DatedBreakEven


def dated_break_evens(planner: Planner) -> tuple[DatedBreakEven, ...]:
    """Each API that is not blocked against the self-hosted options, month by month."""
    usable = _usable(planner)
    hosted = np.flatnonzero(planner.hosted & usable)
    if not hosted.size:
        return ()
    usd = _on_cost_alone(planner)
    apis = np.flatnonzero(~planner.hosted & ~planner.hybrid & usable)
    return tuple(_dated(planner, usd, int(api), hosted) for api in apis)


def _dated(planner: Planner, usd: Floats, api: int, hosted: NDArray[np.intp]) -> DatedBreakEven:
    """The first month in which some self-hosted option is cheaper, and that option."""
    reached = (usd[hosted] < usd[api]).any(axis=0)
    month = int(np.argmax(reached)) if reached.any() else None
    at = reached.size - 1 if month is None else month
    challenger = int(hosted[np.argmin(usd[hosted, at])])
    before, after = planner.horizon.curves[api], planner.horizon.curves[challenger]
    one_off = sum(line.usd_per_month for line in planner.mover.lines(before, after, 0))
    volumes = planner.horizon.tokens_per_month
    return DatedBreakEven(
        incumbent_id=before.option.id,
        incumbent=before.option.label,
        challenger_id=after.option.id,
        challenger=after.option.label,
        month=None if month is None else month + 1,
        tokens_per_month=None if month is None else float(volumes[month]),
        holds=bool(reached[-1]),
        payback=payback(one_off, usd[api] - usd[challenger], planner.horizon.rate_per_year),
        one_off_usd=one_off,
    )


def _usable(planner: Planner) -> Mask:
    blocked = [curve.option.blocked_reason for curve in planner.horizon.curves]
    return np.array([not reason for reason in blocked], dtype=bool)


def _on_cost_alone(planner: Planner) -> Floats:
    """Monthly costs as stated, rate limits left out: they decide who serves, not who is cheaper."""
    horizon = planner.horizon
    rows = []
    for curve, usd in zip(horizon.curves, horizon.stated, strict=True):
        assert curve.cost is not None  # noqa: S101  only priced options are planned with
        price = horizon.gpu_price if is_self_hosted(curve.option) else horizon.api_price
        at_volume = curve.cost.at(horizon.tokens_per_month) * price
        rows.append(np.where(np.isfinite(usd), usd, at_volume))
    return np.stack(rows)
