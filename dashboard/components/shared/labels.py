"""Texts of choices that tell the choices apart.

A browser names what was chosen by its text. Where two choices read alike, the server takes the
wrong one: a value that nobody set.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def distinct(choices: Iterable[T], text: Callable[[T], str]) -> dict[T, str]:
    """Each choice with its text, and with the choice itself behind it where texts are alike."""
    texts = {choice: text(choice) for choice in choices}
    alike = Counter(texts.values())
    return {
        choice: words if alike[words] == 1 else f"{words} ({_exactly(choice)})"
        for choice, words in texts.items()
    }


def _exactly(choice: object) -> str:
    """A number with all of its digits, anything else as it is."""
    return repr(choice).removesuffix(".0") if isinstance(choice, float) else str(choice)
