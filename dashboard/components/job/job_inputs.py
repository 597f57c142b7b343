"""What is asked of a one-off job: the scenario's own fields, drawn on the page itself."""

from typing import Final

import streamlit as st

from core.scenario import Scenario
from dashboard import formats
from dashboard.components.sidebar.sidebar_controls import number

ASKED: Final = ("corpus", "days", "after", "corpuslab", "jobvec")
"""By their URL keys; the sidebar leaves them out on this page."""


def job_inputs(scenario: Scenario) -> None:
    """The fields side by side, and what of the sidebar counts, too."""
    for field, column in zip(ASKED, st.columns([1, 0.8, 1, 0.8, 1.3], gap="small"), strict=True):
        with column:
            number(field, scenario)
    load = scenario.workload
    length = formats.quantity(load.tokens_per_request, "tokens")
    st.caption(
        formats.plain(
            f"{formats.tokens(load.corpus_tokens)} in texts of {length} tokens, then "
            f"{formats.tokens_per_month(load.afterwards_tokens_per_month)} over "
            f"{formats.months(scenario.objective.horizon_months)}. Lengths, place, model, limits "
            "of your accounts, spot and horizon are those of the sidebar."
        )
    )


def show_empty() -> None:
    """What to type where nothing is asked yet."""
    st.info(
        "Type how many tokens are to be embedded once, such as 10e9 for ten billion, and within "
        "how many days.",
        icon=":material/edit:",
    )
