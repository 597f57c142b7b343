"""Logarithmic axes whose ticks are read as words: 100 M, 1 B; $10, $1,000; 10 ms, 1 s."""

import math
from collections.abc import Callable
from typing import Any, Final

from dashboard import formats
from dashboard.figures.base.frame import FONT_PX
from dashboard.figures.base.palette import Palette

MAX_TICKS: Final = 9


def log_axis(
    low: float, high: float, text: Callable[[float], str], colours: Palette, title: str = ""
) -> dict[str, Any]:
    """An axis from low to high (both > 0) with a tick at whole powers of ten."""
    exponents = range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)
    stride = max(1, math.ceil(len(exponents) / MAX_TICKS))
    values = [10.0**exponent for exponent in exponents if exponent % stride == 0]
    return {
        "type": "log",
        "range": [math.log10(low), math.log10(high)],
        "tickvals": values,
        "ticktext": [text(value) for value in values],
        "tickfont": {"size": FONT_PX, "color": colours.muted},
        "title": {"text": title, "font": {"size": FONT_PX, "color": colours.muted}, "standoff": 8},
        "gridcolor": colours.grid,
        "zeroline": False,
        "automargin": True,
    }


def money_tick(amount: float) -> str:
    """A tick of an axis of money, whose values are in the reader's currency."""
    return f"{formats.money().sign}{formats.compact(amount, 1)}"


def money_format() -> dict[str, str]:
    """How an even axis of money writes its ticks. d3 knows the dollar alone."""
    money = formats.money()
    if money.rate is None:
        return {"tickformat": "$,.4~r"}
    return {"tickformat": ",.4~r", "tickprefix": money.sign}
