"""What each candidate finds of a person's own queries: a dot with its interval, a row each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.measurement.beside.quality_found import CandidateQuality, MeanFound, QualityReport
from dashboard import formats
from dashboard.figures.base.frame import FONT_PX, Figure
from dashboard.figures.base.palette import Palette
from dashboard.figures.base.run_layout import axis, frame

ROW_PX: Final = 58
AROUND_PX: Final = 84
"""Legend above, axis below."""
APART: Final = 0.13
"""Of a row: recall stands above nDCG."""
NAME_AT: Final = 0.28
"""Of a row, above its dots."""
ROOM: Final = 0.03
"""Of the axis, on either side."""
MOST_LETTERS: Final = 44
"""Of a name: so many fit on a telephone."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A candidate with figures, at its height."""

    y: float
    name: str
    recall: MeanFound
    ndcg: MeanFound
    is_baseline: bool


def quality_figure(report: QualityReport, colours: Palette) -> Figure:
    """A row a candidate and form, as the report has them; the first all others are compared with.

    Whoever has no figure has no row.
    """
    rows = _rows(report)
    named = (
        (f"recall@{report.k}", [row.recall for row in rows], 0, "circle", APART),
        (f"nDCG@{report.k}", [row.ndcg for row in rows], 1, "diamond-open", -APART),
    )
    shares = [share for row in rows for mean in (row.recall, row.ndcg) for share in _ends(mean)]
    low, high = max(0.0, min(shares) - ROOM), min(1.0, max(shares) + ROOM)
    # A dot at the very edge is whole.
    edge = (high - low) * ROOM
    layout = frame(colours, AROUND_PX + ROW_PX * len(rows)) | {
        "xaxis": axis("share of what could be found", colours)
        | {"range": [low - edge, high + edge], "tickformat": ",.0%", "nticks": 6},
        "yaxis": {
            "range": [-0.5, len(rows) - 0.3],
            "showticklabels": False,
            "showgrid": False,
            "zeroline": False,
        },
        "shapes": [_line(row, colours) for row in rows if row.is_baseline],
        "annotations": [_name(row, colours) for row in rows],
    }
    return {"data": [_dots(rows, *one, colours) for one in named], "layout": layout}


def _rows(report: QualityReport) -> list[_Row]:
    """From the top down."""
    baseline = report.differences[0].a if report.differences else None
    with_figures = [
        (number, one, one.recall, one.ndcg)
        for number, one in enumerate(report.candidates)
        if one.recall is not None and one.ndcg is not None
    ]
    return [
        _Row(len(with_figures) - 1 - place, _label(one), recall, ndcg, number == baseline)
        for place, (number, one, recall, ndcg) in enumerate(with_figures)
    ]


def _label(one: CandidateQuality) -> str:
    """The target's name cut to what fits, the form's words whole: rows must not read alike."""
    words = one.form.words
    return formats.in_figure(formats.short(one.label, MOST_LETTERS - len(words)) + words)


def _ends(mean: MeanFound) -> tuple[float, float]:
    return mean.low, mean.high


def _dots(
    rows: Sequence[_Row],
    name: str,
    means: Sequence[MeanFound],
    line: int,
    symbol: str,
    above: float,
    colours: Palette,
) -> dict[str, Any]:
    colour = colours.line(line)
    percents = [[formats.percent(x) for x in (m.mean, m.low, m.high)] for m in means]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [mean.mean for mean in means],
        "y": [row.y + above for row in rows],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [mean.high - mean.mean for mean in means],
            "arrayminus": [mean.mean - mean.low for mean in means],
            "color": colour,
            "thickness": 1.5,
            "width": 5,
        },
        "marker": {
            "color": colour,
            "symbol": symbol,
            "size": 9,
            "line": {"width": 2, "color": colour},
        },
        "text": [
            f"{row.name}<br>{name} {mean} ({low} to {high})"
            for row, (mean, low, high) in zip(rows, percents, strict=True)
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _name(row: _Row, colours: Palette) -> dict[str, Any]:
    """A name above its dots, from the left edge: long ones fit on a narrow screen."""
    text = f"<b>{row.name}</b>: all others against it" if row.is_baseline else row.name
    return {
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": row.y + NAME_AT,
        "yanchor": "bottom",
        "text": text,
        "align": "left",
        "showarrow": False,
        "font": {"size": FONT_PX, "color": colours.ink},
    }


def _line(row: _Row, colours: Palette) -> dict[str, Any]:
    """The recall of whom all others are compared with, through all rows."""
    return {
        "type": "line",
        "yref": "paper",
        "x0": row.recall.mean,
        "x1": row.recall.mean,
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "line": {"color": colours.muted, "width": 1.2, "dash": "dot"},
    }
