"""How many of their nearest texts two models share, text by text."""

from collections import Counter
from typing import Any, Final

from core.measurement.beside.neighbours import NeighboursFound
from dashboard import formats
from dashboard.figures.base.frame import Figure, frame, plain_axis
from dashboard.figures.base.palette import Palette

HEIGHT_PX: Final = 240


def neighbours_figure(overlap: NeighboursFound, colours: Palette) -> Figure:
    """A bar for every number of shared neighbours; the mean with its interval, and chance."""
    counts = Counter(round(share * overlap.k) for share in overlap.per_text)
    shared = list(range(overlap.k + 1))
    texts = [counts.get(number, 0) for number in shared]
    sides = ("left", "right") if overlap.mean >= overlap.by_chance else ("right", "left")
    layout = frame(HEIGHT_PX, colours) | {
        "xaxis": plain_axis(f"of {overlap.k} nearest texts, shared", colours)
        | {"range": [-0.6, overlap.k + 0.6]},
        "yaxis": plain_axis("texts", colours) | {"rangemode": "tozero"},
        "bargap": 0.15,
        "showlegend": False,
        "shapes": [
            _band(overlap.low * overlap.k, overlap.high * overlap.k, colours),
            _line(overlap.mean * overlap.k, colours.ink, "solid"),
            _line(overlap.by_chance * overlap.k, colours.limit, "dash"),
        ],
        "annotations": [
            _label(
                overlap.mean * overlap.k, f"mean {formats.percent(overlap.mean)}", sides[0], colours
            ),
            _label(overlap.by_chance * overlap.k, "chance", sides[1], colours),
        ],
    }
    bars = {
        "type": "bar",
        "name": "texts",
        "x": shared,
        "y": texts,
        "marker": {"color": colours.line(0)},
        "hovertemplate": "%{y} texts share %{x} neighbours<extra></extra>",
    }
    return {"data": [bars], "layout": layout}


def _band(low: float, high: float, colours: Palette) -> dict[str, Any]:
    return {
        "type": "rect",
        "yref": "paper",
        "x0": low,
        "x1": high,
        "y0": 0,
        "y1": 1,
        "fillcolor": colours.muted,
        "opacity": 0.25,
        "line": {"width": 0},
        "layer": "below",
    }


def _line(place: float, colour: str, dash: str) -> dict[str, Any]:
    return {
        "type": "line",
        "yref": "paper",
        "x0": place,
        "x1": place,
        "y0": 0,
        "y1": 1,
        "line": {"color": colour, "width": 1.5, "dash": dash},
    }


def _label(place: float, text: str, side: str, colours: Palette) -> dict[str, Any]:
    """A word at its line, on the side that is away from the other's."""
    return {
        "xanchor": side,
        "x": place,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "text": text,
        "showarrow": False,
        "font": {"color": colours.muted},
    }
