"""Prices in the currency in which they are billed, and the rates that make USD of them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import StringConstraints, ValidationInfo

from core.catalog.rows.provenance import PositiveDecimal, Row, Source

CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 4217: "EUR"."""

RATES: Final = "rates"
"""Under which name a validation is given USD by currency code."""

_CONVERTED: Final = {"amount": "usd", "low": "low", "high": "high", "set_up": "usd_set_up"}
"""Key of a row in another currency -> that of the price in USD."""

_UNITS: Final = ("per_hour", "per_month", "per_second", "to_buy")


class Currency(Row):
    """What one unit of a currency was worth."""

    id: CurrencyCode
    usd: PositiveDecimal
    """USD for one."""
    source: Source


def in_usd(table: Any, info: ValidationInfo) -> Any:
    """A price row with ``amount`` and ``currency`` as one in USD; any other as it is.

    Raises ValueError where no rate of the currency is given to the validation.
    """
    if not isinstance(table, dict) or "currency" not in table or "usd_per_currency" in table:
        return table
    if "usd" in table or "amount" not in table:
        raise ValueError("a price has either usd, or an amount and its currency")
    if table.get("unit") not in _UNITS:
        raise ValueError(f"a price with a currency is billed {', '.join(_UNITS)}: mend its unit")
    rates: Mapping[str, Decimal] = (info.context or {}).get(RATES, {})
    rate = rates.get(table["currency"])
    if rate is None:
        raise ValueError(
            f"no rate of {table['currency']!r} is in currencies.toml: add it with its source"
        )
    others = {key: value for key, value in table.items() if key not in _CONVERTED}
    converted = {name: table[key] * rate for key, name in _CONVERTED.items() if _number(table, key)}
    unit = f"usd_{table['unit']}"
    billed = {"amount": table["amount"], "usd_per_currency": rate, "unit": unit}
    return others | converted | billed


def as_written(schema: dict[str, Any]) -> None:
    """Let the JSON Schema of a price take rows in another currency, as a file may hold them."""
    properties = schema["properties"]
    properties["set_up"] = {"exclusiveMinimum": 0, "type": "number"}
    properties["unit"] = {"anyOf": [properties["unit"], {"enum": list(_UNITS)}]}
    schema["required"] = [name for name in schema["required"] if name != "usd"]
    schema["anyOf"] = [{"required": ["usd"]}, {"required": ["amount", "currency"]}]


def _number(table: dict[str, Any], key: str) -> bool:
    """Whether a key is there. Raises ValueError where it holds no number."""
    value = table.get(key)
    if value is None:
        return False
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not value > 0:
        raise ValueError(
            f"{key} must be a number above 0, not {value!r}: leave out what is unknown"
        )
    return True
