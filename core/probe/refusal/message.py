"""The one sentence for a person in the body of a refusal, whatever its form.

OpenAI ``{"error": {"message", "code"}}``, TEI ``{"error": "...", "error_type"}``, Ollama
``{"error": "..."}``, FastAPI ``{"detail": "..." or [{"loc", "msg"}]}``, Cohere ``{"message"}``,
problem details (RFC 9457: title and detail), a page's title, plain text. Nothing here is clean yet.
"""

import html
import re
from collections.abc import Iterator
from typing import Any, Final

import orjson

MOST_BYTES: Final = 64 * 1024
"""Of a body; a sentence stands at its beginning."""
MOST_PARTS: Final = 3
_TITLE: Final = re.compile(r"<title[^>]{0,200}>(.{0,1000}?)</title", re.IGNORECASE | re.DOTALL)
_NAMES: Final = ("message", "msg", "error_description", "error", "detail", "reason", "errors")
"""Where a sentence stands in an object, the plainest first."""
_DEEPEST: Final = 4


def message_of(body: bytes) -> str:
    """The sentence, as it was sent; "" where there is none."""
    if len(body) > MOST_BYTES:
        return _of_text(body[:MOST_BYTES])
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _of_text(body)
    return "; ".join(_sentences(document, _DEEPEST))


def title_of(body: bytes) -> str:
    """The title of a web page; "" for anything else."""
    text = body[:MOST_BYTES].decode("utf-8", "replace")
    title = _TITLE.search(text) if text.lstrip()[:1] == "<" else None
    return html.unescape(title[1]) if title else ""


def codes_of(body: bytes) -> frozenset[str]:
    """The words by which an error is told apart by a program: OpenAI's code and type."""
    try:
        document = orjson.loads(body[:MOST_BYTES])
    except orjson.JSONDecodeError:
        return frozenset()
    error = document.get("error") if isinstance(document, dict) else None
    places = [place for place in (document, error) if isinstance(place, dict)]
    codes = (place.get(name) for place in places for name in ("code", "type", "error_type"))
    return frozenset(code for code in codes if isinstance(code, str))


def _of_text(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    if text.lstrip()[:1] == "<":
        return title_of(body)
    # What should have been an object and is cut off says nothing to a person.
    return "" if text.lstrip()[:1] in {"{", "["} else text


def _sentences(value: Any, deeper: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and deeper:
        for entry in value[:MOST_PARTS]:
            yield from _sentences(entry, deeper - 1)
    elif isinstance(value, dict) and deeper:
        yield from _of_object(value, deeper - 1)


def _of_object(value: dict[str, Any], deeper: int) -> Iterator[str]:
    """Of a faulty field its place, too; of problem details the title before the detail."""
    place = value.get("loc")
    if isinstance(place, list):
        yield ".".join(str(part) for part in place[:6] if isinstance(part, str | int))
    if isinstance(title := value.get("title"), str):
        yield title
    for name in _NAMES:
        if sentences := list(_sentences(value.get(name), deeper)):
            yield from sentences
            return
