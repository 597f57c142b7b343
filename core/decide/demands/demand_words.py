"""Amounts and lists as the sentences on demands write them."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Final

from core.cost.curve.break_even import TIE_RELATIVE

WHOLE_CENTS_FROM: Final = 1.0
"""USD from which cents say enough; below, three digits do."""


def usd_words(usd: float) -> str:
    """An amount in USD: $1,234.50, $0.0012."""
    return f"${usd:,.2f}" if usd >= WHOLE_CENTS_FROM or usd == 0 else f"${float(f'{usd:.3g}')!r}"


def usd_enough(usd: float) -> str:
    """An amount in USD that, typed as it stands, is not below: rounded up.

    What only rounding adds to a bill is left out.
    """
    bill = Decimal(repr(usd * (1 - TIE_RELATIVE / 2)))
    decimals = 2 if usd >= WHOLE_CENTS_FROM or usd <= 0 else 2 - bill.adjusted()
    step = Decimal(1).scaleb(-decimals)
    return usd_words(float(bill.quantize(step, ROUND_CEILING)))


def listed(words: Sequence[str], joint: str = "and") -> str:
    """A, B and C."""
    *most, last = words
    return f"{', '.join(most)} {joint} {last}" if most else last
