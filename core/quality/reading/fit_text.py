"""A field of a file as a text that can be sent, or as the id of a document."""

import math
from collections.abc import Iterator

from core.errors import QualityInputError


def fit_text(value: object, place: str) -> str:
    """A field without blanks around it; "" for none. Raises QualityInputError by the place."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise QualityInputError(f"{place} has a value that is no text. Put it in quotes.")
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise QualityInputError(f"{place} holds a broken character. Type that text again.")
    return value.strip()


def fit_texts(value: object, place: str) -> tuple[str, ...]:
    """A field that may be a list, of JSON: each of its texts that is not empty."""
    return tuple(_not_empty(value if isinstance(value, list) else [value], place))


def _not_empty(values: list[object], place: str) -> Iterator[str]:
    for value in values:
        if text := fit_text(value, place):
            yield text


def is_relevant(grade: object, place: str) -> bool:
    """Whether a grade says so; no grade says so too. Raises QualityInputError for no number."""
    if grade is None:
        return True
    if isinstance(grade, str) and grade.strip().casefold() in {"true", "false"}:
        return grade.strip().casefold() == "true"
    try:
        number = float(grade) if isinstance(grade, str | int | float) else None
    except (ValueError, OverflowError):
        number = None
    if number is None or math.isnan(number):
        raise QualityInputError(
            f"{place} has a grade that is no number. Write 1 for relevant, 0 for not."
        )
    return number > 0
