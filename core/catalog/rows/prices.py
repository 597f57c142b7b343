"""A dated price in the unit in which it is billed, with its tiers and its source."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from core.catalog.rows.currencies import CurrencyCode, as_written, in_usd
from core.catalog.rows.provenance import (
    Positive,
    PositiveDecimal,
    Row,
    Source,
)
from core.errors import CatalogError


class PriceUnit(StrEnum):
    """The unit as billed. The model converts; the catalogue never does."""

    PER_MTOK = "usd_per_mtok"
    PER_MCHAR = "usd_per_mchar"
    PER_REQUEST = "usd_per_request"
    PER_SECOND = "usd_per_second"
    PER_HOUR = "usd_per_hour"
    PER_MONTH = "usd_per_month"
    TO_BUY = "usd_to_buy"
    """Once, for a machine that is one's own from then on."""

    @property
    def words(self) -> str:
        """As it stands behind an amount: "per 1M tokens"."""
        return _UNIT_WORDS[self]


_UNIT_WORDS: Final = {
    PriceUnit.PER_MTOK: "per 1M tokens",
    PriceUnit.PER_MCHAR: "per 1M characters",
    PriceUnit.PER_REQUEST: "per request",
    PriceUnit.PER_SECOND: "per second",
    PriceUnit.PER_HOUR: "per hour",
    PriceUnit.PER_MONTH: "per month",
    PriceUnit.TO_BUY: "to buy",
}


TIME_UNITS: Final = (PriceUnit.PER_SECOND, PriceUnit.PER_HOUR, PriceUnit.PER_MONTH)
"""Units in which a machine is rented; an API sells by the rest, or by the second it computes."""


_BY_USE: Final = (
    *("usd", "low", "high", "batch_usd", "usd_per_call", "usd_per_core", "usd_per_gib", "amount"),
)
"""Amounts of a price that go with use: fees and minimums of a month do not."""


class Tier(Row):
    """A graduated tier: the price of the units up to and including ``up_to_units``."""

    up_to_units: Positive | None = None
    """Upper bound in billed units a month; absent on the last tier."""
    usd: PositiveDecimal


