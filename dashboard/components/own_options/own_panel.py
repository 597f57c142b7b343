"""One's own options on the page Prices: the list, and what may be added."""

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from core.errors import BreakevenError
from dashboard import formats
from dashboard.components.own_options.api_form import api_form
from dashboard.components.own_options.form_fields import (
    ADDED,
    FAULT,
    added_text,
    with_option,
    without,
)
from dashboard.components.own_options.hardware_forms import card_form, machine_form, rate_form
from dashboard.components.shared import error_boxes
from dashboard.resources import own_options
from dashboard.resources.own_options import OwnEntry
from dashboard.state import session

FORMS: Final[dict[str, Callable[[str], None]]] = {
    "API": api_form,
    "Machine": machine_form,
    "Rate": rate_form,
    "Card": card_form,
}
ABOUT: Final = {
    "API": "An address that answers, and what a call costs.",
    "Machine": "Rented, bought, or there already: its bill is made of what you say.",
    "Rate": "Tokens a second that you know of a machine or a card, with its conditions.",
    "Card": "One that the catalogue lacks, by its datasheet.",
}


def own_panel() -> None:
    """Everything about one's own options on the page; one call is all that it needs."""
    st.subheader("Your own options")
    st.markdown(
        "Servers, machines, rates and cards of yours stand beside those that ship, named “yours” "
        "wherever they are. They are kept as files in a folder of your own; no key is in them."
    )
    with error_boxes.shown("Nothing can be added until this is mended."):
        entries = own_options.entries()
        if text := session.get(ADDED, default=""):
            st.success(text, icon=":material/check:")
        for entry in entries:
            _entry(entry)
        if not own_options.may_add():
            st.info("On this page nothing can be added: use `breakeven options add`.")
            return
        with st.expander("Add one of your own", icon=":material/add:", expanded=not entries):
            _adding()


def _adding() -> None:
    kind = st.segmented_control(
        "What you add",
        options=list(FORMS),
        default="API",
        required=True,
        key="own/kind",
        on_change=partial(session.put, FAULT, ""),
    )
    st.caption(ABOUT[kind])
    FORMS[kind](f"page-{kind.lower()}")


def _entry(entry: OwnEntry) -> None:
    """One line, with what can be done with it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(entry_text(entry), width="stretch")
        if entry.is_option:
            there = any(own_options.rests_on(name, entry.id) for name in session.scenario().options)
            st.button(
                "Compared" if there else "Compare",
                icon=":material/check:" if there else ":material/add:",
                disabled=there,
                on_click=_compare,
                args=(entry.id,),
                key=f"own/compare/{entry.id}",
            )
        st.button(
            "Remove",
            icon=":material/delete:",
            type="tertiary",
            disabled=not own_options.may_add(),
            on_click=_remove,
            args=(entry.id, entry.label),
            key=f"own/remove/{entry.id}",
            help=f"{entry.id}, in {entry.file}",
        )


def entry_text(entry: OwnEntry) -> str:
    """What it is, what it costs, where it is, and who says so."""
    words = (entry.kind, entry.price, entry.where, entry.who)
    return f"**{formats.plain(entry.label)}** {formats.plain(' · '.join(words))}"


def _compare(option_id: str) -> None:
    session.change(partial(with_option, option_id))
    session.put(ADDED, added_text(option_id))


def _remove(option_id: str, label: str) -> None:
    try:
        own_options.remove(option_id)
    except BreakevenError as error:
        st.toast(error_boxes.sentence_of(error), icon=":material/error:")
        return
    session.change(partial(without, option_id))
    session.put(ADDED, f"**{formats.plain(label)}** was removed.")
