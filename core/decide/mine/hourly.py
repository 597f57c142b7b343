"""A machine's price as one of an hour, whatever it is billed by."""

from core.catalog.schema import PriceUnit
from core.units import SECONDS_PER_HOUR, Calendar


def usd_per_hour(usd: float, unit: PriceUnit | None, calendar: Calendar) -> float:
    """USD an hour, of a price by the hour, by the second or by the month."""
    if unit is PriceUnit.PER_MONTH:
        return usd / calendar.hours_per_month
    return usd * SECONDS_PER_HOUR if unit is PriceUnit.PER_SECOND else usd
