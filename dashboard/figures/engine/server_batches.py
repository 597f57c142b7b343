"""Time of a request to a server: measured, fitted, and what was predicted of its machine."""

from collections.abc import Sequence
from typing import Any, Final

from core.measurement.server_found import ServerCell
from dashboard import formats
from dashboard.figures.base.axes import log_axis
from dashboard.figures.base.frame import Figure, frame
from dashboard.figures.base.palette import Palette

HEIGHT_PX: Final = 320
ROOM: Final = 1.6
"""Factor between the outermost points and the end of an axis."""


def server_batches_figure(
    cells: Sequence[ServerCell], predicted_s: Sequence[float | None], colours: Palette
) -> Figure:
    """One point a size and length, over the tokens of the request; its texts where none are known.

    ``predicted_s``: of each cell, what the catalogue predicts of the machine, s; Nones: nothing.
    """
    answered = [
        (cell, guess)
        for cell, guess in zip(cells, predicted_s, strict=True)
        if cell.compute_s is not None
    ]
    answered.sort(key=lambda pair: _x(pair[0], cells))
    x = [_x(cell, cells) for cell, _ in answered]
    columns = (
        (
            "predicted for the machine",
            [guess for _, guess in answered],
            _hollow(colours, "diamond"),
        ),
        ("fitted", [cell.fitted_s for cell, _ in answered], _hollow(colours, "circle")),
        ("measured", [cell.compute_s for cell, _ in answered], _filled(colours)),
    )
    known = [s for _, seconds, _ in columns for s in seconds if s]
    what = "tokens in the request" if _counted(cells) else "texts in the request"
    layout = frame(HEIGHT_PX, colours) | {
        "xaxis": log_axis(min(x) / ROOM, max(x) * ROOM, formats.count, colours, what),
        "yaxis": log_axis(min(known) / ROOM, max(known) * ROOM, formats.duration, colours),
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
    }
    names = [f"{cell.texts} x {cell.tokens_asked}" for cell, _ in answered]
    traces = [
        _trace(name, x, seconds, marker, names) for name, seconds, marker in columns if any(seconds)
    ]
    return {"data": traces, "layout": layout}


def _counted(cells: Sequence[ServerCell]) -> bool:
    return all(cell.tokens for cell in cells if cell.compute_s is not None)


def _x(cell: ServerCell, cells: Sequence[ServerCell]) -> float:
    return (cell.tokens or 0.0) if _counted(cells) else float(cell.texts)


def _filled(colours: Palette) -> dict[str, Any]:
    return {"size": 8, "color": colours.line(0)}


def _hollow(colours: Palette, symbol: str) -> dict[str, Any]:
    line = {"width": 1.5}
    return {"size": 14, "symbol": f"{symbol}-open", "color": colours.ink, "line": line}


def _trace(
    name: str,
    x: Sequence[float],
    seconds: Sequence[float | None],
    marker: dict[str, Any],
    names: Sequence[str],
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": list(x),
        "y": list(seconds),
        "marker": marker,
        "text": list(names),
        "customdata": [formats.duration(s) for s in seconds],
        "hovertemplate": f"%{{text}}: {name} %{{customdata}}<extra></extra>",
    }
