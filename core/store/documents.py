"""Values of the store's columns, read strictly; what cannot be read says whether it is newer."""

import json
from collections.abc import Mapping
from typing import Any, Final, Self, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError
from sqlalchemy import Table

from core.plain_text import AS_STORED

Model = TypeVar("Model", bound=BaseModel)

_OF_NEWER: Final = frozenset({"extra_forbidden", "union_tag_invalid", "literal_error", "enum"})
"""Faults that a later version makes by adding a field, a kind or a word."""


class UnreadableError(Exception):
    """A value that this version cannot read; for the store's own rooms, never for a person."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        """A sentence or two: what is wrong, and what to do."""

    @classmethod
    def newer(cls, what: str) -> Self:
        """Of a later version."""
        return cls(
            f"It was made by a newer version of Breakeven ({what} is not known here). It is kept: "
            "update Breakeven to see it."
        )

    @classmethod
    def damaged(cls, what: str) -> Self:
        """Of no version."""
        return cls(
            f"It is damaged ({what} makes no sense). It is kept as it is: restore a copy of the "
            "database, or delete the run."
        )


def model_of(kind: type[Model], text: Any, what: str) -> Model:
    """The value in a JSON column. Raises UnreadableError."""
    try:
        return kind.model_validate_json(text, context=AS_STORED)
    except ValidationError as error:
        raise _unreadable(error, what) from None


def json_object(text: Any, what: str) -> dict[str, JsonValue]:
    """The object in a JSON column. Raises UnreadableError."""
    try:
        value = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        raise UnreadableError.damaged(what) from None
    if not isinstance(value, dict):
        raise UnreadableError.damaged(what)
    return value


def refuse_strange_types(table: Table, values: Mapping[str, Any]) -> None:
    """Raise UnreadableError for a value that is not of its column's type: SQLite keeps any."""
    for name, value in values.items():
        column = table.c[name]
        if value is None and column.nullable:
            continue
        if not isinstance(value, column.type.python_type):
            raise UnreadableError.damaged(name)


def _unreadable(error: ValidationError, what: str) -> UnreadableError:
    faults = error.errors(include_input=False, include_url=False, include_context=False)
    new = [fault for fault in faults if fault["type"] in _OF_NEWER]
    place = ".".join(str(part) for part in (new or faults)[0]["loc"])[:80]
    clean = "".join(char for char in place if char.isprintable())
    where = f"{what}: {clean}" if clean else what
    return UnreadableError.newer(where) if new else UnreadableError.damaged(where)
