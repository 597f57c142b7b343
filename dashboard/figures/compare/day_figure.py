"""Latency and load of one's own replicas over the hours of a day or a week."""

from typing import Any, Final

from core.decide.result.day_result import DayOfReplicas, HourOfReplicas
from core.units import MS_PER_S
from dashboard.figures.base.axes import log_axis
from dashboard.figures.base.frame import Figure, frame
from dashboard.figures.base.palette import Palette
from dashboard.figures.base.time_axis import ms_tick

HEIGHT_PX: Final = 300
HOURS_PER_DAY: Final = 24


def day_figure(day: DayOfReplicas, slo_p95_s: float, colours: Palette) -> Figure:
    """p50 and p95 hour by hour over the objective; utilisation and GPU busy below."""
    hours = [entry.hour for entry in day.hours]
    served = [entry for entry in day.hours if entry.p95_s is not None and entry.p50_s is not None]
    times = [t for e in served for t in (e.p50_s, e.p95_s) if t is not None] + [slo_p95_s]
    low, high = min(times) * MS_PER_S / 1.3, max(times) * MS_PER_S * 1.3
    traces = [
        _line("p95", served, [(e.p95_s or 0.0) * MS_PER_S for e in served], colours.lines[1], "y"),
        _line("p50", served, [(e.p50_s or 0.0) * MS_PER_S for e in served], colours.lines[0], "y"),
        _line("utilisation", day.hours, _shares(day, "utilisation"), colours.lines[0], "y2"),
        _line("GPU busy", day.hours, _shares(day, "gpu_busy"), colours.muted, "y2"),
    ]
    objective = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": slo_p95_s * MS_PER_S,
        "y1": slo_p95_s * MS_PER_S,
        "line": {"color": colours.limit, "width": 1.5, "dash": "dash"},
    }
    layout = frame(HEIGHT_PX, colours) | {
        "hovermode": "x",
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        "xaxis": hours_axis(hours, colours),
        "yaxis": log_axis(low, high, ms_tick, colours, "response time") | {"domain": [0.42, 1]},
        "yaxis2": {
            "domain": [0, 0.3],
            "range": [0, 1.05],
            "tickvals": [0, 0.5, 1],
            "ticktext": ["0", "50 %", "100 %"],
            "gridcolor": colours.grid,
            "zeroline": False,
            "automargin": True,
        },
        "shapes": [objective],
    }
    return {"data": traces, "layout": layout}


def _line(
    name: str,
    hours: "list[HourOfReplicas] | tuple[HourOfReplicas, ...]",
    values: list[float],
    colour: str,
    axis: str,
) -> dict[str, Any]:
    hover = "%{y:.3~r} ms" if axis == "y" else "%{y:.0%}"
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": [entry.hour for entry in hours],
        "y": values,
        "yaxis": axis,
        "line": {"color": colour, "width": 1.5, "dash": "dot" if name == "GPU busy" else "solid"},
        "marker": {"size": 4, "color": colour},
        "hovertemplate": f"{name} {hover}<extra></extra>",
    }


def _shares(day: DayOfReplicas, field: str) -> list[float]:
    return [float(getattr(entry, field)) for entry in day.hours]


def hours_axis(hours: list[int], colours: Palette) -> dict[str, Any]:
    """An axis of the hours of a day, or of a week with a tick a day."""
    step = 6 if len(hours) <= HOURS_PER_DAY else HOURS_PER_DAY
    ticks = list(range(0, len(hours), step))
    return {
        "range": [-0.5, len(hours) - 0.5],
        "tickvals": ticks,
        "ticktext": [hour_text(tick, len(hours)) for tick in ticks],
        "anchor": "y2",
        "title": {"text": "hour of the day" if len(hours) <= HOURS_PER_DAY else "hour of the week"},
        "gridcolor": colours.grid,
        "zeroline": False,
    }


def hour_text(hour: int, count: int) -> str:
    """An hour as people read it: 14:00, or day 3, 14:00 of a week."""
    clock = f"{hour % HOURS_PER_DAY}:00"
    return clock if count <= HOURS_PER_DAY else f"day {hour // HOURS_PER_DAY + 1}, {clock}"
