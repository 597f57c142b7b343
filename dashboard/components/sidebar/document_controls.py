"""The one control of the documents that is no number: what may embed them."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from core.scenario import MOST_OPTIONS, Documents, Scenario
from dashboard.components.shared.labels import distinct
from dashboard.resources.cached import cached_catalogue
from dashboard.state import session


def _options(scenario: Scenario) -> None:
    """Options of the documents alone, by their names; empty: those that are compared."""
    names = cached_catalogue.option_choices(scenario)
    labels = distinct(names, names.__getitem__)
    st.multiselect(
        "Documents may be embedded by",
        options=list(labels),
        default=list(scenario.documents.options),
        format_func=labels.__getitem__,
        max_selections=MOST_OPTIONS,
        key=session.key("do"),
        placeholder="Whatever is compared",
        help=Documents.model_fields["options"].description,
    )


CONTROLS: Final[Mapping[str, Callable[[Scenario], None]]] = {"do": _options}
"""By URL key."""
