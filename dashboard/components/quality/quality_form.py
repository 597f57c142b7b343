"""What is judged beside the vectors as they come, and the prefixes of each model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from dashboard import formats
from dashboard.resources import plans, quality_tests
from dashboard.resources.quality_tests import Asked

USUAL_K: Final = 10
MOST_K: Final = 1_000
MOST_PREFIX: Final = 500


@dataclass(frozen=True, slots=True)
class Judging:
    """What the form says of the judging."""

    k: int
    dims: tuple[int, ...]
    int8: bool


def judging_and_prefixes(asked: Sequence[Asked]) -> tuple[Judging, list[Asked]]:
    """The fields, and whom to ask with their prefixes. Raises RunError for no numbers."""
    first, second, third, fourth = st.columns([1, 1.4, 1.2, 1], vertical_alignment="bottom")
    k = first.number_input(
        "Of the ranking count the first",
        1,
        MOST_K,
        USUAL_K,
        key="quality/k",
        persist_state="session",
        help="The k of recall@k and nDCG@k.",
    )
    typed = second.text_input(
        "Shorter vectors, too (dimensions)",
        placeholder="256, 512",
        key="quality/dims",
        persist_state="session",
        max_chars=100,
        help="Judged from the same answers: it costs nothing more. Not every model can be cut.",
    )
    int8 = third.toggle(
        "One byte a dimension, too",
        key="quality/int8",
        persist_state="session",
        help="int8: a quarter of the storage of float32.",
    )
    with fourth.popover("Prefixes", icon=":material/text_fields:"):
        prefixed = [_with_prefixes(one) for one in asked]
    dims = plans.whole_numbers(typed or "", "Dimensions", least=0)
    return Judging(int(k or USUAL_K), dims, bool(int8)), prefixed


def _with_prefixes(one: Asked) -> Asked:
    """Two fields, but for a format that tells a query from a document by itself."""
    st.markdown(f"**{formats.plain(one.candidate.label)}**")
    if quality_tests.tells_roles(one.candidate):
        st.caption("Told by a field of its format: no prefix is needed.")
        return one
    query, document = (
        st.text_input(
            f"Before each {role}",
            placeholder=hint,
            key=f"quality/{role} prefix/{one.candidate.option_id}",
            persist_state="session",
            max_chars=MOST_PREFIX,
        )
        for role, hint in (("query", '"query: " for E5'), ("document", '"passage: " for E5'))
    )
    return replace(one, query_prefix=query or "", document_prefix=document or "")
