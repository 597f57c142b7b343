"""Volumes that grow from month to month, and the corpus that they leave behind.

Month 1 has the ungrown volume.
"""

import math

import numpy as np

from core.cost.curve.checks import above_minus_one, not_negative, whole
from core.cost.curve.piecewise import Floats
from core.errors import ModelInputError


def growth_volumes(first_month: float, growth_per_month: float, months: int) -> Floats:
    """Volume of each month, V_t = V_1 (1 + g)^(t - 1), t = 1 ... n."""
    _check(first_month, growth_per_month, months)
    exponents = np.arange(months) * math.log1p(growth_per_month)
    if exponents.size and exponents[-1] > _LARGEST_EXPONENT:
        raise _too_large(growth_per_month, months)
    result: Floats = first_month * np.exp(exponents)
    return result


def growth_sum(first_month: float, growth_per_month: float, months: int) -> float:
    """All months together, V_1 ((1 + g)^n - 1)/g; V_1 n in the limit g = 0."""
    _check(first_month, growth_per_month, months)
    if growth_per_month == 0:
        return first_month * months
    exponent = months * math.log1p(growth_per_month)
    if exponent > _LARGEST_EXPONENT:
        raise _too_large(growth_per_month, months)
    # Divided first: the smallest growths that a float holds would vanish beside a small volume.
    return first_month * (math.expm1(exponent) / growth_per_month)


def corpus_tokens(
    initial_tokens: float, added_in_first_month: float, growth_per_month: float, months: int
) -> float:
    """Tokens of all documents after so many months: those at the start and those that came."""
    not_negative("tokens of the corpus at the start", initial_tokens)
    return initial_tokens + growth_sum(added_in_first_month, growth_per_month, months)


_LARGEST_EXPONENT = 300.0
"""Growth by e^300 in all: beyond it volumes come near the end of what a float can hold."""


def _check(first_month: float, growth_per_month: float, months: int) -> None:
    not_negative("volume of the first month", first_month)
    above_minus_one("growth a month", growth_per_month)
    whole("months", months)


def _too_large(growth_per_month: float, months: int) -> ModelInputError:
    return ModelInputError(
        f"growth a month of {growth_per_month:g} over {months} months passes all bounds; "
        "shorten the horizon or lower the growth"
    )
