"""What a person typed of an endpoint's own fields, as the catalogue's ``Endpoint`` takes them."""

from collections.abc import Iterable
from typing import Any

import orjson

from core.errors import RunError


def fields_of(
    key_header: str = "", query: Iterable[str] = (), body: Iterable[str] = ()
) -> dict[str, Any]:
    """Fields of an Endpoint. ``query``: NAME=VALUE; ``body``: NAME=JSON. Raises RunError."""
    fields: dict[str, Any] = {"key_header": key_header.strip()} if key_header.strip() else {}
    if parameters := dict(
        _pair(text, "NAME=VALUE, such as api-version=2024-10-21") for text in query
    ):
        fields["query"] = parameters
    pairs = [_pair(text, 'NAME=JSON, such as truncate=true or input_type="query"') for text in body]
    if pairs:
        fields["body"] = {name: _value(name, text) for name, text in pairs}
    return fields


def _pair(text: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        # What was typed instead may be a key: it is not repeated.
        raise RunError(f"A field is typed as {form}.")
    return name.strip(), value.strip()


def _value(name: str, text: str) -> Any:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise RunError(
            f"The value of {name[:60]} is no JSON: a text stands in double quotes, "
            f'{name[:60]}="document"; numbers, true and false stand alone.'
        ) from None
    if value is None or isinstance(value, dict | list):
        raise RunError(f"The value of {name[:60]} is one text, one number, true or false.")
    return value
