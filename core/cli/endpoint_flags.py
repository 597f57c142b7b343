"""Flags of what an address wants beside the texts: the header of its key, its query, its body."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

KeyHeader = Annotated[
    str,
    typer.Option(
        "--key-header", help="Header of the key at that address, such as api-key; else a bearer."
    ),
]
Query = Annotated[
    list[str] | None,
    typer.Option(
        "--query", metavar="NAME=VALUE", help="Parameter of that address; may be given again."
    ),
]
Body = Annotated[
    list[str] | None,
    typer.Option(
        "--body",
        metavar="NAME=JSON",
        help="Further field of its requests, such as input_type='\"query\"'; may be given again.",
    ),
]


def endpoint_fields(
    key_header: str, query: Sequence[str] | None, body: Sequence[str] | None
) -> dict[str, Any]:
    """Fields of the endpoint at the typed address. Raises RunError."""
    # Imported here: a probe's worker starts before what is heavy is read.
    from core.runs.starting.typed_fields import fields_of  # noqa: PLC0415

    return fields_of(key_header, query or (), body or ())
