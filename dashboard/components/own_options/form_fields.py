"""What every form of one's own has: its keys, and the fields that several share.

A form's fields are read when its button is pressed, by their keys; a field that is not drawn says
nothing.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import streamlit as st

from core.errors import BreakevenError
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.shared import error_boxes
from dashboard.resources import own_options
from dashboard.state import session
from dashboard.state.link import MAX_OPTIONS

FAULT: Final = "own/fault"
ADDED: Final = "own/added"
PERSON: Final = "own/person"
MOST_CHARACTERS: Final = 100
MOST_ADDRESS: Final = 500
MOST_IN_LINES: Final = 4_000


def key(form: str, field: str) -> str:
    """Widget key of a form's field."""
    return f"own/{form}/{field}"


def typed(form: str, fields: tuple[str, ...]) -> dict[str, Any]:
    """What the fields of a form say; one that is empty or not drawn is left out."""
    said = {field: session.get(key(form, field), default=None) for field in fields}
    return {field: value for field, value in said.items() if value not in (None, "")}


def text(form: str, field: str, label: str, default: str = "", **more: Any) -> None:
    """A line of text."""
    limits = {"max_chars": MOST_CHARACTERS} | more
    st.text_input(label, value=default, key=key(form, field), **limits)


def lines(form: str, field: str, label: str, default: str = "", **more: Any) -> None:
    """Several of one kind, one a line."""
    st.text_area(
        f"{label}, one a line",
        value=default,
        key=key(form, field),
        height=68,
        max_chars=MOST_IN_LINES,
        **more,
    )


def number(form: str, field: str, label: str, default: float | None = None, **more: Any) -> None:
    """A number; empty where nothing is known."""
    st.number_input(label, value=default, min_value=0.0, key=key(form, field), **more)


def whole(form: str, field: str, label: str, default: int | None = None, **more: Any) -> None:
    """A whole number from 1; empty where nothing is known."""
    st.number_input(label, value=default, min_value=1, step=1, key=key(form, field), **more)


def area(form: str) -> None:
    """Where it stands."""
    areas = own_options.areas()
    st.selectbox(
        "Where it stands",
        options=list(areas),
        index=None,
        format_func=areas.__getitem__,
        placeholder="Not said",
        key=key(form, "area"),
    )


def model(form: str, label: str, help_text: str, default: str = "") -> None:
    """A model of the catalogue, or the name of another; the default where the catalogue has it."""
    models = own_options.models()
    st.selectbox(
        label,
        options=models,
        index=models.index(default) if default in models else None,
        placeholder="Choose or type a model",
        accept_new_options=True,
        key=key(form, "model"),
        help=help_text,
    )


def add_button(kind: str, form: str, fields: tuple[str, ...], closes: str = "") -> None:
    """Who says so, the button that adds it, and what came of it.

    ``closes``: name of the session's value that keeps a dialog open.
    """
    st.text_input(
        "Who says so",
        value=own_options.user(),
        key=key(form, "person"),
        max_chars=MOST_CHARACTERS,
        help="Stands as the source of these rows.",
    )
    st.checkbox(
        "Replace mine of this name",
        key=key(form, "replace"),
        help="To mend one of yours: type it anew under its name.",
    )
    st.button(
        "Add and compare",
        type="primary",
        icon=":material/add:",
        key=key(form, "add"),
        on_click=_add,
        args=(kind, form, fields, closes),
    )
    if fault := session.get(FAULT, default=""):
        st.error(fault, icon=":material/error:")


def _add(kind: str, form: str, fields: tuple[str, ...], closes: str) -> None:
    session.put(ADDED, "")
    try:
        option_id = own_options.add(
            kind,
            typed(form, fields),
            session.get(key(form, "person"), default=""),
            replace=session.get(key(form, "replace"), default=False),
        )
    except BreakevenError as error:
        session.put(FAULT, error_boxes.sentence_of(error))
        return
    session.put(FAULT, "")
    if closes:
        session.put(closes, value=False)
    session.change(partial(with_option, option_id))
    session.put(ADDED, added_text(option_id))


def with_option(option_id: str, scenario: Scenario) -> Scenario:
    """The scenario with one more option, where there is room."""
    options = tuple(dict.fromkeys((*scenario.options, option_id)))[:MAX_OPTIONS]
    return scenario.model_copy(update={"options": options})


def added_text(option_id: str) -> str:
    """What is said of an option that was added."""
    name = formats.plain(own_options.label(option_id))
    if option_id in session.scenario().options:
        return f"**{name}** is yours now, and among the options that are compared."
    return f"**{name}** is yours now. {MAX_OPTIONS} options are compared already: leave one out."


def without(option_id: str, scenario: Scenario) -> Scenario:
    """The scenario without an option, whatever model or API stands beside it."""

    def rests_on(name: str) -> bool:
        return own_options.rests_on(name, option_id)

    options = tuple(name for name in scenario.options if not rests_on(name))
    prices = tuple((name, usd) for name, usd in scenario.prices if not rests_on(name))
    return scenario.model_copy(update={"options": options, "prices": prices})


Defaults = Mapping[str, str]
"""What a form begins with, by field."""
