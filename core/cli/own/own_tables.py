"""One's own options as a table or as JSON."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.markup import escape
from rich.table import Table

from core.catalog.own.own_list import OwnEntry
from core.runs.starting.key_bindings import Binding


def entries_table(entries: Sequence[OwnEntry], keys: Mapping[str, Binding]) -> Table:
    """One line each."""
    table = Table(title="Yours")
    for heading in ("option", "kind", "name", "price", "where", "key", "who says so", "file"):
        table.add_column(heading, overflow="fold")
    for one in entries:
        cells = (one.id, one.kind, one.label, one.price, one.where)
        more = (key_words(keys.get(one.id)), one.who, one.file)
        table.add_row(*map(escape, (*cells, *more)))
    return table


def entries_document(
    entries: Sequence[OwnEntry], keys: Mapping[str, Binding]
) -> list[dict[str, Any]]:
    """The same as plain values; of a key its variable alone."""
    return [
        asdict(one) | {"key_env": keys[one.id].env if one.id in keys else None} for one in entries
    ]


def key_words(binding: Binding | None) -> str:
    """The variable of a key, where it is bound to, and whether it is set; never the key."""
    if binding is None:
        return ""
    state = "set" if os.environ.get(binding.env) else "not set"
    return f"{binding.env} ({state}), for {binding.origin}"
