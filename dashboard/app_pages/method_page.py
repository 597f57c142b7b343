"""How the numbers come about, what is not in them, and the project's first note checked."""

import streamlit as st

from core.decide.seed_note.note_claims import check_note
from dashboard.components.method.claim_texts import show_claims
from dashboard.components.method.method_sections import show_chapters
from dashboard.components.method.method_texts import text
from dashboard.components.shared import error_boxes
from dashboard.resources.cached import cached_catalogue

st.title("Method")
formulas, conventions, limits, note = st.tabs(
    ["Formulas", "Conventions", "Limits", "The note, checked"]
)
with formulas:
    show_chapters()
with conventions:
    st.markdown(text("method-conventions"))
with limits:
    st.markdown(text("method-limits"))
with note:
    st.markdown(text("method-note"))
    with error_boxes.shown("The claims cannot be checked until this is mended."):
        show_claims(check_note(cached_catalogue.catalog()))
