"""A logarithmic axis of time whose ticks stay readable over a narrow range: 1, 2, 5, 10 ms."""

import math
from typing import Any, Final

from core.units import MS_PER_S
from dashboard import formats
from dashboard.figures.base.frame import FONT_PX
from dashboard.figures.base.palette import Palette

WIDE_DECADES: Final = 2.6
"""From here on one tick a decade is enough; below it 2 and 5 are marked too."""


def objective_line(slo_p95_s: float, colours: Palette) -> dict[str, Any]:
    """The latency objective (seconds, > 0) as a vertical line over such an axis."""
    x = slo_p95_s * MS_PER_S
    line = {"color": colours.limit, "width": 1.5, "dash": "dash"}
    return {"type": "line", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line}


def ms_tick(value_ms: float) -> str:
    """A tick of such an axis."""
    return formats.duration(value_ms / MS_PER_S)


def time_axis(low_s: float, high_s: float, colours: Palette, title: str) -> dict[str, Any]:
    """An axis in milliseconds from low to high (both > 0)."""
    values = [value_s * MS_PER_S for value_s in tick_values_s(low_s, high_s)]
    return {
        "type": "log",
        "range": [math.log10(low_s * MS_PER_S), math.log10(high_s * MS_PER_S)],
        "tickvals": values,
        "ticktext": [formats.duration(value / MS_PER_S) for value in values],
        "tickfont": {"size": FONT_PX, "color": colours.muted},
        "title": {"text": title, "font": {"size": FONT_PX, "color": colours.muted}, "standoff": 8},
        "gridcolor": colours.grid,
        "zeroline": False,
        "automargin": True,
    }


def tick_values_s(low_s: float, high_s: float) -> list[float]:
    """Round times within the range, rising."""
    mantissas = (1,) if math.log10(high_s / low_s) > WIDE_DECADES else (1, 2, 5)
    first, last = math.floor(math.log10(low_s)), math.ceil(math.log10(high_s))
    return [
        value
        for exponent in range(first, last + 1)
        for mantissa in mantissas
        # Through text: 2 * 10**-3 may not be 0.002.
        if low_s <= (value := float(f"{mantissa}e{exponent}")) <= high_s
    ]
