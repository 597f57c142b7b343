"""Latency of every option: measured points with their intervals, published ranges hollow."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.catalog.schema import PublishedLatency
from core.measurement.estimate import Estimate
from core.measurement.measured import Measurement
from core.units import MS_PER_S
from dashboard import formats
from dashboard.figures.base.axes import log_axis
from dashboard.figures.base.frame import FONT_PX, Figure, frame
from dashboard.figures.base.palette import Palette
from dashboard.figures.base.time_axis import ms_tick, objective_line

KEY: Final = "● p50  ◆ p95, 95 % interval  □ predicted  ○ ◇ published or claimed"
"""How to read the marks, in a line of text."""

OFFSET: Final = 0.16
"""p50 is drawn this far above the middle of its row, p95 below: intervals may overlap."""
USUAL_WINDOW_S: Final = (0.005, 2.0)
ROW_PX: Final = 20
FRAME_PX: Final = 64


@dataclass(frozen=True, slots=True)
class LatencyRow:
    """One row of the chart: what is known of an option's, or a typed endpoint's, latency."""

    label: str
    measured: Measurement | None
    published: PublishedLatency | None
    predicted: tuple[float, float] | None = None
    """p50 and p95 in the busy hour by the queue, s; drawn only where nothing was measured."""

    @property
    def name(self) -> str:
        """The label, after the word that a run which came from a file is called by."""
        imported = self.measured is not None and self.measured.imported_from is not None
        return f"imported: {self.label}" if imported else self.label


def height_px(rows: int) -> int:
    """Height that gives every row its room."""
    return FRAME_PX + ROW_PX * max(rows, 3)


def latency_figure(
    rows: Sequence[LatencyRow], slo_p95_s: float, colours: Palette, height: int
) -> Figure:
    """One row an option, in the order given: p50, p95, the objective as a line."""
    low, high = _window(rows, slo_p95_s)
    measured = [(i, row) for i, row in enumerate(rows) if row.measured is not None]
    published = [
        (i, row.published)
        for i, row in enumerate(rows)
        if row.measured is None and row.published is not None
    ]
    predicted = [
        (i, row) for i, row in enumerate(rows) if row.measured is None and row.predicted is not None
    ]
    traces = [
        *_measured_traces(measured, colours),
        *_predicted_traces(predicted, colours),
        *_published_traces(published, colours),
    ]
    layout = frame(height, colours) | {
        "margin": {"l": 8, "r": 14, "t": 18, "b": 8},
        "showlegend": False,
        "xaxis": log_axis(low * MS_PER_S, high * MS_PER_S, ms_tick, colours, "response time"),
        "yaxis": {
            "range": [len(rows) - 0.4, -0.6],
            "tickvals": list(range(len(rows))),
            "ticktext": [formats.short(row.name) for row in rows],
            "tickfont": {"size": FONT_PX - 0.5},
            "gridcolor": colours.grid,
            "zeroline": False,
            "automargin": True,
        },
        "shapes": [objective_line(slo_p95_s, colours)],
        "annotations": [
            _objective_note(slo_p95_s, colours),
            *(_not_measured(i, low, colours) for i, row in enumerate(rows) if _nothing(row)),
        ],
    }
    return {"data": traces, "layout": layout}


def _nothing(row: LatencyRow) -> bool:
    known = row.measured is not None or row.predicted is not None
    return not known and not any(_published_ends(row.published))


def _window(rows: Sequence[LatencyRow], slo_p95_s: float) -> tuple[float, float]:
    values = [*USUAL_WINDOW_S, slo_p95_s / 1.5, slo_p95_s * 1.5]
    for row in rows:
        if row.measured is not None:
            summary = row.measured.summary
            values += _ends(summary.response_p50) + _ends(summary.response_p95)
        elif row.predicted is not None:
            values += row.predicted
        elif row.published is not None:
            values += [v for v in _published_ends(row.published) if v is not None]
    return min(values) / 1.3, max(values) * 1.3


def _ends(estimate: Estimate) -> list[float]:
    found = (estimate.low_s, estimate.value_s, estimate.high_s)
    return [value for value in found if value is not None and value > 0]


def _published_ends(latency: PublishedLatency | None) -> tuple[float | None, ...]:
    if latency is None:
        return ()
    return (latency.p50_low_s, latency.p50_high_s, latency.p95_high_s)


def _measured_traces(
    rows: Sequence[tuple[int, LatencyRow]], colours: Palette
) -> Iterable[dict[str, Any]]:
    for name, field, symbol, colour, offset in (
        ("p50 measured", "response_p50", "circle", colours.lines[0], -OFFSET),
        ("p95 measured", "response_p95", "diamond", colours.lines[1], OFFSET),
    ):
        points = [
            (i + offset, row.name, getattr(row.measured.summary, field))
            for i, row in rows
            if row.measured is not None
        ]
        points = [point for point in points if point[2].value_s is not None]
        if points:
            yield _points_with_intervals(name, symbol, colour, points)


def _points_with_intervals(
    name: str, symbol: str, colour: str, points: Sequence[tuple[float, str, Estimate]]
) -> dict[str, Any]:
    estimates = [estimate for _, _, estimate in points]
    values = [_of(estimate.value_s) for estimate in estimates]
    lows = [_of(e.value_s if e.low_s is None else e.low_s) for e in estimates]
    highs = [_of(e.value_s if e.high_s is None else e.high_s) for e in estimates]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "showlegend": False,
        "x": values,
        "y": [y for y, _, _ in points],
        "marker": {"symbol": symbol, "size": 9, "color": colour},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [high - value for high, value in zip(highs, values, strict=True)],
            "arrayminus": [value - low for low, value in zip(lows, values, strict=True)],
            "color": colour,
            "thickness": 1.5,
            "width": 4,
        },
        "text": [f"{label}: {estimate_text(estimate)}" for _, label, estimate in points],
        "hovertemplate": f"{name}<br>%{{text}}<extra></extra>",
    }


def _of(seconds: float | None) -> float:
    return (seconds or 0.0) * MS_PER_S


def estimate_text(estimate: Estimate) -> str:
    """A percentile with its interval: 210 ms (95 % interval 190 ms to 240 ms)."""
    if estimate.value_s is None:
        return "not reached: failures reach into it"
    text = formats.duration(estimate.value_s)
    level = formats.percent(estimate.level)
    low, high = estimate.low_s, estimate.high_s
    if low is not None and high is not None:
        return f"{text} ({level} interval {formats.duration(low)} to {formats.duration(high)})"
    if low is not None:
        return f"{text} (at least {formats.duration(low)}; too few samples for an upper bound)"
    return f"{text} (too few samples for an interval)"


def _predicted_traces(
    rows: Sequence[tuple[int, LatencyRow]], colours: Palette
) -> Iterable[dict[str, Any]]:
    """What the queue of the replicas makes of the busy hour: hollow squares, no interval."""
    if not rows:
        return
    ends = [(i, row.predicted) for i, row in rows if row.predicted is not None]
    yield {
        "type": "scatter",
        "mode": "lines",
        "name": "predicted range",
        "showlegend": False,
        "x": [x for _, (p50, p95) in ends for x in (p50 * MS_PER_S, p95 * MS_PER_S, None)],
        "y": [y for i, _ in ends for y in (i, i, None)],
        "line": {"color": colours.ink, "width": 1},
        "hoverinfo": "skip",
    }
    texts = [f"{row.label}: {predicted_text(row)}" for _, row in rows]
    yield {
        "type": "scatter",
        "mode": "markers",
        "name": "predicted",
        "showlegend": False,
        "x": [end * MS_PER_S for _, pair in ends for end in pair],
        "y": [i for i, _ in ends for _ in range(2)],
        "text": [text for text in texts for _ in range(2)],
        "marker": {"symbol": "square-open", "size": 8, "color": colours.ink},
        "hovertemplate": "%{text}<extra></extra>",
    }


def predicted_text(row: LatencyRow) -> str:
    """The prediction in words; "" without one."""
    if row.predicted is None:
        return ""
    p50, p95 = map(formats.duration, row.predicted)
    return f"predicted p50 {p50}, p95 {p95} in the busy hour"


def _published_traces(
    rows: Sequence[tuple[int, PublishedLatency]], colours: Palette
) -> Iterable[dict[str, Any]]:
    """Ranges that somebody published: hollow, in grey, never in the colour of a measurement."""
    segments_x: list[float | None] = []
    segments_y: list[float | None] = []
    hollow: dict[str, list[tuple[float, float, str]]] = {"p50": [], "p95": []}
    for i, latency in rows:
        ends = sorted(v * MS_PER_S for v in _published_ends(latency) if v is not None)
        if ends:
            segments_x += [ends[0], ends[-1], None]
            segments_y += [i, i, None]
        text = published_text(latency)
        for value in (latency.p50_low_s, latency.p50_high_s):
            if value is not None:
                hollow["p50"].append((value * MS_PER_S, i, text))
        if latency.p95_high_s is not None:
            hollow["p95"].append((latency.p95_high_s * MS_PER_S, i, text))
    if segments_x:
        yield {
            "type": "scatter",
            "mode": "lines",
            "name": "published range",
            "showlegend": False,
            "x": segments_x,
            "y": segments_y,
            "line": {"color": colours.muted, "width": 1, "dash": "dot"},
            "hoverinfo": "skip",
        }
    for (percentile, points), symbol in zip(
        hollow.items(), ("circle-open", "diamond-open"), strict=True
    ):
        if points:
            yield {
                "type": "scatter",
                "mode": "markers",
                "name": f"{percentile} published",
                "showlegend": False,
                "x": [x for x, _, _ in points],
                "y": [y for _, y, _ in points],
                "text": [text for _, _, text in points],
                "marker": {"symbol": symbol, "size": 9, "color": colours.muted},
                "hovertemplate": "%{text}<extra></extra>",
            }


def published_text(latency: PublishedLatency) -> str:
    """A latency that others state, in words: published p50 80 ms to 200 ms, p95 up to 500 ms.

    What no page was found for is a claim.
    """
    whose = "published" if latency.source.where else "claimed without a source"
    parts = []
    if latency.p50_low_s is not None or latency.p50_high_s is not None:
        parts.append(f"p50 {_range(latency.p50_low_s, latency.p50_high_s)}")
    if latency.p95_high_s is not None:
        parts.append(f"p95 up to {formats.duration(latency.p95_high_s)}")
    if parts:
        return f"{whose}: {', '.join(parts)}"
    return f"{whose}: cold start {_range(latency.cold_start_low_s, latency.cold_start_high_s)}"


def _range(low: float | None, high: float | None) -> str:
    ends = [formats.duration(value) for value in (low, high) if value is not None]
    return " to ".join(dict.fromkeys(ends)) or formats.UNKNOWN


def _objective_note(slo_p95_s: float, colours: Palette) -> dict[str, Any]:
    return {
        "x": math.log10(slo_p95_s * MS_PER_S),
        "yref": "paper",
        "y": 1.0,
        "yanchor": "bottom",
        "xanchor": "center",
        "showarrow": False,
        "text": f"objective {formats.duration(slo_p95_s)}",
        "font": {"size": FONT_PX - 1, "color": colours.limit},
    }


def _not_measured(row: int, low_s: float, colours: Palette) -> dict[str, Any]:
    return {
        "x": math.log10(low_s * MS_PER_S),
        "y": row,
        "xanchor": "left",
        "xshift": 6,
        "showarrow": False,
        "text": "not measured",
        "font": {"size": FONT_PX - 1, "color": colours.muted},
    }
