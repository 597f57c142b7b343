"""How a provider's own wire format differs from OpenAI's, for the ground-truth server.

The faults make entries in OpenAI's form; a dialect puts their vectors into its own envelope, so
that every fault exists in every format. Faults that a format words differently, or has alone,
are the dialect's own.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.servers.embeddings import MOST_INPUTS, Ask, BadRequestError
from tests.servers.faults import Fault, Line


@dataclass(frozen=True)
class Dialect:
    """One wire format besides OpenAI's."""

    base_path: str
    """What follows the origin in the base address that a client is given."""
    serves: Callable[[str], bool]
    """Whether a request with this path speaks it."""
    understand: Callable[[str, bytes, int], Ask]
    """Path, body and default dimensions to a request. Raises BadRequestError."""
    refusal: Callable[[int, str], tuple[int, bytes]]
    """The status and body that say 400 (bad request) or 401 (wrong key) with this message."""
    faults: Mapping[str, Fault]
    key_header: str = "authorization"


def vector_json(entry: bytes) -> bytes:
    """The vector of an entry in OpenAI's form, as JSON, whatever it holds."""
    return entry.partition(b'"embedding":')[2][:-1]


def object_of(body: bytes) -> dict[str, Any]:
    """A request's JSON object. Raises BadRequestError."""
    try:
        document = json.loads(body)
    except ValueError as error:
        raise BadRequestError("the body is no JSON") from error
    if not isinstance(document, dict):
        raise BadRequestError("the body is no object")
    return document


def texts_of(value: Any, *, most: int = MOST_INPUTS) -> tuple[str, ...]:
    """A list of texts, none empty. Raises BadRequestError."""
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise BadRequestError(f"a list of 1 to {most} texts is due")
    if not all(isinstance(text, str) and text for text in value):
        raise BadRequestError("a text is empty or none")
    return tuple(value)


def only(document: Mapping[str, Any], *known: str) -> None:
    """Refuse what the interface does not document. Raises BadRequestError."""
    strangers = sorted(set(document) - set(known))
    if strangers:
        raise BadRequestError(f"unknown fields: {strangers}")


def dims_of(value: Any, default: int) -> int:
    """Dimensions asked for. Raises BadRequestError."""
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise BadRequestError("the dimensions are no positive integer")
    return value


def answers(status: int, make: Callable[[Ask], bytes] | bytes) -> Fault:
    """A fault that is a whole, well-formed HTTP answer."""

    async def fault(line: Line, ask: Ask) -> None:
        line.respond(status, make if isinstance(make, bytes) else make(ask))

    return fault


def joined(values: Sequence[bytes]) -> bytes:
    """A JSON list of values that are JSON already."""
    return b"[%s]" % b",".join(values)
