"""Keeps what the start made out of Python's garbage collection: it is never given back."""

import gc

import streamlit as st


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Once, when all is imported: freeze the start's objects, so that no collection walks them.

    Streamlit collects all generations after every run of a script, and would walk 180,000
    objects each time: 70 ms, during which no other session is answered.
    """
    gc.collect()
    gc.freeze()
