"""The pairs: files of one's own or the example that ships, and what was read."""

from functools import partial
from typing import Final

import streamlit as st

from dashboard import formats
from dashboard.components.runs.words.tested_words import size_text
from dashboard.resources import quality_tests
from dashboard.resources.quality_tests import Corpus
from dashboard.state import session

TYPES: Final = ("csv", "tsv", "txt", "json", "jsonl", "ndjson")
EXAMPLE: Final = "quality/example chosen"


def corpus_choice() -> Corpus | None:
    """The texts to test with; None while there are none. Raises QualityInputError."""
    most_mb = quality_tests.limits().megabytes
    left, right = st.columns(2, gap="medium")
    pairs = left.file_uploader(
        "Pairs: a query and its relevant text in each row",
        type=list(TYPES),
        max_upload_size=most_mb,
        key="quality/pairs",
        help="CSV or JSON lines with the columns query and relevant. Or query and relevant_id, "
        "with the documents beside.",
    )
    documents = right.file_uploader(
        "Documents, also those that no query asks for",
        type=list(TYPES),
        max_upload_size=most_mb,
        key="quality/documents",
        help="CSV or JSON lines with the columns id and text.",
    )
    if pairs is not None:
        beside = None if documents is None else documents.getvalue()
        return _read(quality_tests.corpus_of(pairs.getvalue(), beside), "")
    if documents is not None:
        st.info("Give the pairs, too: they say which document answers which query.")
    st.button(
        "Use the example that ships",
        icon=":material/dataset:",
        on_click=partial(session.put, EXAMPLE, value=True),
        key="quality/example",
    )
    if not session.get(EXAMPLE, default=False):
        return None
    return _read(
        quality_tests.example(), " It shows how a test goes. It says little of your texts."
    )


def _read(corpus: Corpus, more: str) -> Corpus:
    """Say what was read, before anything is sent."""
    size = size_text(len(corpus.queries), len(corpus.documents))
    st.markdown(f"**{size}.**{more}")
    if corpus.remarks:
        st.markdown("\n".join(f"- {formats.plain(remark)}" for remark in corpus.remarks))
    return corpus
