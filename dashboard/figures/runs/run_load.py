"""Rising load: what comes out, and how long it takes, one over the other."""

from typing import Any, Final

from core.measurement.report import LoadCurve, LoadStep
from core.units import MS_PER_S
from dashboard.figures.base.frame import Figure
from dashboard.figures.base.palette import Palette
from dashboard.figures.base.run_layout import axis, bounds_s, frame, marks, window_s
from dashboard.figures.base.time_axis import time_axis

HEIGHT_PX: Final = 430


def load_of(step: LoadStep) -> float:
    """The place of a step on the axis: its workers, or its rate."""
    return float(step.workers if step.workers is not None else step.rate_per_s or 0.0)


def load_figure(curve: LoadCurve, slo_p95_s: float, colours: Palette) -> Figure:
    """Answers/s above, p50 and p95 below, over the same load; the knee is marked."""
    steps, x = curve.steps, [load_of(step) for step in curve.steps]
    workers = bool(steps) and steps[0].workers is not None
    percentiles = [e for step in steps for e in (step.response_p50, step.response_p95)]
    low, high = window_s([*bounds_s(percentiles), slo_p95_s])
    traces = [
        *_rates(curve, x, colours),
        marks("p50", x, [s.response_p50 for s in steps], {"color": colours.lines[0]})
        | {"yaxis": "y2"},
        marks(
            "p95",
            x,
            [s.response_p95 for s in steps],
            {"color": colours.lines[2], "dash": "dash", "symbol": "diamond"},
        )
        | {"yaxis": "y2"},
    ]
    title = "requests at a time" if workers else "requests/s offered"
    layout = frame(
        colours,
        HEIGHT_PX,
        xaxis=axis(title, colours, type="log", tickvals=x, ticktext=[f"{v:g}" for v in x])
        | {"anchor": "y2"},
        yaxis=axis("answers/s", colours, rangemode="tozero", domain=[0.58, 1.0]),
        yaxis2=time_axis(low, high, colours, "response time") | {"domain": [0.0, 0.46]},
        shapes=[*_objective(slo_p95_s, colours), *_knee(curve, x, colours)],
    )
    return {"data": traces, "layout": layout}


def _rates(curve: LoadCurve, x: list[float], colours: Palette) -> list[dict[str, Any]]:
    answered = [step.answered_per_s for step in curve.steps]
    good = [step.good_per_s for step in curve.steps]
    traces = [_rate("answered", x, answered, colours.lines[0], "solid")]
    if any(value is not None for value in good):
        traces.append(_rate("within the objective", x, good, colours.lines[1], "dot"))
    return traces


def _rate(name: str, x: list[float], y: Any, colour: str, dash: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": x,
        "y": y,
        "line": {"color": colour, "dash": dash, "width": 2},
        "marker": {"size": 8, "symbol": "square", "color": colour},
        "hovertemplate": f"{name} %{{y:.3~g}}/s<extra></extra>",
    }


def _objective(slo_p95_s: float, colours: Palette) -> list[dict[str, Any]]:
    y = slo_p95_s * MS_PER_S
    line = {"color": colours.limit, "width": 1.5, "dash": "dash"}
    return [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y2", "y0": y, "y1": y}
        | {"line": line}
    ]


def _knee(curve: LoadCurve, x: list[float], colours: Palette) -> list[dict[str, Any]]:
    """A line through both panels at the last load worth having."""
    if curve.knee is None:
        return []
    at = x[curve.knee]
    line = {"color": colours.marker, "width": 1.5, "dash": "dot"}
    return [{"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "line": line}]
