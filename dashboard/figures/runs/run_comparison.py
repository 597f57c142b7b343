"""How much slower one target is than another, with the interval; zero is no difference."""

from collections.abc import Sequence
from typing import Any, Final

from core.measurement.report import Comparison
from dashboard import formats
from dashboard.figures.base.frame import Figure
from dashboard.figures.base.palette import Palette
from dashboard.figures.base.run_layout import axis, frame

FRAME_PX: Final = 90
ROW_PX: Final = 48
PERCENT: Final = 100.0
LEAST_REACH: Final = 10.0
"""The axis reaches at least so many percent either way."""


def comparison_figure(comparisons: Sequence[Comparison], colours: Palette) -> Figure:
    """One row for every two targets."""
    drawn = [one for one in comparisons if one.ratio is not None]
    reach = max(
        [LEAST_REACH] + [abs(_change(r)) for one in drawn for r in (one.ratio_low, one.ratio_high)]
    )
    zero = {"color": colours.marker, "width": 1.5, "dash": "dash"}
    layout = frame(
        colours,
        FRAME_PX + ROW_PX * max(1, len(drawn)),
        showlegend=False,
        xaxis=axis(
            "time of the second over that of the first",
            colours,
            range=[-1.15 * reach, 1.15 * reach],
            ticksuffix=" %",
        ),
        yaxis={"autorange": "reversed", "automargin": True, "ticklabelstandoff": 6},
        shapes=[
            {"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1, "line": zero}
        ],
    )
    return {"data": [_row(one, i, colours) for i, one in enumerate(drawn)], "layout": layout}


def _change(ratio: float | None) -> float:
    """A ratio as a change in percent."""
    return 0.0 if ratio is None else (ratio - 1) * PERCENT


def _row(one: Comparison, place: int, colours: Palette) -> dict[str, Any]:
    middle = _change(one.ratio)
    colour = colours.muted if one.verdict in {"same", "unknown"} else colours.line(place)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [middle],
        "y": [f"{formats.in_figure(one.label_b)}<br>over {formats.in_figure(one.label_a)}"],
        "marker": {"size": 11, "color": colour, "symbol": "diamond"},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [_change(one.ratio_high) - middle],
            "arrayminus": [middle - _change(one.ratio_low)],
            "color": colour,
            "thickness": 2.5,
            "width": 8,
        },
        "hovertemplate": "%{x:+.1f} %<extra></extra>",
    }
