"""Built-in texts and the user's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RunError
from core.probe.records.probe_plan import MAX_TEXT_CHARACTERS, MAX_TEXTS
from core.probe.sample_texts import MAX_INPUT_CHARACTERS, parse_user_texts, sample_texts
from tests.probe.support import plan


def test_the_built_in_texts_are_many_and_varied_and_make_a_plan() -> None:
    """Short queries to pages of about 400 words, more than one language, none twice."""
    texts = sample_texts()
    words = [len(text.split()) for text in texts]
    assert len(texts) == len(set(texts)) == 24
    assert sum(n <= 15 for n in words) >= 6
    assert max(words) >= 350
    assert any(not text.isascii() for text in texts)
    assert plan(texts=texts).texts == texts


def test_any_few_in_a_row_mix_lengths() -> None:
    """A run of twelve requests already sees short and long texts."""
    lengths = [len(text) for text in sample_texts()]
    for start in range(len(lengths) - 6):
        window = lengths[start : start + 6]
        assert max(window) > 3 * min(window)


def test_one_text_a_line_or_paragraphs() -> None:
    """A blank line anywhere makes paragraphs; line ends of every system are understood."""
    assert parse_user_texts("a b\nc\n") == ("a b", "c")
    assert parse_user_texts("a\r\nb\r\n \r\nc\rd") == ("a\nb", "c\nd")
    assert parse_user_texts("\ufeff  a\n\n\n\nb  ") == ("a", "b")


@pytest.mark.parametrize("empty", ["", " \n\t\r\n ", "\ufeff"])
def test_nothing_is_an_error_in_a_sentence(empty: str) -> None:
    """The user is told to type something."""
    with pytest.raises(RunError, match="no text to send"):
        parse_user_texts(empty)


def test_more_than_a_sample_is_refused_by_number() -> None:
    """Too many texts, too long a text, too much in all, half a character."""
    with pytest.raises(RunError, match="2,001 texts"):
        parse_user_texts("x\n" * (MAX_TEXTS + 1))
    with pytest.raises(RunError, match="Text 2 has 200,001 characters"):
        parse_user_texts("x\n" + "y" * (MAX_TEXT_CHARACTERS + 1))
    with pytest.raises(RunError, match="limit is 5,000,000"):
        parse_user_texts("x" * (MAX_INPUT_CHARACTERS + 1))
    with pytest.raises(RunError, match="Text 1 holds a broken character"):
        parse_user_texts("\ud800")


@given(st.text(max_size=200))
def test_whatever_is_typed_makes_a_plan_or_a_sentence(typed: str) -> None:
    """No input ends in anything else than texts that a plan accepts, or a RunError."""
    try:
        texts = parse_user_texts(typed)
    except RunError:
        return
    assert plan(texts=texts).texts == texts
