"""The history drawn: each figure as a share of its budget, so that all fit on one axis."""

from collections.abc import Sequence
from pathlib import Path

import plotly.graph_objects as go

from tests.benchmarks.history import Line

SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "star")
"""One for each machine: values of two machines are not one line's ups and downs."""


def chart(lines: Sequence[Line]) -> go.Figure:
    """One line a figure and machine over time; above 1 a budget is missed."""
    machines = list(dict.fromkeys(line.where.machine for line in lines))
    drawn = go.Figure()
    for name, machine in dict.fromkeys((_name(line), line.where.machine) for line in lines):
        own = [one for one in lines if (_name(one), one.where.machine) == (name, machine)]
        symbol = SYMBOLS[machines.index(machine) % len(SYMBOLS)]
        drawn.add_scatter(
            x=[line.where.at for line in own],
            y=[line.figure.used for line in own],
            text=[_hover(line) for line in own],
            name=name if len(machines) == 1 else f"{name} ({machine})",
            mode="lines+markers",
            marker={"symbol": symbol, "size": 9},
            hovertemplate="%{text}<extra></extra>",
        )
    drawn.add_hline(y=1, line_dash="dash", annotation_text="budget")
    drawn.update_layout(
        title=f"Share of the budget used: {', '.join(machines)}",
        xaxis_title="measured (UTC)",
        yaxis={"title": "share of the budget", "type": "log"},
        template="plotly_white",
    )
    return drawn


def write_chart(lines: Sequence[Line], file: Path) -> None:
    """As one HTML file that needs no network."""
    chart(lines).write_html(file, include_plotlyjs=True)


def _name(line: Line) -> str:
    return f"{line.benchmark}: {line.figure.what}"


def _hover(line: Line) -> str:
    where = line.where
    return (
        f"{_name(line)}<br>{line.figure.sentence()}<br>{where.commit or 'no commit'}, "
        f"{where.machine}, load {'?' if where.load is None else where.load}"
    )
