"""What an endpoint wants beside the texts: the header of its key, its query, fields of its body.

All of it is stored, exported and shown. So nothing here may be a secret: a key goes into the
header whose name stands here, and nowhere else.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from core.plain_text import is_plain

AUTHORIZATION: Final = "Authorization"
"""Here a key is a bearer token (RFC 6750); in any other header it stands alone."""
MOST_FIELDS: Final = 20
MOST_VALUE: Final = 500

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
"""A token of RFC 9110, 5.6.2."""
_TAKEN: Final = re.compile(
    r"connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-.*|expect|"
    r"accept.*|cookie2?|prefer|user-agent|date|via",
    re.IGNORECASE,
)
"""Headers of one hop (RFC 9110, 7.6.1), of the message itself, and those that are sent anyway."""
_NAME: Final = re.compile(r"[A-Za-z0-9_$][A-Za-z0-9_.$-]{0,99}")
_OF_A_SECRET: Final = re.compile(
    r"(.*[^a-z])?(api_?key|key|token|access_?token|secret|password|sig|signature|authorization)",
    re.IGNORECASE,
)
"""Names under which a key is usual; ``max_tokens`` and ``truncate`` are none."""
_TEXTS: Final = frozenset(
    {"input", "inputs", "model", "texts", "text", "requests", "content", "version", "stream"}
)
"""Fields that the wire formats fill themselves, and one that would make an answer no JSON."""


def header_of_key(name: str) -> str:
    """The name of a header that may hold a key. Raises ValueError, which says why it may not."""
    if not _TOKEN.fullmatch(name):
        raise ValueError("the name of a header has letters, digits and hyphens alone: api-key")
    if _TAKEN.fullmatch(name):
        raise ValueError(f"the header {name} is the request's own: a key goes into another one")
    return name


def _fields(values: Mapping[str, object]) -> Mapping[str, object]:
    if len(values) > MOST_FIELDS:
        raise ValueError(f"{len(values)} fields, and {MOST_FIELDS} are the most")
    for name, value in values.items():
        _field(name, value)
    return values


def _field(name: str, value: object) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError("a name has letters, digits, '_', '-', '.' and '$' alone: api-version")
    if _OF_A_SECRET.fullmatch(name):
        raise ValueError(
            f"{name} is the name of a key, and what stands here is stored and shown: name its "
            "header instead, and give the key as a key"
        )
    if isinstance(value, str) and (len(value) > MOST_VALUE or not is_plain(value)):
        raise ValueError(
            f"the value of {name} is longer than {MOST_VALUE} characters, or has one that cannot "
            "be seen"
        )


def _body(values: Mapping[str, object]) -> Mapping[str, object]:
    for name in values:
        if name in _TEXTS:
            raise ValueError(f"{name} is filled by the format itself: take it out")
    if values.get("encoding_format", "float") not in {"float", "base64"}:
        raise ValueError("encoding_format is float or base64: no other is read here")
    return _fields(values)


KeyHeader = Annotated[str, AfterValidator(header_of_key)]
"""Name of the header that holds the key."""

Query = Annotated[Mapping[str, StrictStr], AfterValidator(_fields)]
"""Parameters behind the path, as they are; they are percent-encoded when they are sent."""

Finite = Annotated[StrictFloat, Field(allow_inf_nan=False)]
Body = Annotated[Mapping[str, StrictBool | StrictInt | Finite | StrictStr], AfterValidator(_body)]
"""Fields of the JSON body beside the texts and the model: text, numbers, true and false."""
