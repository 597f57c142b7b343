"""Payback time: when savings have paid for their capital, and whether it stays paid."""

from dataclasses import dataclass

import numpy as np

from core.cost.curve.break_even import TIE_RELATIVE
from core.cost.curve.checks import not_empty, not_negative
from core.cost.curve.piecewise import Floats
from core.cost.over_months.levelised import discount_factors
from core.errors import ModelInputError


@dataclass(frozen=True, slots=True)
class Payback:
    """When cumulative savings reach the capital. Months are counted from 1; 0 needs no saving."""

    month: int | None
    """First month at whose end they do, equality included; None: not within the horizon."""
    interpolated_months: float | None
    """The same with the month's savings coming in evenly."""
    holds_at_horizon: bool
    """Whether they still cover the capital at the end of the last month."""
    lost_in_month: int | None
    """First month after it at whose end they cover it no more; None: never."""


def payback(capital_usd: float, monthly_savings_usd: Floats, rate_per_year: float = 0.0) -> Payback:
    """Follow the savings of months 1 ... n against capital spent at time 0.

    A month of loss is a negative saving. With a rate, savings count with their worth at time 0
    (discounted payback).
    """
    not_negative("capital", capital_usd)
    cumulative = cumulative_savings(monthly_savings_usd, rate_per_year)
    covered = cumulative >= capital_usd * (1 - TIE_RELATIVE)
    holds = bool(covered[-1])
    if not covered.any():
        return Payback(None, None, holds_at_horizon=False, lost_in_month=None)
    month = int(np.argmax(covered))
    lost = np.flatnonzero(~covered[month:])
    return Payback(
        month=month,
        interpolated_months=_interpolated(cumulative, month, capital_usd),
        holds_at_horizon=holds,
        lost_in_month=month + int(lost[0]) if lost.size else None,
    )


def cumulative_savings(monthly_savings_usd: Floats, rate_per_year: float = 0.0) -> Floats:
    """Savings up to the end of each month, from 0 at time 0: one more than there are months."""
    savings = not_empty("monthly savings", monthly_savings_usd)
    if not np.all(np.isfinite(savings)):
        raise ModelInputError("monthly savings must be finite numbers")
    worth = savings * discount_factors(rate_per_year, savings.size)
    result: Floats = np.concatenate(([0.0], np.cumsum(worth)))
    return result


def _interpolated(cumulative: Floats, month: int, capital_usd: float) -> float:
    """Months until the capital is met, linear inside the month that meets it."""
    if month == 0:
        return 0.0
    before, after = float(cumulative[month - 1]), float(cumulative[month])
    return month - 1 + min(1.0, (capital_usd - before) / (after - before))
