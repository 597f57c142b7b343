"""The toolbar of every chart: no button of it sends anything anywhere."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from dashboard.components.live_chart.payload import payload_json
from dashboard.components.shared.toolbar import BUTTONS, chart_config, still_chart

DASHBOARD = Path(__file__).resolve().parents[4] / "dashboard"
DRAWERS = {"plotly_chart", "altair_chart", "vega_lite_chart", "pydeck_chart", "graphviz_chart"} | {
    f"{kind}_chart" for kind in ("line", "bar", "area", "scatter")
}
HARMLESS = {"toImage", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"}


def shown_config(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The configuration that a still chart hands to Streamlit."""
    given: dict[str, Any] = {}
    monkeypatch.setattr(st, "plotly_chart", lambda _figure, **rest: given.update(rest))
    still_chart({"data": [], "layout": {}}, "key", "alt")
    config: dict[str, Any] = given["config"]
    return config


def live_config() -> dict[str, Any]:
    """The configuration that the browser is sent for a live chart."""
    sent = payload_json(
        {"data": [], "layout": {}},
        marker=None,
        alt="",
        height_px=1,
        x_unit="",
        slider=None,
        value=None,
        answered=0,
    )
    config: dict[str, Any] = json.loads(sent)["config"]
    return config


def test_only_buttons_that_stay_on_this_computer_are_listed() -> None:
    """The list is of buttons that are allowed, so an unknown one cannot be among them."""
    assert {button for group in BUTTONS for button in group} == HARMLESS


def test_every_kind_of_chart_has_nobody_to_send_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Live and still charts take their buttons from the list, and know no server of Plotly's."""
    for config in (shown_config(monkeypatch), live_config()):
        assert [list(group) for group in config["modeBarButtons"]] == [list(g) for g in BUTTONS]
        assert config["plotlyServerURL"] == ""
        assert config["showSendToCloud"] is False
        assert config["displaylogo"] is False


def test_a_figure_may_take_buttons_away_and_bring_none() -> None:
    """A chart that is not to be zoomed says so; what it would add is not heard."""
    layout = {"modebar": {"remove": ["zoom2d", "pan2d", "toImage"], "add": ["sendChartToCloud"]}}
    config = chart_config({"data": [], "layout": layout})
    assert config["modeBarButtons"] == [["zoomIn2d", "zoomOut2d", "resetScale2d"]]


def test_no_chart_is_drawn_past_the_list() -> None:
    """One place in the page's code calls Streamlit's charts, and one script Plotly's own."""
    calls = {
        path.relative_to(DASHBOARD).as_posix()
        for path in DASHBOARD.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in DRAWERS
    }
    assert calls == {"components/shared/toolbar.py"}
    scripts = [
        path.name
        for path in DASHBOARD.rglob("*.js")
        if "plotly.react(" in (text := path.read_text(encoding="utf-8")) or "newPlot(" in text
    ]
    assert scripts == ["chart.js"]
