"""The server's own sentence without keys, texts and what cannot be seen: it is stored and shown.

A server may repeat anything that it was sent: the key, whole texts, in quotes or escaped, in
capitals. What comes out of here holds no stretch of 20 characters of a text, and of 8 of the key.
"""

import html
import json
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote

from core.plain_text import is_plain, made_plain, one_line
from core.probe.records.sample import MOST_SAID
from core.probe.refusal.common_runs import Span, common_runs, merged
from core.probe.refusal.key_shapes import key_spans

MOST_READ: Final = 1_200
"""Characters that are looked at: a message that is cut first could be cut inside of a key."""
CUT_OUT: Final = "[hidden]"
TEXT_RUN: Final = 20
"""So many characters of a text in a row are cut out."""
LETTERS_RUN: Final = 16
"""So many letters and digits of it, whatever stands between them: quotes, backslashes, %20."""
KEY_RUN: Final = 8
SHORT_TEXT: Final = 6
"""A whole text from this length on; a shorter one stands in every sentence by chance."""


def cleaned(message: str, texts: Sequence[str] = (), key: str = "") -> str:
    """The sentence as it may be stored: one line, plain, of at most 300 characters."""
    line = _plain_line(message[: 4 * MOST_READ])[:MOST_READ]
    if not line:
        return ""
    spans = [*key_spans(line), *_of_key(line, key), *_of_texts(line, texts)]
    pieces, end = [], 0
    for start, stop in merged(spans):
        pieces += [line[end:start], CUT_OUT]
        end = stop
    return made_plain(one_line("".join((*pieces, line[end:]))), MOST_SAID)


def _plain_line(text: str) -> str:
    """One line, without what cannot be seen: a mark between two letters would part them."""
    line = one_line(text)
    return line if is_plain(line) else "".join(char for char in line if is_plain(char))


def _folded(text: str) -> str:
    """In lower case, each character in its place: the one that would become two is replaced."""
    return text.replace("\u0130", "i").lower()


def _of_key(line: str, key: str) -> Iterator[Span]:
    if key:
        yield from common_runs(_folded(line), _folded(key), min(KEY_RUN, len(key)))


def _of_texts(line: str, texts: Sequence[str]) -> Iterator[Span]:
    """Stretches of the texts, as they are and as letters and digits alone."""
    low = _folded(line)
    plain = [_folded(_plain_line(text)) for text in texts]
    yield from common_runs(low, "\n".join(plain), TEXT_RUN)
    for text in {text for text in plain if SHORT_TEXT <= len(text) < TEXT_RUN}:
        yield from _whole(low, text)
    places = [i for i, char in enumerate(low) if char.isalnum()]
    letters = "".join(low[i] for i in places)
    written = (form for text in texts for form in _written(text))
    for start, end in common_runs(letters, "\n".join(map(_letters, written)), LETTERS_RUN):
        yield places[start], places[end - 1] + 1


def _whole(low: str, text: str) -> Iterator[Span]:
    at = low.find(text)
    while at >= 0:
        yield at, at + len(text)
        at = low.find(text, at + 1)


def _written(text: str) -> Iterator[str]:
    """A text as it is, and as JSON, an address and a page write it."""
    yield text
    yield json.dumps(text)
    yield json.dumps(text, ensure_ascii=False)
    yield quote(text, safe="", errors="replace")
    yield html.escape(text)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, _folded(text)))
