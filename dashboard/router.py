"""The router: page, scenario, shared controls, navigation. Every page is a file in app_pages."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.errors import BreakevenError
from dashboard.components.job.job_inputs import ASKED as JOB_FIELDS
from dashboard.components.probing.run_strip import run_strip
from dashboard.components.shared import error_boxes
from dashboard.components.sidebar import sidebar_controls
from dashboard.resources import garbage
from dashboard.resources.cached import cached_catalogue
from dashboard.state import session
from dashboard.state.link import Known

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

PAGES: Final = (
    ("compare", "Compare", ":material/balance:"),
    ("job", "One-off job", ":material/task_alt:"),
    ("latency", "Latency", ":material/timer:"),
    ("plan", "Plan", ":material/trending_up:"),
    ("risk", "Risk", ":material/casino:"),
    ("prices", "Prices", ":material/sell:"),
    ("method", "Method", ":material/functions:"),
)
HERE: Final = Path(__file__).parent


def show() -> None:
    """Draw what one visitor sees now: called at every run of the page's script."""
    st.set_page_config(page_title="Breakeven", page_icon=str(HERE / "icon.svg"), layout="wide")
    page = _navigation()
    known = _known()
    session.begin(known, page.url_path)
    if known.list_prices:
        with st.sidebar:
            # What the page asks by itself stands in no second field with the same key.
            sidebar_controls.sidebar(JOB_FIELDS if page.url_path == "job" else ())
    error_boxes.show_reports(session.reports())
    if (day := session.scenario().as_of) is not None:
        st.info(f"Prices as of {day}. What has no price by then is not compared.")
    run_strip()
    page.run()
    garbage.settle()


def _navigation() -> "StreamlitPage":
    folder = HERE / "app_pages"
    pages = [
        st.Page(
            folder / f"{name}_page.py",
            title=title,
            icon=icon,
            url_path=name,
            default=name == "compare",
        )
        for name, title, icon in PAGES
    ]
    return st.navigation(pages, position="top")


def _known() -> Known:
    try:
        return cached_catalogue.known()
    except BreakevenError as error:
        error_boxes.show(error, "Without the catalogue there are no prices to compare.")
        return Known()
