"""Controls of the demands that are no plain number and no list of words."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from core.scenario import LANGUAGES, MOST_BUDGET_USD, Demands, Scenario
from dashboard.state import session


def _budget(_scenario: Scenario) -> None:
    """The most that a month may cost; an empty field asks for no budget."""
    key = session.optional_key("budget")
    st.number_input(
        "Budget (USD/month)",
        min_value=0.0,
        max_value=MOST_BUDGET_USD,
        # Constant while it is there: a field that has a value of its own cannot be emptied.
        value=session.began_with("budget"),
        step=50.0,
        placeholder="any bill",
        key=key,
        help=Demands.model_fields["budget_usd_per_month"].description,
    )


def _languages(scenario: Scenario) -> None:
    """The languages of the texts, by their names."""
    st.multiselect(
        "Texts are in",
        options=list(LANGUAGES),
        default=list(scenario.demands.languages),
        format_func=LANGUAGES.__getitem__,
        key=session.key("lang"),
        placeholder="Not asked",
        help=Demands.model_fields["languages"].description,
    )


CONTROLS: Final[Mapping[str, Callable[[Scenario], None]]] = {
    "budget": _budget,
    "lang": _languages,
}
"""By URL key."""
