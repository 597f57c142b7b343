"""A table of the catalogue as TOML text, which reads back as the very same table."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.errors import CatalogError


def toml_text(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> str:
    """Plain values first, then tables and lists of tables, each under its heading.

    Raises CatalogError for a value that a catalogue file cannot hold.
    """
    return "".join(f"{line}\n" for line in _lines(table, path))


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    for name, value in table.items():
        if not _is_table(value):
            yield f"{name} = {_value(value)}"
    for name, value in table.items():
        here = (*path, name)
        if isinstance(value, Mapping):
            yield f"[{'.'.join(here)}]"
            yield from _lines(value, here)
        elif _is_table(value):
            for row in value:
                yield f"[[{'.'.join(here)}]]"
                yield from _lines(row, here)


def _is_table(value: object) -> bool:
    """A table, or a list of tables: it stands under a heading of its own."""
    if isinstance(value, Mapping):
        return True
    return isinstance(value, list | tuple) and any(isinstance(row, Mapping) for row in value)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case int() | float():
            return repr(value)
        case Decimal():
            text = f"{value:f}"
            return text if "." in text else f"{text}.0"
        case date():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            raise CatalogError(f"a catalogue file holds no {type(value).__name__}")
