"""Which texts of strangers are names, and what is made of the others."""

import unicodedata
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from core.plain_text import AS_STORED, Few, Label, is_plain, made_plain

LABEL: TypeAdapter[str] = TypeAdapter(Label)
HIDDEN = {
    "a bell": "\x07",
    "an escape": "\x1b[31m",
    "a new line": "\n",
    "a tab": "\t",
    "C1 control": "\x9b",
    "right to left override": "\u202e",
    "isolate": "\u2066",
    "right to left mark": "\u200f",
    "zero width space": "\u200b",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "private use": "\ue000",
    "a lone surrogate": "\ud800",
    "a tag": "\U000e0041",
    "a variation selector": "\U000e0100",
    "a filler": "\u3164",
}


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
def test_a_hidden_character_is_no_part_of_a_name(hidden: str) -> None:
    """Refused at a door, a dot where an older version let it in."""
    text = f"name{hidden}of a run"
    with pytest.raises(ValidationError, match="cannot be seen"):
        LABEL.validate_python(text)
    assert is_plain(LABEL.validate_python(text, context=AS_STORED))


@pytest.mark.parametrize(
    "text", ["", "OpenAI 3-small", "Zürich, Büro", "東京", "μ-1 ≤ 5 %", "a 😀"]
)
def test_a_name_in_any_script_stays(text: str) -> None:
    """What can be seen may be written."""
    assert LABEL.validate_python(text) == made_plain(text, 300) == text


def test_a_long_name_is_refused_and_an_old_one_cut() -> None:
    """The sentence says how long it was."""
    with pytest.raises(ValidationError, match="has 301 characters, and 300 are the most"):
        LABEL.validate_python("x" * 301)
    assert LABEL.validate_python("x" * 301, context=AS_STORED) == "x" * 299 + "…"


def test_a_long_list_is_refused_and_an_old_one_cut() -> None:
    """Names are limited in number, too."""
    few: TypeAdapter[tuple[str, ...]] = TypeAdapter(Annotated[tuple[str, ...], Few(3)])
    with pytest.raises(ValidationError, match="has 9 entries, and 3 are the most"):
        few.validate_python(["a"] * 9)
    assert few.validate_python(["a"] * 9, context=AS_STORED) == ("a", "a", "a")


@given(st.text(st.characters()), st.integers(1, 50))
def test_whatever_comes_is_made_plain_and_short(text: str, limit: int) -> None:
    """And what is plain already is changed by its length alone."""
    made = made_plain(text, limit)
    assert len(made) <= limit
    assert is_plain(made)
    assert not {unicodedata.category(char) for char in made} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    if is_plain(text) and len(text) <= limit:
        assert made == text
