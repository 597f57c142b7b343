"""Texts to probe with: a built-in set of varied length, or the user's own."""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Final

from core.errors import RunError
from core.probe.records.probe_plan import MAX_TEXT_CHARACTERS, MAX_TEXTS, is_sendable

MAX_INPUT_CHARACTERS: Final = 5_000_000
"""Of all the user's texts together: more than this is a corpus, not a sample."""


@lru_cache(maxsize=1)
def sample_texts() -> tuple[str, ...]:
    """The built-in texts: from three words to about 400, English and other languages.

    Their order mixes short and long, so that any few in a row resemble the whole.
    """
    folder = files("core.probe") / "texts"
    named = {item.name: item for item in folder.iterdir() if item.name.endswith(".txt")}
    texts = [named[name].read_text(encoding="utf-8").strip() for name in sorted(named)]
    return tuple(texts[start + i] for i in range(4) for start in range(0, len(texts), 4))


def parse_user_texts(text: str) -> tuple[str, ...]:
    """The user's own texts, in their order: separated by blank lines, or one a line if none.

    Raises RunError where nothing is left, or where there is more than a sample.
    """
    if len(text) > MAX_INPUT_CHARACTERS:
        raise RunError(
            f"These are {len(text):,} characters; the limit is {MAX_INPUT_CHARACTERS:,}. "
            "Paste a sample of your texts, not all of them."
        )
    clean = text.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff \t\n")
    separator = r"\n[ \t]*\n" if re.search(r"\n[ \t]*\n", clean) else r"\n"
    texts = tuple(part.strip() for part in re.split(separator, clean) if part.strip())
    if not texts:
        raise RunError("There is no text to send: type at least one line.")
    if len(texts) > MAX_TEXTS:
        raise RunError(f"These are {len(texts):,} texts; the limit is {MAX_TEXTS:,}.")
    for number, part in enumerate(texts, start=1):
        _judge(number, part)
    return texts


def _judge(number: int, text: str) -> None:
    """Raises RunError for a text that cannot be sent."""
    if len(text) > MAX_TEXT_CHARACTERS:
        raise RunError(
            f"Text {number} has {len(text):,} characters; the limit is {MAX_TEXT_CHARACTERS:,}. "
            "Separate texts by blank lines, or by line ends without any blank line."
        )
    if not is_sendable(text):
        raise RunError(f"Text {number} holds a broken character: type it again.")
