"""What an endpoint wants beside the texts is checked: none of it is a key, or another header's."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.catalog.rows.offers import Endpoint


def endpoint(**fields: Any) -> Endpoint:
    """With these fields."""
    return Endpoint.model_validate(
        {"wire": "openai_compatible", "base_url": "https://host.example/v1"} | fields
    )


def test_an_endpoint_of_before_has_none_of_them() -> None:
    """Its key is a bearer token, and nothing is added to its requests."""
    plain = endpoint()
    assert (plain.key_header, dict(plain.query), dict(plain.body)) == ("Authorization", {}, {})
    assert Endpoint.model_validate_json(plain.model_dump_json()) == plain


def test_fields_survive_a_file() -> None:
    """As they were typed: a number stays one, and true is no 1."""
    full = endpoint(
        key_header="api-key",
        query={"api-version": "2024-10-21"},
        body={"input_type": "query", "truncate": True, "dimensions": 256, "scale": 0.5},
    )
    again = Endpoint.model_validate_json(full.model_dump_json())
    assert again == full
    assert again.body["truncate"] is True
    assert type(again.body["dimensions"]) is int


@pytest.mark.parametrize(
    "name",
    [
        *("", "api key", "api-key:", "x\r\nHost", "x\nEvil: 1", "é", "a" * 101, "(x)", "\u202ex"),
        *("Host", "HOST", "Content-Length", "content-type", "Transfer-Encoding", "Connection"),
        *("TE", "Upgrade", "Keep-Alive", "Proxy-Authorization", "Expect", "Accept", "Cookie"),
        *("Accept-Encoding", "User-Agent", "Trailer"),
    ],
)
def test_the_key_goes_into_no_header_that_is_the_requests_own(name: str) -> None:
    """Nor into one whose name would be more than a name."""
    with pytest.raises(ValidationError, match="header"):
        endpoint(key_header=name)


@pytest.mark.parametrize("name", ["api-key", "x-api-key", "Ocp-Apim-Subscription-Key", "X_k!"])
def test_a_header_of_a_gateway_is_taken(name: str) -> None:
    """Any token of RFC 9110."""
    assert endpoint(key_header=name).key_header == name


@given(st.text(max_size=8))
def test_no_name_of_a_header_ends_the_line(name: str) -> None:
    """Whatever is typed: what passes is printable and has no blank."""
    try:
        taken = endpoint(key_header=name).key_header
    except ValidationError:
        return
    assert taken.isascii()
    assert taken.isprintable()
    assert not set(taken) & set(' :\r\n"(),/;<=>?@[\\]{}')


@pytest.mark.parametrize(
    ("field", "values", "words"),
    [
        ("body", {"input": "x"}, "filled by the format"),
        ("body", {"model": "other"}, "filled by the format"),
        ("body", {"stream": True}, "filled by the format"),
        ("body", {"a": None}, "valid"),
        ("body", {"a": [1]}, "valid"),
        ("body", {"a": {"b": 1}}, "valid"),
        ("body", {"a": float("nan")}, "finite"),
        ("body", {"a": "x" * 501}, "longer than 500"),
        ("body", {"a": "\u202ex"}, "cannot be seen"),
        ("body", {"a b": 1}, "a name has"),
        ("body", {"api_key": "x"}, "name of a key"),
        ("body", {"encoding_format": "ubinary"}, "float or base64"),
        ("body", {f"f{i}": i for i in range(21)}, "20 are the most"),
        ("query", {"api-key": "x"}, "name of a key"),
        ("query", {"subscription-key": "x"}, "name of a key"),
        ("query", {"sig": "x"}, "name of a key"),
        ("query", {"access_token": "x"}, "name of a key"),
        ("query", {"v": 1}, "valid string"),
        ("query", {"a": "x\ny"}, "cannot be seen"),
        ("query", {"": "x"}, "a name has"),
    ],
)
def test_a_field_that_may_not_be_is_refused_in_a_sentence(
    field: str, values: Any, words: str
) -> None:
    """With what is wrong of it."""
    with pytest.raises(ValidationError, match=words):
        endpoint(**{field: values})


def test_a_usual_field_whose_name_only_resembles_a_key_is_taken() -> None:
    """max_tokens, and a user's name."""
    fields = {"max_tokens": 512, "user": "me", "task": "retrieval.query", "keyword": "x"}
    assert dict(endpoint(body=fields).body) == fields
