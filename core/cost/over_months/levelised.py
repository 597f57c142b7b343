"""Present value and levelised cost: payments of a horizon today, and what its tokens cost."""

import math

import numpy as np

from core.cost.by_replica.capital import monthly_rate
from core.cost.curve.checks import not_empty, not_negative
from core.cost.curve.piecewise import Floats
from core.errors import ModelInputError
from core.units import TOKENS_PER_MTOK


def discount_factors(rate_per_year: float, months: int) -> Floats:
    """(1 + i)^-t for the ends of months 1 ... n, i = (1 + r)^(1/12) - 1."""
    growth = math.log1p(monthly_rate(rate_per_year))
    result: Floats = np.exp(-growth * np.arange(1, months + 1))
    return result


def present_value(monthly_amounts: Floats, rate_per_year: float) -> float:
    """Worth at time 0 of amounts at the ends of the months, sum of a_t (1 + i)^-t."""
    amounts = not_empty("monthly amounts", monthly_amounts)
    if not np.all(np.isfinite(amounts)):
        raise ModelInputError("monthly amounts must be finite numbers")
    return float(amounts @ discount_factors(rate_per_year, amounts.size))


def total_present_usd(
    monthly_usd: Floats, rate_per_year: float, capital_usd: float = 0.0, residual_usd: float = 0.0
) -> float:
    """Worth at time 0 of all cost: capital, months at their ends, less the resale at the last."""
    not_negative("capital", capital_usd)
    not_negative("residual value", residual_usd)
    running = present_value(monthly_usd, rate_per_year)
    resale = residual_usd * float(discount_factors(rate_per_year, monthly_usd.size)[-1])
    return capital_usd + running - resale


def levelised_usd_per_mtok(
    monthly_usd: Floats,
    monthly_tokens: Floats,
    rate_per_year: float,
    capital_usd: float = 0.0,
    residual_usd: float = 0.0,
) -> float | None:
    """Price of a million tokens at which the horizon breaks even; None where no token comes.

    (capital + sum C_t (1 + i)^-t - S (1 + i)^-n) / sum V_t (1 + i)^-t. The tokens are discounted
    too, as in the levelised cost of energy: sold at this price month by month, they are worth
    exactly what they cost.
    """
    tokens = not_negative("tokens of a month", not_empty("monthly tokens", monthly_tokens))
    if tokens.shape != monthly_usd.shape:
        raise ModelInputError(
            f"costs and tokens must cover the same months, not {monthly_usd.size} and {tokens.size}"
        )
    usd = total_present_usd(monthly_usd, rate_per_year, capital_usd, residual_usd)
    worth = present_value(tokens, rate_per_year)
    return usd / worth * TOKENS_PER_MTOK if worth > 0 else None
