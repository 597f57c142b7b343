"""Capital recovery: what a purchase costs a month, with interest and resale."""

import math

from core.errors import ModelInputError
from core.units import MONTHS_PER_YEAR


def monthly_rate(rate_per_year: float) -> float:
    """Rate per month i = (1 + r)^(1/12) - 1 of an effective annual rate r >= 0."""
    if not rate_per_year >= 0 or math.isinf(rate_per_year):
        raise ModelInputError(f"the discount rate must be 0 or more, not {rate_per_year}")
    return math.expm1(math.log1p(rate_per_year) / MONTHS_PER_YEAR)


def capital_recovery(
    price_usd: float, residual_usd: float, rate_per_year: float, months: int
) -> float:
    """Equal payment in USD/month that buys a thing and keeps its resale value in sight.

    m = (P - S (1+i)^-n) * i / (1 - (1+i)^-n), with the price P paid at time 0, the residual S
    received at the end of month n and payments at month end; (P - S)/n in the limit r = 0.
    """
    if months < 1:
        raise ModelInputError(f"a lifetime is at least 1 month, not {months}")
    i = monthly_rate(rate_per_year)
    # log1p and expm1 keep the limit exact: 1 - (1+i)^-n loses its digits at a small rate.
    discounted_away = -math.expm1(-months * math.log1p(i))
    if i == 0 or discounted_away == 0:
        return (price_usd - residual_usd) / months
    return (price_usd - residual_usd * (1 - discounted_away)) * i / discounted_away
