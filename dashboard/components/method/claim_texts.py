"""The claims of the project's first note: what it said, what is right, and why."""

from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal

import streamlit as st

from core.decide.seed_note.note_claims import Claim, Finding, RightNumber
from core.money import DOLLARS
from dashboard import formats

COLOURS: Final[dict[Finding, Literal["red", "orange", "gray"]]] = {
    Finding.WRONG: "red",
    Finding.PARTLY_RIGHT: "orange",
    Finding.OUTDATED: "orange",
    Finding.UNVERIFIED: "gray",
}
ICONS: Final = {
    Finding.WRONG: ":material/close:",
    Finding.PARTLY_RIGHT: ":material/contrast:",
    Finding.OUTDATED: ":material/history:",
    Finding.UNVERIFIED: ":material/question_mark:",
}
"""A finding is told by its word and its sign as well as by its colour."""

VOLUME_UNITS: Final = ("tokens/month", "tokens/day")
UNIT_WORDS: Final = {
    "USD": "",
    "USD/month": "/month",
    "USD/1M tokens": " per 1M tokens",
    "USD/1K tokens": " per 1K tokens",
    "USD/request": " per request",
    "USD/s": "/s",
}
"""What stands behind an amount of dollars, for every unit of money."""


def show_claims(claims: Sequence[Claim]) -> None:
    """The count of each finding, then the claims, two abreast where there is room."""
    st.markdown(f"**{tally(claims)}**")
    with st.grid(min_column_width=420, gap="small"):
        for claim in claims:
            _show(claim)


def tally(claims: Sequence[Claim]) -> str:
    """How many claims met which fate: 13 claims: 6 wrong, 2 partly right."""
    counts = Counter(claim.verdict for claim in claims)
    parts = [f"{counts[finding]} {finding.value}" for finding in Finding if counts[finding]]
    return f"{len(claims)} claims: {', '.join(parts)}"


def _show(claim: Claim) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.badge(claim.verdict.value, color=COLOURS[claim.verdict], icon=ICONS[claim.verdict])
        st.markdown(f"“{formats.plain(claim.claim)}”")
        if claim.numbers:
            st.markdown(numbers_text(claim.numbers))
        st.markdown(formats.plain(claim.explanation))


def numbers_text(numbers: Sequence[RightNumber]) -> str:
    """The right numbers as a list."""
    return "\n".join(
        f"- {formats.plain(number.label)}: **{formats.plain(number_text(number))}**"
        for number in numbers
    )


def number_text(number: RightNumber) -> str:
    """One figure with its unit, cents included: the note's own figures are that exact."""
    value, unit = number.value, number.unit
    if unit in UNIT_WORDS:
        # An odd sum is rounded to cents; a unit price keeps its digits.
        return f"{_dollars(value)}{UNIT_WORDS[unit]}"
    if unit in VOLUME_UNITS:
        return f"{formats.compact(value, 4)} {unit}"
    return formats.duration(value) if unit == "s" else f"{formats.significant(value, 4)} {unit}"


def _dollars(value: float) -> str:
    """In the note's own currency, whatever the reader's is."""
    return formats.usd_exact(round(value, 2) if value >= 1 else value, DOLLARS)