class Price(Row):
    """One dated price of one offer. A new price is a new row; the old one stays."""

    model_config = ConfigDict(json_schema_extra=as_written)

    source: Source
    usd: Annotated[Decimal, Field(allow_inf_nan=False, json_schema_extra={"minimum": 0})]
    """Above 0: what is free is so by the user's own word alone."""
    unit: PriceUnit
    low: PositiveDecimal | None = None
    """Lowest value that a source gives, where sources disagree."""
    high: PositiveDecimal | None = None
    batch_usd: PositiveDecimal | None = None
    """Price in the same unit through the provider's batch interface, where it has one."""
    batch_note: str = ""
    tiers: tuple[Tier, ...] = ()
    """Graduated tiers in the same unit, cheapest bound first; ``usd`` is then the first tier's."""
    tier_rule: Literal["graduated", "all_units"] = "graduated"
    """Whether a tier's price holds for the units in it, or for all units of the month."""
    free_units: Positive | None = None
    """Units a month that cost nothing; the tiers count from there."""
    usd_fixed_per_month: PositiveDecimal | None = None
    """Monthly fee, used or not; it counts towards the minimum."""
    usd_minimum_per_month: PositiveDecimal | None = None
    usd_per_call: PositiveDecimal | None = None
    """Fee of a call, besides the units in it."""
    usd_per_core: PositiveDecimal | None = None
    """Of a GPU that is billed while it runs: a processor core beside it, in the same unit."""
    usd_per_gib: PositiveDecimal | None = None
    """The same for a GiB of memory."""
    usd_set_up: PositiveDecimal | None = None
    """Fee of a machine once, when it is taken."""
    amount: PositiveDecimal | None = None
    """The price as billed, where that is not in USD; ``usd`` is made of it."""
    currency: CurrencyCode | None = None
    usd_per_currency: PositiveDecimal | None = None
    """Rate by which ``usd`` was made of ``amount``."""
    _listed: Decimal | None = PrivateAttr(default=None)

    _in_usd = model_validator(mode="before")(in_usd)

    @field_validator("usd")
    @classmethod
    def _free_by_ones_word(cls, usd: Decimal, info: ValidationInfo) -> Decimal:
        """Unknown is absent, never 0: nobody but the user says that a thing costs nothing."""
        source = info.data.get("source")
        free = usd == 0 and isinstance(source, Source) and source.is_yours
        if not (usd > 0 or free):
            raise PydanticCustomError("greater_than", "Input should be greater than 0")
        return usd

    def times(self, factor: Decimal) -> "Price":
        """The price with every amount by use multiplied; fees and minimums of a month stay."""
        scaled = {
            name: value * factor for name in _BY_USE if (value := getattr(self, name)) is not None
        }
        tiers = tuple(tier.model_copy(update={"usd": tier.usd * factor}) for tier in self.tiers)
        return self.model_copy(update={**scaled, "tiers": tiers})

    def less(self, share: float) -> "Price":
        """The price with a discount of one's own off it; what the list says is kept beside."""
        price = self.times(1 - Decimal(str(share)))
        price._listed = self.usd  # noqa: SLF001 -- of the same class
        return price

    @property
    def list_usd(self) -> Decimal:
        """What the list says, whatever is taken off."""
        return self.usd if self._listed is None else self._listed

    @property
    def share_off(self) -> float:
        """What is taken off the list, as a share; 0: nothing."""
        return 0.0 if self._listed is None else float(1 - self.usd / self._listed)

    @property
    def alone(self) -> "Price":
        """Unit, price and source, without what is charged or given besides."""
        return Price(usd=self.usd, unit=self.unit, source=self.source)

    @model_validator(mode="after")
    def _ordered(self) -> "Price":
        if self.low is not None and self.low > self.usd:
            raise ValueError(f"low {self.low} is above the price {self.usd}")
        if self.high is not None and self.high < self.usd:
            raise ValueError(f"high {self.high} is below the price {self.usd}")
        if self.batch_usd is not None and self.batch_usd > self.usd:
            raise ValueError(f"batch_usd {self.batch_usd} is above the price {self.usd}")
        return self

    @model_validator(mode="after")
    def _host_whole(self) -> "Price":
        if (self.usd_per_core is None) != (self.usd_per_gib is None):
            raise ValueError(
                "usd_per_core and usd_per_gib come together: give both, or neither where the "
                "vendor does not say"
            )
        return self

    @model_validator(mode="after")
    def _tiers(self) -> "Price":
        bounds = [t.up_to_units for t in self.tiers]
        if bounds and (bounds[-1] is not None or None in bounds[:-1]):
            raise ValueError("the last tier, and only the last, has no up_to_units")
        known = [b for b in bounds if b is not None]
        if known != sorted(set(known)):
            raise ValueError("tiers must be in rising order of up_to_units")
        if self.tiers and self.tiers[0].usd != self.usd:
            raise ValueError(f"usd {self.usd} is not the first tier's {self.tiers[0].usd}")
        return self


def _dated_in_order(prices: tuple[Price, ...]) -> tuple[Price, ...]:
    """Prices of one offer: at least one, oldest first, no two of the same date."""
    if not prices:
        raise ValueError("an offer needs at least one price")
    dates = [(price.source.as_of, price.source.read) for price in prices]
    if dates != sorted(set(dates)):
        raise ValueError(
            f"prices must be in order of date, newest last, not {', '.join(d for d, _ in dates)}"
        )
    return prices


def newest(prices: tuple[Price, ...], label: str) -> Price:
    """The last price. Raises CatalogError where an offer has none by the day that is asked."""
    if not prices:
        raise CatalogError(f"{label} has no price by the day that is asked: choose a later day")
    return prices[-1]


def known_by(prices: tuple[Price, ...], day: date) -> tuple[Price, ...]:
    """Prices whose source's date begins on or before a day, oldest first; maybe none.

    The order of dates is that of their first days, so a later day never has an older newest price.
    """
    return tuple(price for price in prices if price.source.begins <= day)


Prices = Annotated[tuple[Price, ...], AfterValidator(_dated_in_order)]
