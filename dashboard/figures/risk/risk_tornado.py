"""The tornado: what each input does to the answer's lead, at either end of its range."""

from collections.abc import Sequence
from typing import Any, Final

from core.decide.result.risk_result import InputWorth
from dashboard import formats
from dashboard.figures.base.axes import money_format
from dashboard.figures.base.frame import FONT_PX, Figure, frame
from dashboard.figures.base.palette import Palette

ROW_PX: Final = 28
FRAME_PX: Final = 110
"""Legend above the bars; ticks and title below them."""
MOST_ROWS: Final = 12


def tornado_rows(inputs: Sequence[InputWorth]) -> list[InputWorth]:
    """The inputs that move the lead, the widest first."""
    moving = [entry for entry in inputs if entry.low_margin_usd != entry.high_margin_usd]
    moving.sort(key=lambda entry: -abs(entry.high_margin_usd - entry.low_margin_usd))
    return moving[:MOST_ROWS]


def tornado_figure(
    inputs: Sequence[InputWorth], stated_margin_usd: float, colours: Palette
) -> Figure:
    """One bar an input, from its low to its high end; left of zero another option is cheaper."""
    rows, money = tornado_rows(inputs)[::-1], formats.money()
    labels = [formats.short(entry.belief.label, 34) for entry in rows]
    ends = (
        ("low end", [money.of(entry.low_margin_usd) for entry in rows], colours.lines[0]),
        ("high end", [money.of(entry.high_margin_usd) for entry in rows], colours.lines[3]),
    )
    stated = money.of(stated_margin_usd)
    return {
        "data": [_bars(name, labels, leads, stated, colour) for name, leads, colour in ends],
        "layout": frame(FRAME_PX + ROW_PX * max(len(rows), 1), colours)
        | {
            "barmode": "overlay",
            "showlegend": True,
            "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
            "xaxis": {
                "title": {
                    "text": f"lead, {money.code} per month",
                    "font": {"size": FONT_PX, "color": colours.muted},
                    "standoff": 8,
                },
                **money_format(),
                "gridcolor": colours.grid,
                "tickfont": {"color": colours.muted},
                "zeroline": False,
                "automargin": True,
            },
            "yaxis": {"automargin": True, "tickfont": {"color": colours.ink}},
            "shapes": [
                _at(0.0, colours.limit, "solid"),
                _at(stated, colours.ink, "dot"),
            ],
        },
    }


def _bars(
    name: str, labels: list[str], leads: list[float], base: float, colour: str
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": labels,
        "x": [lead - base for lead in leads],
        "base": base,
        "customdata": leads,
        "marker": {"color": colour},
        "opacity": 0.85,
        "hovertemplate": f"%{{y}}, {name}: a lead of "
        f"{formats.money().sign}%{{customdata:,.4~r}}<extra></extra>",
    }


def _at(lead: float, colour: str, dash: str) -> dict[str, Any]:
    line = {"color": colour, "width": 1.5, "dash": dash}
    return {"type": "line", "yref": "paper", "x0": lead, "x1": lead, "y0": 0, "y1": 1, "line": line}
