"""Rows of the catalogue's tables as text."""

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.prices import catalogue_cells as cells


@given(
    st.lists(st.sampled_from(["Alpha", "flat", "usd", "0.1", "per", "nothing-at-all"]), max_size=4)
)
def test_a_search_keeps_exactly_the_rows_with_every_word(words: list[str]) -> None:
    """Order, case and repetition of the words do not matter."""
    table = pd.DataFrame(
        {
            "a": ["Alpha flat", "Beta", None],
            "b": [0.1, float("nan"), 2.0],
            "c": ["per usd", "", "per"],
        }
    )
    found = cells.matching(table, " ".join(words).upper())
    again = cells.matching(table, " ".join(sorted(words + words)))
    assert found.equals(again)
    for row in found.to_dict("records"):
        assert all(word.casefold() in str(row).casefold() for word in words)
    if not words:
        assert len(found) == len(table)


def test_a_search_does_not_find_what_is_absent() -> None:
    """A programme writes absence as "nan" or "None"; that is nothing to look for."""
    table = pd.DataFrame({"a": ["x", "y"], "b": [None, 1.0]})
    assert cells.matching(table, "nan").empty
    assert cells.matching(table, "none").empty


def test_columns_that_nothing_fills_are_not_shown() -> None:
    """A column of unknowns takes room and says nothing; one known value keeps it."""
    table = pd.DataFrame({"a": ["", ""], "b": [None, 1.0], "c": [float("nan")] * 2, "d": [0, 0]})
    assert list(cells.filled(table)) == ["b", "d"]


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("Price (USD)", 0.1, "$0.10"),
        ("Price (USD)", 0.0125, "$0.0125"),
        ("New (USD)", 1199.0, "$1,199.00"),
        ("Implied MFU", 0.31, "31 %"),
        ("Tokens/s", 62_200.0, "62,200"),
        ("bf16", True, "yes"),
        ("Read", date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_a_cell_is_shown_by_its_column(column: str, value: object, text: str) -> None:
    """Money has its sign and its cents, a share its percent."""
    assert cells.cell_text(column, value).replace("\xa0", " ") == text


def test_what_is_unknown_of_a_row_is_left_out() -> None:
    """Absent is not a word on the page."""
    record: dict[str, object] = {"a": None, "b": "", "c": math.nan, "d": 0.0, "e": "x", "f": "y"}
    assert [name for name, _ in cells.fields_of(record, skip=["f"])] == ["d", "e"]
