"""Texts of strangers: what a name may hold, and how any text is made fit to be shown.

A name is seen in a table, a terminal, a file name, a spreadsheet. It has a length, and no character
that moves the cursor, turns the direction of writing, or cannot be seen at all.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

AS_STORED: Final[Mapping[str, bool]] = {"as_stored": True}
"""Validation context of what an older version wrote: a text is made plain instead of refused."""

HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode's control, format (bidi marks and zero-width ones among them), surrogate, private use,
line and paragraph separators."""

FILLERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and signs by their category that nobody can see."""

PLACEHOLDER: Final = "·"
CUT: Final = "…"


def is_plain(text: str) -> bool:
    """Whether every character can be seen and stays where it is."""
    if text.isascii():
        return text.isprintable()
    return not any(_hidden(char) for char in text)


def made_plain(text: str, limit: int) -> str:
    """The text with a dot for each hidden character, cut to a length."""
    cut = text if len(text) <= limit else text[: limit - 1] + CUT
    if is_plain(cut):
        return cut
    return "".join(PLACEHOLDER if _hidden(char) else char for char in cut)


def one_line(text: str) -> str:
    """The text without line breaks and tabs: a space for each stretch of blanks."""
    return " ".join(text.split())


def _hidden(char: str) -> bool:
    variation = "\U000e0100" <= char <= "\U000e01ef"
    return variation or char in FILLERS or unicodedata.category(char) in HIDDEN_CATEGORIES


@dataclass(frozen=True, slots=True)
class Plain:
    """Marks a text field: so many characters at most, all of them plain."""

    limit: int

    def fits(self, text: str) -> bool:
        """Whether a text may stand in the field."""
        return len(text) <= self.limit and is_plain(text)

    def made(self, text: str) -> str:
        """The text as it may stand in the field."""
        return made_plain(text, self.limit)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check what the field's own type let through."""
        return core_schema.with_info_after_validator_function(self._checked, handler(source))

    def _checked(self, text: str, info: ValidationInfo) -> str:
        if info.context is AS_STORED:
            return self.made(text)
        if len(text) > self.limit:
            raise PydanticCustomError(
                "text_too_long",
                "has {length} characters, and {limit} are the most",
                {"length": len(text), "limit": self.limit},
            )
        if not is_plain(text):
            raise PydanticCustomError("text_not_plain", "has a character that cannot be seen")
        return text


@dataclass(frozen=True, slots=True)
class Few:
    """Marks a tuple field: so many entries at most."""

    limit: int

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check what the field's own type let through."""
        return core_schema.with_info_after_validator_function(self._checked, handler(source))

    def _checked(self, entries: tuple[Any, ...], info: ValidationInfo) -> tuple[Any, ...]:
        if len(entries) > self.limit and info.context is not AS_STORED:
            raise PydanticCustomError(
                "too_many_entries",
                "has {length} entries, and {limit} are the most",
                {"length": len(entries), "limit": self.limit},
            )
        return entries[: self.limit]


LABEL: Final = Plain(300)
Label = Annotated[str, LABEL]
"""A name, an id, a place: one line of a table."""

Reference = Annotated[str, Plain(500)]
"""A model by its id or its folder."""

SENTENCE: Final = Plain(1_000)
Sentence = Annotated[str, SENTENCE]
"""A reason or a warning."""
