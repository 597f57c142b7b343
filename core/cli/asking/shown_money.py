"""In which currency a terminal shows amounts, and at which rate."""

from datetime import UTC, datetime

from core.catalog.schema import Catalog
from core.money import Money, catalogue_rates, money_in, own_rate


def shown_money(code: str, rate_usd: float | None, catalog: Catalog) -> Money:
    """The currency that is asked for, at the rate typed today or the catalogue's.

    Raises ScenarioError where there is no rate.
    """
    today = datetime.now(UTC).date()
    own = None if rate_usd is None else own_rate(rate_usd, today)
    return money_in(code.upper(), catalogue_rates(catalog.currencies), own)


def rate_words(money: Money) -> str:
    """At which rate amounts are shown, of which day, and who says so."""
    if money.rate is None:
        return "Amounts are in USD."
    rate = money.rate
    return f"1 {money.code} = {rate.usd:g} USD on {rate.dated} ({rate.said_by})."
