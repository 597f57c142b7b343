"""Untrusted JSON in pieces: of a large text only one piece at a time is made into objects.

Read whole, 50 MB of ``[{},{},...]`` become 2.5 GB. Here the text is cut at its brackets by one
pattern, and each piece is read by Python's own reader. Streaming parsers were tried: the quickest
one hands out a broken object for a number of 5,000 digits, the careful ones take minutes.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

MOST_PIECE: Final = 2**20
"""Bytes of what is made into objects at once."""
MOST_DEPTH: Final = 60
MOST_MEMBERS: Final = 100
"""Names in an object that is walked name by name."""

_TEXT: Final = rb'"(?:[^"\\]++|\\.)*+"'
_BARE: Final = rb'[^"{}\[\]]++'
_FLAT: Final = rb"\{(?:%b|%b)*+\}" % (_BARE, _TEXT)
_PLAIN: Final = rb"(?:%b|%b|%b)" % (_BARE, _TEXT, _FLAT)
_ROW: Final = rb"\[%b{0,100}+\]" % _PLAIN
_SHALLOW: Final = re.compile(rb"%b|%b" % (_FLAT, _ROW), re.DOTALL)
"""A whole object or list that holds nothing deeper than rows."""
_TOKEN: Final = re.compile(rb'%b|%b{1,100}+|([{\[])|([}\]])|(")' % (_ROW, _PLAIN), re.DOTALL)
"""A row, what stands between brackets, or a bracket; no longer one, for of what lies within a match
no memory can be given back."""
_OPENS, _CLOSES, _BREAKS_OFF = 1, 2, 3
_STRING: Final = re.compile(_TEXT, re.DOTALL)
_SCALAR: Final = re.compile(rb'[^\s,:"{}\[\]]{1,400}')
_BLANK: Final = re.compile(rb"[ \t\r\n]*+")
_AFTER_MEMBER: Final = re.compile(rb"[ \t\r\n]*+([,}\]])[ \t\r\n]*+")
_AFTER_NAME: Final = re.compile(rb"[ \t\r\n]*+:[ \t\r\n]*+")

Span = tuple[int, int]
"""Where a value begins and ends."""
Passed = Callable[[int], object]
"""Told now and then up to which place was read."""
TELL_BYTES: Final = 2**20


class JsonError(ValueError):
    """What is wrong with the text, and where; ``at`` is None where it is damaged nowhere."""

    def __init__(self, reason: str, at: int | None = None) -> None:
        super().__init__(reason)
        self.at = at


def first_place(data: bytes) -> int:
    """Where the first value begins."""
    return _skip(data, 0)


def place_text(data: bytes, at: int) -> str:
    """A place for a person: line 3, column 7."""
    line, before = data.count(b"\n", 0, at) + 1, data.rfind(b"\n", 0, at)
    return f"line {line}, column {at - before}"


def elements(
    data: bytes, at: int, *, most: int = MOST_PIECE, alone: bool = False
) -> Iterator[Span]:
    """The elements of the list at a place. ``most``: bytes of one. ``alone``: nothing follows."""
    at = _skip(data, at + 1)
    while data[at : at + 1] != b"]":
        end = _end_of(data, at, most)
        yield at, end
        at = _next(data, end, b"]")
    _finish(data, at + 1, alone=alone)


def members(
    data: bytes, at: int, *, alone: bool = False, passed: Passed | None = None
) -> Iterator[tuple[str, Span]]:
    """The names of the object at a place, each with its value, however large that is."""
    at, count = _skip(data, at + 1), 0
    while data[at : at + 1] != b"}":
        name = _STRING.match(data, at)
        colon = None if name is None else _AFTER_NAME.match(data, name.end())
        if name is None or colon is None:
            raise JsonError("a name is missing", at)
        if (count := count + 1) > MOST_MEMBERS:
            raise JsonError(f"an object has more than {MOST_MEMBERS} names")
        end = _end_of(data, colon.end(), len(data), passed)
        yield str(read(data, name.span())), (colon.end(), end)
        at = _next(data, end, b"}")
    _finish(data, at + 1, alone=alone)


def read(data: bytes, span: Span) -> Any:
    """The value of a piece. Raises JsonError."""
    start, end = span
    if end - start > MOST_PIECE:
        raise _too_large()
    try:
        return json.loads(data[start:end], parse_constant=_no_number, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise JsonError("it is malformed", start + error.pos) from None
    except (ValueError, RecursionError):
        raise JsonError("it holds what is no JSON value") from None


def _skip(data: bytes, at: int) -> int:
    blank = _BLANK.match(data, at)
    return at if blank is None else blank.end()


def _next(data: bytes, at: int, close: bytes) -> int:
    """Where the next element or name begins, or the closing bracket stands."""
    sign = _AFTER_MEMBER.match(data, at)
    if sign is None or sign[1] not in (b",", close):
        raise JsonError("it is malformed", at)
    if sign[1] == close:
        return sign.start(1)
    if data[sign.end() : sign.end() + 1] in (b"}", b"]"):
        raise JsonError("it is malformed", sign.end())
    return sign.end()


def _finish(data: bytes, at: int, *, alone: bool) -> None:
    if alone and (rest := _skip(data, at)) < len(data):
        raise JsonError("it goes on after its end", rest)


def _end_of(data: bytes, at: int, most: int, passed: Passed | None = None) -> int:
    """Where the value that begins at a place ends: after so many bytes, or little more."""
    if data[at : at + 1] in (b"{", b"["):
        return _end_of_brackets(data, at, most, passed)
    match = _STRING.match(data, at) or _SCALAR.match(data, at)
    if match is None:
        raise JsonError("it is malformed", at)
    return match.end()


def _end_of_brackets(data: bytes, at: int, most: int, passed: Passed | None) -> int:
    if (shallow := _SHALLOW.match(data, at)) is not None:
        return shallow.end()
    depth, passed_to = 0, at
    for token in _TOKEN.finditer(data, at):
        kind = token.lastindex
        if passed is not None and token.end() - passed_to >= TELL_BYTES:
            passed(passed_to := token.end())
        if kind == _OPENS:
            depth += 1
        elif kind == _CLOSES:
            depth -= 1
        elif kind == _BREAKS_OFF:
            raise JsonError("a text does not end", token.start())
        if depth == 0:
            return token.end()
        if depth > MOST_DEPTH:
            raise JsonError(f"it is nested more than {MOST_DEPTH} deep")
        if token.end() - at > most:
            raise _too_large()
    raise JsonError("it breaks off", len(data))


def _too_large() -> JsonError:
    return JsonError(f"one value in it has more than {MOST_PIECE // 2**20} MB")


def _no_number(word: str) -> float:
    raise ValueError(word)


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _no_number(text)
