"""A live run in full, drawn again every second: percentiles, cautions and charts as they come."""

from typing import Final

import streamlit as st

from dashboard.components.runs.one_run import run_detail
from dashboard.components.shared import error_boxes
from dashboard.resources.cached import cached_store

LOOK_S: Final = 1.0


def live_run(run_id: str, slo_p95_s: float) -> None:
    """Follow a run; once it has ended the strip above draws the whole page anew."""
    st.fragment(_look, run_every=LOOK_S)(run_id, slo_p95_s)


def _look(run_id: str, slo_p95_s: float) -> None:
    with error_boxes.shown():
        run_detail.show_run(cached_store.runs().view(run_id), slo_p95_s)
