"""The load of an imported file over the hours of a day or a week."""

from collections.abc import Sequence
from typing import Any, Final

from dashboard.figures.base.frame import Figure, frame, plain_axis
from dashboard.figures.base.palette import Palette
from dashboard.figures.compare.day_figure import hours_axis

HEIGHT_PX: Final = 190


def load_hours_figure(weights: Sequence[float], colours: Palette) -> Figure:
    """A bar an hour: the load in it over the mean load."""
    hours = list(range(len(weights)))
    bars: dict[str, Any] = {
        "type": "bar",
        "x": hours,
        "y": list(weights),
        "marker": {"color": colours.lines[0]},
        "hovertemplate": "%{y:.3~r} times the mean<extra></extra>",
    }
    axis = hours_axis(hours, colours) | {"anchor": "y", "automargin": True}
    axis["title"] = {"text": f"{axis['title']['text']} (UTC)"}
    layout = frame(HEIGHT_PX, colours) | {
        "xaxis": axis,
        "yaxis": plain_axis("times the mean", colours) | {"rangemode": "tozero"},
    }
    return {"data": [bars], "layout": layout}
