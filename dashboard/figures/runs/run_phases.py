"""Where the time of a request goes: the median of each phase, first connections apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.units import MS_PER_S
from dashboard import formats
from dashboard.figures.base.frame import FONT_PX, Figure
from dashboard.figures.base.palette import Palette

PHASES: Final = ("DNS", "connect", "TLS", "write", "first byte", "last byte")
"""In the order in which they happen; "first byte" is the wait for the server and the way back."""

LINES: Final = (4, 3, 2, 5, 0, 1)
"""Place of each phase's colour in the palette: the longest piece gets the page's own."""

FRAME_PX: Final = 104
ROW_PX: Final = 44
LABELLED_SHARE: Final = 0.07
"""A narrower piece has no room for its label; the table beside the chart has it."""


@dataclass(frozen=True, slots=True)
class PhaseMedians:
    """Medians over the requests of one kind."""

    label: str
    requests: int
    median_s: tuple[float | None, ...]
    """One for each of PHASES, seconds; None where the phase did not take place."""

    @property
    def total_s(self) -> float:
        """Length of the bar: a sum of medians, which is not the median of the sums."""
        return sum(value for value in self.median_s if value is not None)


def height_px(rows: int) -> int:
    """Height that gives every bar its room."""
    return FRAME_PX + ROW_PX * rows


def phases_figure(rows: Sequence[PhaseMedians], colours: Palette) -> Figure:
    """One stacked bar a kind of request."""
    longest = max((row.total_s for row in rows), default=0.0)
    layout = {
        "height": height_px(len(rows)),
        "barmode": "stack",
        "margin": {"l": 8, "r": 14, "t": 14, "b": 8},
        "font": {"size": FONT_PX, "color": colours.ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1.0,
            "yanchor": "bottom",
            "traceorder": "normal",
        },
        "xaxis": {
            "title": {
                "text": "ms, median of each phase",
                "font": {"size": FONT_PX, "color": colours.muted},
            },
            "gridcolor": colours.grid,
            "tickfont": {"color": colours.muted},
            "rangemode": "tozero",
            "zeroline": False,
            "automargin": True,
        },
        "yaxis": {"autorange": "reversed", "automargin": True, "ticklabelstandoff": 6},
    }
    traces = [_trace(i, name, rows, longest, colours) for i, name in enumerate(PHASES)]
    return {"data": [trace for trace in traces if any(trace["x"])], "layout": layout}


def _trace(
    index: int, name: str, rows: Sequence[PhaseMedians], longest_s: float, colours: Palette
) -> dict[str, Any]:
    colour = colours.line(LINES[index])
    values_s = [row.median_s[index] or 0.0 for row in rows]
    texts = [formats.duration(value_s) for value_s in values_s]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": [value_s * MS_PER_S for value_s in values_s],
        "y": [f"{row.label} ({row.requests})" for row in rows],
        "text": [
            text if value_s > LABELLED_SHARE * longest_s else ""
            for text, value_s in zip(texts, values_s, strict=True)
        ],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "insidetextfont": {"color": colours.page},
        "textangle": 0,
        "customdata": texts,
        "hovertemplate": f"{name}: %{{customdata}}<extra></extra>",
        "marker": {"color": colour, "line": {"width": 1, "color": colours.page}},
    }
