"""Spares Python's collector what the start made and never gives back."""

import gc

import streamlit as st


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Once, when all is imported: spare the collector what start-up made and never gives back.

    Streamlit collects all generations after every run of a script, and would walk 180,000
    objects each time: 70 ms, during which no other session is answered.
    """
    gc.collect()
    gc.freeze()
