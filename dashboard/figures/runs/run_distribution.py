"""How a run's times are spread: the share of requests answered within each time."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.measurement.estimate import Estimate
from core.measurement.latency import LatencySummary
from core.units import MS_PER_S
from dashboard import formats
from dashboard.figures.base.frame import FONT_PX, Figure
from dashboard.figures.base.palette import Palette
from dashboard.figures.base.run_layout import frame
from dashboard.figures.base.time_axis import objective_line, time_axis

HEIGHT_PX: Final = 330
DRAWN_STEPS: Final = 500
PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True)
class Times:
    """Times of the measured requests of a run, seconds; failures are in the count alone."""

    response_s: NDArray[np.float64]
    service_s: NDArray[np.float64]
    asked: int
    """Answers and failures together: a failure is infinitely slow."""

    def share_within(self, limit_s: float) -> float | None:
        """Share of all measured requests that were answered within a time; None without any."""
        within = int(np.count_nonzero(self.response_s <= limit_s))
        return within / self.asked if self.asked else None


def distribution_figure(
    times: Times, summary: LatencySummary | None, slo_p95_s: float, colours: Palette
) -> Figure:
    """Empirical distribution of response and service time, p50 and p95 with their intervals."""
    low, high = _window(times, slo_p95_s)
    traces = [
        *_band(times, colours),
        _curve("service time", times.service_s, times.asked, colours.muted, "dot"),
        _curve("response time", times.response_s, times.asked, colours.lines[0], "solid"),
        *_percentiles(summary, colours),
    ]
    layout = frame(colours, HEIGHT_PX) | {
        "xaxis": time_axis(low, high, colours, "time"),
        "yaxis": {
            "range": [0, 103],
            "ticksuffix": " %",
            "ticklabelstandoff": 5,
            "title": {"text": "answered within", "font": {"size": FONT_PX, "color": colours.muted}},
            "gridcolor": colours.grid,
            "tickfont": {"color": colours.muted},
            "zeroline": False,
            "automargin": True,
        },
        "shapes": [objective_line(slo_p95_s, colours)],
        "annotations": [_objective_note(times, slo_p95_s, (low, high), colours)],
    }
    return {"data": traces, "layout": layout}


def _window(times: Times, slo_p95_s: float) -> tuple[float, float]:
    drawn = np.concatenate((times.response_s, times.service_s, [slo_p95_s]))
    drawn = drawn[drawn > 0]
    return float(drawn.min()) / 1.3, float(drawn.max()) * 1.3


def _band(times: Times, colours: Palette) -> list[dict[str, Any]]:
    """Where the true share may lie, at each time by itself: Wilson's 95 % interval."""
    if times.response_s.size == 0:
        return []
    ordered, ranks = _thinned(times.response_s)
    low, high = wilson(ranks, max(times.asked, 1))
    x, edges = ordered * MS_PER_S, {"width": 0, "shape": "hv"}
    lower = {"x": x, "y": low * PERCENT, "name": "its lower edge", "line": edges}
    upper = {"x": x, "y": high * PERCENT, "name": "95 % interval", "line": edges}
    shared = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    return [
        shared | lower | {"showlegend": False},
        shared | upper | {"fill": "tonexty", "fillcolor": _faint(colours.lines[0])},
    ]


def _faint(colour: str) -> str:
    """A colour that lets the curve show through."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"


def wilson(
    count: NDArray[np.float64], n: int, z: float = 1.96
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Interval of a share by Wilson's score (1927), for counts out of n."""
    share, spread = count / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z * np.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def _thinned(times_s: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rising times with their ranks; a few hundred of them where there are thousands."""
    ordered = np.sort(times_s)
    ranks = np.arange(1.0, ordered.size + 1)
    if ordered.size > DRAWN_STEPS:
        keep = np.unique(np.linspace(0, ordered.size - 1, DRAWN_STEPS).astype(int))
        ordered, ranks = ordered[keep], ranks[keep]
    return ordered, ranks


def _curve(
    name: str, times_s: NDArray[np.float64], asked: int, colour: str, dash: str
) -> dict[str, Any]:
    """A staircase that rises by 1/asked at every answer; thinned where there are thousands."""
    ordered, ranks = _thinned(times_s)
    # The curve rises from zero at the first answer.
    x, y = np.append(ordered[:1], ordered), np.append(0, ranks) if ordered.size else ranks
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x * MS_PER_S,
        "y": y * PERCENT / max(asked, 1),
        "line": {"color": colour, "dash": dash, "width": 2, "shape": "hv"},
        "hovertemplate": f"%{{y:.1f}} % of the {name}s within %{{x:,.3~r}} ms<extra></extra>",
    }


def _percentiles(summary: LatencySummary | None, colours: Palette) -> list[dict[str, Any]]:
    if summary is None:
        return []
    drawn = (
        ("p50", 50.0, summary.response_p50, "circle", colours.lines[0]),
        ("p95", 95.0, summary.response_p95, "diamond", colours.lines[1]),
    )
    return [
        _percentile(name, height, estimate, symbol, colour)
        for name, height, estimate, symbol, colour in drawn
        if estimate.value_s is not None
    ]


def _percentile(
    name: str, height: float, estimate: Estimate, symbol: str, colour: str
) -> dict[str, Any]:
    """A percentile with its interval; a side without a bound has no whisker."""
    value_s = estimate.value_s or 0.0
    low_s = value_s if estimate.low_s is None else estimate.low_s
    high_s = value_s if estimate.high_s is None else estimate.high_s
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [value_s * MS_PER_S],
        "y": [height],
        "marker": {"symbol": symbol, "size": 10, "color": colour},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [(high_s - value_s) * MS_PER_S],
            "arrayminus": [(value_s - low_s) * MS_PER_S],
            "color": colour,
            "thickness": 2,
            "width": 6,
        },
        "hovertemplate": f"{name} {formats.duration(estimate.value_s)}<extra></extra>",
    }


def _objective_note(
    times: Times, slo_p95_s: float, window: tuple[float, float], colours: Palette
) -> dict[str, Any]:
    """The objective and the share within it, on the side of the line that has room."""
    at = np.log10(slo_p95_s * MS_PER_S)
    middle = np.log10(np.sqrt(window[0] * window[1]) * MS_PER_S)
    on_the_right = bool(at < middle)
    share = formats.percent(times.share_within(slo_p95_s))
    return {
        "x": float(at),
        "yref": "paper",
        "y": 0.02,
        "yanchor": "bottom",
        "xanchor": "left" if on_the_right else "right",
        "xshift": 4 if on_the_right else -4,
        "align": "left" if on_the_right else "right",
        "showarrow": False,
        "text": f"objective {formats.duration(slo_p95_s)}:<br>{share} within it",
        "font": {"size": FONT_PX - 1, "color": colours.limit},
    }
