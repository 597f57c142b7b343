"""Deleting a run: two clicks, the second one under a sentence that says what goes."""

import streamlit as st

from core.errors import BreakevenError
from dashboard.components.shared import error_boxes
from dashboard.resources import history


def button(run_id: str, what: str, *, live: bool) -> None:
    """The first click opens the question; ``what`` is its beginning: "Delete this run"."""
    help_text = "A live run is cancelled first." if live else None
    with st.popover("Delete", icon=":material/delete:", disabled=live, help=help_text):
        st.markdown(f"{what} for good? What it spent stays in the ledger of its day.")
        st.button(
            "Delete for good",
            type="primary",
            on_click=_delete,
            args=(run_id,),
            disabled=live,
            key=f"latency/delete/{run_id}",
        )


def _delete(run_id: str) -> None:
    try:
        history.delete(run_id)
    except BreakevenError as error:
        st.toast(error_boxes.sentence_of(error), icon=":material/error:")
    else:
        st.toast("The run is deleted.", icon=":material/delete:")
