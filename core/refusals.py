"""The first fault that pydantic found, in words for a person: what, the limit, what was given."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from types import MappingProxyType
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from core.plain_text import made_plain

MOST_PLACE: Final = 120
MOST_REASON: Final = 300
MOST_EXACT: Final = 10**15
"""A whole number up to this is repeated digit by digit."""

_NUMBER_FAULTS: Final = ("finite_number", "float_", "greater_than", "int_", "less_than")
"""How the names of pydantic's faults of numbers begin."""
_BOUNDS: Final[Mapping[type, str]] = MappingProxyType(
    {Ge: "from", Gt: "above", Le: "to", Lt: "below"}
)


def first_fault(error: ValidationError, model: type[BaseModel] | None = None) -> str:
    """The place of the first fault, and what is wrong there, in one short line.

    ``model``: where the limits of a number stand. Of what was given only a number is repeated: a
    text may be anything.
    """
    fault = error.errors(include_url=False)[0]
    where = made_plain(".".join(str(part) for part in fault["loc"][:6]), MOST_PLACE)
    reason = made_plain(_reason(fault, model), MOST_REASON)
    return f"{where}: {reason}" if where else reason


def _reason(fault: ErrorDetails, model: type[BaseModel] | None) -> str:
    message = fault["msg"].removeprefix("Value error, ").rstrip(".")
    if not fault["type"].startswith(_NUMBER_FAULTS):
        return message
    limits = "" if model is None else limits_text(model, fault["loc"])
    return f"{limits or message}, not {number_text(fault['input'])}"


def number_text(value: object) -> str:
    """A number of a stranger, however large, in few characters; of anything else its kind."""
    match value:
        case bool():
            return str(value)
        case int() if abs(value) < MOST_EXACT:
            return str(value)
        case int() | float():
            try:
                return f"{value:.6g}"
            except OverflowError:
                return "a number without a name"
        case str():
            return made_plain(value, 24)
        case _:
            return type(value).__name__


def limits_text(model: type[BaseModel], place: tuple[str | int, ...]) -> str:
    """The limits of the field at a place: "it must be a number from 1 to 744"; "" without any."""
    words = [
        f"{word} {float(getattr(part, kind.__name__.lower())):,.15g}"
        for part in _marks(model, place)
        for kind, word in _BOUNDS.items()
        if isinstance(part, kind)
    ]
    return f"it must be a number {' '.join(words)}" if words else ""


def _marks(kind: Any, place: tuple[str | int, ...]) -> list[Any]:
    """What a field is annotated with."""
    marks: list[Any] = []
    for part in place:
        kind, marks = _field(kind, part)
    return marks


def _field(kind: Any, part: str | int) -> tuple[Any, list[Any]]:
    """Type and annotations of one field of a model or dataclass, or of one place of a tuple."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        info = kind.model_fields.get(str(part))
        return (None, []) if info is None else (info.annotation, list(info.metadata))
    if is_dataclass(kind):
        hint = get_type_hints(kind, include_extras=True).get(str(part))
    else:
        inner = get_args(kind)
        at = part if isinstance(part, int) and inner[-1:] != (Ellipsis,) else 0
        hint = inner[at] if at < len(inner) else None
    if get_origin(hint) is not Annotated:
        return hint, []
    inner_kind, *marks = get_args(hint)
    return inner_kind, [m for mark in marks for m in _flat(mark)]


def _flat(mark: Any) -> list[Any]:
    return list(mark.metadata) if isinstance(mark, FieldInfo) else [mark]
