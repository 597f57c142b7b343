"""What the figures of a run share: frame, legend, axes, marks with intervals."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.measurement.estimate import Estimate
from core.units import MS_PER_S
from dashboard import formats
from dashboard.figures.base.frame import FONT_PX
from dashboard.figures.base.frame import frame as plain_frame
from dashboard.figures.base.palette import Palette

HEIGHT_PX: Final = 330
LEAST_SPREAD: Final = 4.0
"""An axis of times spans at least this factor: noise must not fill the picture."""


def frame(colours: Palette, height_px: int = HEIGHT_PX, **more: Any) -> dict[str, Any]:
    """The layout that every figure begins with."""
    legend = {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"}
    return plain_frame(height_px, colours) | {"showlegend": True, "legend": legend} | more


def axis(title: str, colours: Palette, **more: Any) -> dict[str, Any]:
    """A plain axis with its name."""
    return {
        "title": {"text": title, "font": {"size": FONT_PX, "color": colours.muted}, "standoff": 8},
        "gridcolor": colours.grid,
        "tickfont": {"color": colours.muted},
        "zeroline": False,
        "automargin": True,
    } | more


def window_s(values_s: Sequence[float | None]) -> tuple[float, float]:
    """A range of times around those that are known and positive."""
    known = [value for value in values_s if value]
    low, high = min(known, default=0.01), max(known, default=0.1)
    widen = max(1.0, (LEAST_SPREAD * low / high) ** 0.5)
    return low / widen / 1.3, high * widen * 1.3


def bounds_s(estimates: Sequence[Estimate]) -> list[float | None]:
    """Every number of some percentiles, for the range of an axis."""
    return [x for e in estimates for x in (e.value_s, e.low_s, e.high_s)]


def marks(
    name: str,
    x: Sequence[Any],
    estimates: Sequence[Estimate],
    style: Mapping[str, Any],
    *,
    lines: bool = True,
) -> dict[str, Any]:
    """Percentiles with their intervals as whiskers; one without a bound has none there."""
    values = [e.value_s for e in estimates]
    return {
        "type": "scatter",
        "mode": "lines+markers" if lines else "markers",
        "name": name,
        "x": list(x),
        "y": [None if v is None else v * MS_PER_S for v in values],
        "line": {"color": style["color"], "dash": style.get("dash", "solid"), "width": 2},
        "marker": {"color": style["color"], "symbol": style.get("symbol", "circle"), "size": 8},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [_reach(e.value_s, e.high_s) for e in estimates],
            "arrayminus": [_reach(e.low_s, e.value_s) for e in estimates],
            "color": style["color"],
            "thickness": 1.5,
            "width": 5,
        },
        "text": [formats.duration(v) for v in values],
        "hovertemplate": f"{name} %{{text}}<extra></extra>",
    }


def _reach(low_s: float | None, high_s: float | None) -> float:
    """Length of a whisker, ms."""
    return 0.0 if low_s is None or high_s is None else (high_s - low_s) * MS_PER_S
