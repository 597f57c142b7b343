"""The router: page, scenario, shared controls, navigation. Every page is a file in app_pages."""

from pathlib import Path

import streamlit as st

from core.errors import BreakevenError
from dashboard import resources, state
from dashboard.components import controls, errors
from dashboard.components.run_strip import run_strip

PAGES = (
    ("compare.py", "Compare", ":material/balance:"),
    ("latency.py", "Latency", ":material/timer:"),
    ("plan.py", "Plan", ":material/trending_up:"),
    ("risk.py", "Risk", ":material/casino:"),
    ("prices.py", "Prices", ":material/sell:"),
    ("method.py", "Method", ":material/functions:"),
)
FOLDER = Path(__file__).parent / "app_pages"

st.set_page_config(
    page_title="Breakeven", page_icon=str(Path(__file__).parent / "icon.svg"), layout="wide"
)
page = st.navigation(
    [
        st.Page(FOLDER / name, title=title, icon=icon, default=name == "compare.py")
        for name, title, icon in PAGES
        if (FOLDER / name).exists()
    ],
    position="top",
)

try:
    known = resources.known()
except BreakevenError as error:
    known = state.Known()
    errors.show(error, "Without the catalogue there are no prices to compare.")

state.begin(known, page.url_path)
if known.list_prices:
    with st.sidebar:
        controls.sidebar()
errors.show_reports(state.reports())
run_strip()
page.run()
resources.settle()
