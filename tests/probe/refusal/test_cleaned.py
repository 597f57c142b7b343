"""Whatever a server repeats of what it was sent, no stretch of it is kept."""

import html
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.plain_text import is_plain
from core.probe.records.sample import MOST_SAID
from core.probe.refusal.cleaned import CUT_OUT, KEY_RUN, TEXT_RUN, cleaned

KEY = "sk-quokka_marmalade_73910462845017-Wobble"
PLAIN = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=120
)
ECHOES: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    str.lower,
    repr,
    json.dumps,
    html.escape,
    "\n".join,
    "\u200b".join,
    lambda text: quote(text, safe=""),
    lambda text: json.dumps({"input": [text], "model": "m"}, ensure_ascii=False),
    lambda text: f"{text} " * 30,
)


def folded(text: str) -> str:
    """As a reader takes it, whatever the case and the blanks."""
    return " ".join(text.replace("\u0130", "i").lower().split())


def runs(text: str, length: int) -> set[str]:
    """Every stretch of so many characters."""
    whole = folded(text)
    return {whole[i : i + length] for i in range(len(whole) - length + 1)}


@given(
    text=PLAIN,
    before=st.text(max_size=40),
    after=st.text(max_size=40),
    echo=st.sampled_from(ECHOES),
)
@example(text="İ" * 25, before="", after="", echo=str)
@example(text="a " * 30, before="x", after="y", echo=str)
def test_no_stretch_of_a_text_survives(
    text: str, before: str, after: str, echo: Callable[[str], str]
) -> None:
    """In any case, in quotes, with blanks or invisible marks between its letters, or escaped."""
    shown = cleaned(f"{before}{echo(text)}{after}", [text, "another"])
    assert not runs(text, TEXT_RUN) & runs(shown.replace(CUT_OUT, "\x00"), TEXT_RUN)
    assert len(shown) <= MOST_SAID
    assert is_plain(shown)


@given(
    at=st.integers(0, len(KEY) - KEY_RUN),
    length=st.integers(KEY_RUN, len(KEY)),
    before=st.text(max_size=40),
    echo=st.sampled_from(ECHOES[:9]),
)
def test_no_stretch_of_the_key_survives(
    at: int, length: int, before: str, echo: Callable[[str], str]
) -> None:
    """Of eight characters or more."""
    shown = cleaned(f"{before}{echo(KEY[at : at + length])}", (), KEY)
    assert not runs(KEY, KEY_RUN) & runs(shown, KEY_RUN)


@pytest.mark.parametrize(
    "secret",
    [
        *("sk-proj-abcdefghijkl", "sk-abc***wxyz", "hf_aBcDeFgHiJkLmN", "gsk_a1b2c3d4e5f6"),
        *("AIzaSyA1234567890abcdefg", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.s1g", "0" * 32),
        *("d41d8cd98f00b204e9800998ecf8427e", "Bearer abcdefgh", "api_key=hunter22", "a1" * 12),
        "token: 'quokka99x'",
    ],
)
def test_what_looks_like_a_key_is_cut_out(secret: str) -> None:
    """Also where it is nobody's that we know: a gateway may name its own."""
    shown = cleaned(f"Incorrect API key provided: {secret}, see the docs.")
    value = secret.rsplit(maxsplit=1)[-1].rpartition("=")[2].strip("'")
    assert value not in shown
    assert "see the docs" in shown


@pytest.mark.parametrize(
    "sentence",
    [
        "The model `text-embedding-3-small` does not exist or you do not have access to it.",
        "Model sentence-transformers/all-MiniLM-L6-v2 not found, BAAI/bge-m3 is served",
        "batch size 64 > maximum allowed batch size 32",
        "This model's maximum context length is 8192 tokens, however you requested 9001 tokens.",
        "The API deployment for this resource does not exist. Try again in 5 minutes.",
        "You exceeded your current quota, please check your plan and billing details.",
        'model "nomic-embed-text" not found, try pulling it first',
    ],
)
def test_a_useful_sentence_stays_as_it_is(sentence: str) -> None:
    """Names of models, limits, advice."""
    assert cleaned(sentence, ["How long does a refund take to arrive?"], KEY) == sentence


def test_a_long_sentence_is_cut_and_control_characters_are_gone() -> None:
    """At 300 characters; a terminal is sent no escape, and nothing changes its direction."""
    shown = cleaned("\x1b[31mred\u202e " + "word " * 200)
    assert len(shown) == MOST_SAID
    assert shown.endswith("…")
    assert is_plain(shown)


def test_a_short_text_is_cut_out_whole() -> None:
    """One that is no common word."""
    assert cleaned("cannot embed 'my diagnosis'", ["my diagnosis"]) == f"cannot embed '{CUT_OUT}'"
    assert cleaned("one is enough", ["one"]) == "one is enough"


@given(st.text(max_size=400))
def test_cleaning_twice_changes_nothing(message: str) -> None:
    """An import cleans what was clean when it was stored."""
    once = cleaned(message)
    assert cleaned(once) == once
