"""What a strange server answered, and its fields by their kinds: nothing is believed.

A field of another kind than its documentation says is a field that is not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.plain_text import LABEL

MOST_COUNT: Final = 10**9
"""No model reads so many tokens, and no request carries so many texts."""
MOST_ENTRIES: Final = 200
"""Models of one list that are read."""

OK: Final = 200
NO_ACCESS: Final = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer, or why there is none."""

    status: int | None = None
    document: Any = None
    """The JSON of an answer with status 200; None where it is none."""
    text: str = ""
    """Its beginning, where it is no JSON."""
    why: str = ""
    """Why there is no answer, in a few words."""

    @property
    def words(self) -> str:
        """What came back, for a sentence."""
        return self.why or (f"status {self.status}" if self.status != OK else "something else")


Answers = Mapping[str, Answered]
"""By what was asked: a path below the server's root, ``/api/show MODEL`` for a question of one."""

NOTHING: Final = Answered()


def fields_of(answers: Answers, asked: str) -> Mapping[str, Any]:
    """The JSON object that was answered; empty where there was none."""
    document = answers.get(asked, NOTHING).document
    return document if isinstance(document, dict) else {}


def objects_of(parent: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The JSON objects of a list; whatever else is in it is left out."""
    value = parent.get(name)
    entries = value[:MOST_ENTRIES] if isinstance(value, list) else []
    return [entry for entry in entries if isinstance(entry, dict)]


def object_of(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A JSON object; empty where it is none."""
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def text_of(parent: Mapping[str, Any], *names: str) -> str | None:
    """The first of these fields that is a text with something in it, fit to be shown."""
    for name in names:
        value = parent.get(name)
        if isinstance(value, str) and value.strip():
            return LABEL.made(value.strip())
    return None


def count_of(parent: Mapping[str, Any], *names: str) -> int | None:
    """The first of these fields that is a whole number above 0 and below what is absurd."""
    for name in names:
        value = parent.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST_COUNT:
            return value
    return None


def listed(answers: Answers, asked: str) -> list[Mapping[str, Any]]:
    """The entries of a list of models as OpenAI's interface gives it: those with an id."""
    entries = objects_of(fields_of(answers, asked), "data")
    return [entry for entry in entries if text_of(entry, "id") is not None]


def owners(answers: Answers, asked: str) -> set[str]:
    """Who the models of a list are owned by; "" for an entry that does not say."""
    return {text_of(entry, "owned_by") or "" for entry in listed(answers, asked)}
