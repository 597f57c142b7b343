"""The currency in which amounts are shown. The model computes in USD: only what is read is turned.

One unit of a currency is worth ``usd`` dollars, so an amount in it is USD/``usd``. A rate is the
catalogue's or the reader's own, each with its day; none is ever assumed.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.catalog.schema import Currency
from core.errors import ScenarioError

SIGNS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "CHF": "CHF\u00a0"}
"""Before an amount, by ISO 4217 code: the currencies that can be shown."""
LOWEST_RATE_USD: Final = 0.01
HIGHEST_RATE_USD: Final = 100.0
"""No currency that can be shown was ever worth less or more: a rate beyond is a slip."""

_AMOUNT: Final = re.compile(r"\$(\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?)")
_USD: Final = re.compile(r"(?<![A-Za-z])(USD|usd)(?![A-Za-z])")

Number = TypeVar("Number", float, NDArray[np.float64])


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency was worth, when, and who says so."""

    usd: float
    dated: str
    said_by: str


@dataclass(frozen=True, slots=True)
class Money:
    """A currency with the rate at which amounts in USD are shown in it."""

    code: str = "USD"
    rate: Rate | None = None
    """None: USD itself."""

    @property
    def sign(self) -> str:
        """What stands before an amount: $, €, £, CHF."""
        return SIGNS[self.code]

    @property
    def usd(self) -> float:
        """USD for one."""
        return 1.0 if self.rate is None else self.rate.usd

    def of(self, usd: Number) -> Number:
        """An amount, or a column of amounts, in USD as one in this currency."""
        return usd / self.usd

    def named(self, name: str) -> str:
        """The name of a column or unit of USD as that of one in this currency: EUR/month."""
        if self.rate is None:
            return name
        return _USD.sub(lambda m: self.code if m[0].isupper() else self.code.lower(), name)

    def in_unit(self, value: float, unit: str) -> tuple[float, str]:
        """A value with its unit; where that is one of USD, both in this currency."""
        return (self.of(value), self.named(unit)) if is_of_usd(unit) else (value, unit)

    def in_text(self, text: str) -> str:
        """A text of the model with its amounts in this currency: $0.526/h, $1,200, $1e-05."""
        return text if self.rate is None else _AMOUNT.sub(self._turned, text)

    def _turned(self, match: re.Match[str]) -> str:
        """As many decimals as there were, and more where three digits need them."""
        digits = match[1].replace(",", "")
        value = self.of(float(digits))
        if value == 0:
            return f"{self.sign}{match[1]}"
        there = 0 if "e" in digits.lower() else len(digits.partition(".")[2])
        decimals = max(there, 2 - math.floor(math.log10(value)))
        return f"{self.sign}{value:,.{decimals}f}"


DOLLARS: Final = Money()


def is_of_usd(name: str) -> bool:
    """Whether a column or a unit names USD: "USD/month", "5 % (USD/month)", "usd_per_month"."""
    return _USD.search(name) is not None


def catalogue_rates(currencies: Iterable[Currency]) -> dict[str, Rate]:
    """The rates that the catalogue has, by the currency's code."""
    return {
        row.id: Rate(float(row.usd), row.source.as_of, row.source.where)
        for row in currencies
        if row.id in SIGNS
    }


def own_rate(usd: float, day: date) -> Rate:
    """A rate that the reader typed on a day. Raises ScenarioError for one that cannot be."""
    if not LOWEST_RATE_USD <= usd <= HIGHEST_RATE_USD:
        raise ScenarioError(
            f"A rate of {usd:g} USD for one cannot be: type one from {LOWEST_RATE_USD:g} to "
            f"{HIGHEST_RATE_USD:g}."
        )
    return Rate(usd, day.isoformat(), "yours")


def money_in(code: str, rates: Mapping[str, Rate], own: Rate | None = None) -> Money:
    """A currency with the reader's own rate, else with the catalogue's.

    Raises ScenarioError for another currency, and for one of which nobody gave a rate.
    """
    if code not in SIGNS:
        raise ScenarioError(f"{code[:10]!r} cannot be shown: choose one of {', '.join(SIGNS)}.")
    if code == DOLLARS.code:
        return DOLLARS
    rate = own or rates.get(code)
    if rate is None:
        raise ScenarioError(
            f"The catalogue has no rate of {code}: say how many USD one {code} is worth."
        )
    return Money(code, rate)
