"""Predicted beside measured latency under load, one group a load."""

from collections.abc import Sequence
from typing import Any, Final

from core.measurement.estimate import Estimate
from core.measurement.sweep import LoadCheck
from core.units import MS_PER_S
from dashboard import formats
from dashboard.figures.base.frame import Figure, frame, plain_axis
from dashboard.figures.base.palette import Palette

HEIGHT_PX: Final = 300


def checks_figure(checks: Sequence[LoadCheck], slo_p95_s: float, colours: Palette) -> Figure:
    """Bars of p50 and p95: the queue's and the run's, with the run's intervals."""
    names = [f"{kind} at {formats.percent(c.share)}" for c in checks for kind in ("p50", "p95")]
    predicted = [s for c in checks for s in (c.predicted_p50_s, c.predicted_p95_s)]
    measured = [e for c in checks for e in (c.measured.response_p50, c.measured.response_p95)]
    layout = frame(HEIGHT_PX, colours) | {
        "barmode": "group",
        "xaxis": plain_axis("share of the capacity", colours),
        "yaxis": plain_axis("ms", colours) | {"rangemode": "tozero"},
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        "shapes": [_objective(slo_p95_s, colours)] if _in_sight(slo_p95_s, measured) else [],
    }
    return {
        "data": [_predicted(names, predicted, colours), _measured(names, measured, colours)],
        "layout": layout,
    }


def _in_sight(slo_p95_s: float, measured: Sequence[Estimate]) -> bool:
    """An objective far above every bar would flatten them."""
    return slo_p95_s <= 2 * max((e.value_s or 0.0) for e in measured)


def _objective(slo_p95_s: float, colours: Palette) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": slo_p95_s * MS_PER_S,
        "y1": slo_p95_s * MS_PER_S,
        "line": {"color": colours.limit, "width": 1.5, "dash": "dash"},
    }


def _predicted(names: list[str], seconds: list[float], colours: Palette) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": "predicted by the queue",
        "x": names,
        "y": [s * MS_PER_S for s in seconds],
        "customdata": [formats.duration(s) for s in seconds],
        "hovertemplate": "predicted %{x}: %{customdata}<extra></extra>",
        "marker": {"color": colours.page, "line": {"width": 1.5, "color": colours.line(0)}},
    }


def _measured(names: list[str], estimates: list[Estimate], colours: Palette) -> dict[str, Any]:
    values = [estimate.value_s or 0.0 for estimate in estimates]
    return {
        "type": "bar",
        "name": "measured, open loop",
        "x": names,
        "y": [s * MS_PER_S for s in values],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [
                ((e.high_s or v) - v) * MS_PER_S for e, v in zip(estimates, values, strict=True)
            ],
            "arrayminus": [
                (v - (e.low_s or v)) * MS_PER_S for e, v in zip(estimates, values, strict=True)
            ],
            "color": colours.ink,
            "thickness": 1.2,
        },
        "customdata": [formats.duration(s) for s in values],
        "hovertemplate": "measured %{x}: %{customdata}<extra></extra>",
        "marker": {"color": colours.line(0)},
    }
