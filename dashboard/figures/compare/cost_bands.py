"""Where 9 of 10 samples of a cost lie, as an area behind its line."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.units import TOKENS_PER_MTOK
from dashboard import formats
from dashboard.figures.base.palette import Palette
from dashboard.figures.compare.cost_lines import Line
from dashboard.figures.compare.cost_view import CostBand, CostView

OPACITY: Final = 0.16
NARROWEST: Final = 1.02
"""High over low below which a band is no wider than its line."""
SMALLEST: Final = 1e-12
"""USD: a log axis has no zero."""


def band_traces(lines: Sequence[Line], look: CostView) -> list[dict[str, Any]]:
    """An area without a name for each emphasised option whose cost is not certain."""
    by_id = {band.option_id: band for band in look.bands}
    return [
        _area(by_id[line.curve.option.id], line.index, look)
        for line in lines
        if line.curve.option.id in look.emphasised
        and line.curve.option.id in by_id
        and _is_wide(by_id[line.curve.option.id])
    ]


def _is_wide(band: CostBand) -> bool:
    return bool(np.any(band.high_usd > NARROWEST * band.low_usd))


def _area(band: CostBand, index: int, look: CostView) -> dict[str, Any]:
    x = band.tokens_per_month
    unit = 1.0 if look.view == "month" else TOKENS_PER_MTOK / x
    ends = (formats.money().of(usd * unit) for usd in (band.high_usd, band.low_usd))
    high, low = (np.maximum(end, SMALLEST) for end in ends)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.concatenate((x, x[::-1])),
        "y": np.concatenate((high, low[::-1])),
        "fill": "toself",
        "fillcolor": _faint(look.palette, index),
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _faint(palette: Palette, index: int) -> str:
    """The option's colour, nearly transparent."""
    colour = palette.line(index).lstrip("#")
    red, green, blue = (int(colour[i : i + 2], 16) for i in (0, 2, 4))
    return f"rgba({red},{green},{blue},{OPACITY})"
