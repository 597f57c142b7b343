"""JSON in pieces says what Python's own reader says, and refuses what it refuses."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.json_pieces import (
    MOST_PIECE,
    JsonError,
    elements,
    first_place,
    members,
    place_text,
    read,
)

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    # An infinite number is no JSON; a text may hold every bracket and quotation mark.
    .filter(lambda number: abs(number) < 1e308)
    | st.text('[]{}",:\\ \n é😀a', max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


def whole(data: bytes) -> Any:
    """A list or object, read in pieces."""
    at = first_place(data)
    if data[at : at + 1] == b"[":
        return [read(data, span) for span in elements(data, at, alone=True)]
    return {name: read(data, span) for name, span in members(data, at, alone=True)}


@given(
    st.lists(VALUES, max_size=5) | st.dictionaries(st.text(max_size=5), VALUES, max_size=5),
    st.sampled_from([None, 1]),
    st.booleans(),
)
def test_pieces_put_together_are_the_whole(
    value: Any, indent: int | None, ascii_only: bool
) -> None:
    """However it is written down."""
    data = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    assert whole(b" \n" + data + b"\t ") == value


@given(st.lists(VALUES, min_size=1, max_size=4), st.data())
def test_a_text_that_is_cut_off_is_refused(value: list[Any], draw: st.DataObject) -> None:
    """Anywhere before its last bracket."""
    data = json.dumps(value).encode()
    cut = data[: draw.draw(st.integers(1, len(data) - 1))]
    with pytest.raises(JsonError):
        whole(cut)


@pytest.mark.parametrize(
    "text",
    [
        b"[1,]", b"[,1]", b"[1 2]", b"[1]]", b"[1}", b'{"a":1,}', b'{"a"}', b'{"a":}', b"{a:1}",
        b'["a]', b'["\\x"]', b"[NaN]", b"[1e999]", b"[Infinity]", b"[" * 100, b'{"a":' * 100,
        b"[" + b"9" * 5_000 + b"]", b'["\xff"]', b'["\x01"]', b"[tru]", b"[{]}]", b"[[1,]]",
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_json_is_refused(text: bytes) -> None:
    """As Python's own reader refuses it, and numbers without an end besides."""
    with pytest.raises(JsonError):
        whole(text)


def test_a_piece_has_a_size_and_an_object_a_number_of_names() -> None:
    """The reading ends soon after the limit, not at the end of the file."""
    for text in (b'["' + b"x" * MOST_PIECE + b'"]', b"[" + b"[{}," * MOST_PIECE):
        with pytest.raises(JsonError, match=r"more than 1 MB|nested"):
            whole(text)
    names = b"{" + b",".join(b'"%d":1' % n for n in range(101)) + b"}"
    with pytest.raises(JsonError, match="more than 100 names"):
        whole(names)


def test_a_place_is_told_by_line_and_column() -> None:
    """Both count from one."""
    assert place_text(b"ab\ncd", 0) == "line 1, column 1"
    assert place_text(b"ab\ncd", 4) == "line 2, column 2"
