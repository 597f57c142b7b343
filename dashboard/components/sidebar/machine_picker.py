"""A machine with a model of its own, added to the options: first the machine, then the model."""

import streamlit as st

from core.scenario import Scenario, pair_id
from dashboard.components.shared.labels import distinct
from dashboard.resources.cached import cached_catalogue
from dashboard.state import session
from dashboard.state.link import MAX_OPTIONS


def show(scenario: Scenario) -> None:
    """The two choices and the button, folded away."""
    with st.popover("Machine with another model", icon=":material/add:", width="stretch"):
        labels = distinct(cached_catalogue.machines(), cached_catalogue.option_label)
        machine = st.selectbox(
            "Machine",
            options=list(labels),
            index=None,
            format_func=labels.__getitem__,
            placeholder="Choose a machine",
            key="pair/machine",
        )
        model_id = st.selectbox(
            "Model on it",
            options=[m for m in session.known().models if m != scenario.hosting.model],
            index=None,
            placeholder="Choose a model",
            key="pair/model",
            help="Beside the self-hosted model below, which every other machine runs.",
        )
        chosen = None if machine is None or model_id is None else pair_id(machine, model_id)
        st.button(
            "Compare it",
            on_click=add,
            args=(chosen,),
            disabled=chosen is None or chosen in scenario.options or is_full(scenario),
            help=why_full(scenario),
            key="pair/add",
            width="stretch",
        )


def add(option_id: str) -> None:
    """Compare one more option. For a button's callback."""
    session.change(
        lambda now: now.model_copy(
            update={"options": tuple(dict.fromkeys((*now.options, option_id)))[:MAX_OPTIONS]}
        )
    )


def is_full(scenario: Scenario) -> bool:
    """Whether no option can be added."""
    return len(scenario.options) >= MAX_OPTIONS


def why_full(scenario: Scenario) -> str | None:
    """What to do where no option can be added; None where one can."""
    if not is_full(scenario):
        return None
    return f"{MAX_OPTIONS} options are compared at most: leave one out first."
