"""The sentence for a person is found in the body of a refusal, whatever its form."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.probe.refusal.message import codes_of, message_of, title_of

NAMES = ("error", "detail", "message", "errors", "title", "loc", "msg", "code", "data")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        # OpenAI, as its guide to error codes has it
        (b'{"error":{"message":"no such model","type":"x","code":"y"}}', "no such model"),
        # Text Embeddings Inference, and Ollama
        (b'{"error":"batch size 64 > 32","error_type":"Validation"}', "batch size 64 > 32"),
        (b'{"error":"model \\"m\\" not found, try pulling it first"}', 'model "m" not found, try'),
        # FastAPI: a sentence, or a list of faults
        (b'{"detail":"Not Found"}', "Not Found"),
        (
            b'{"detail":[{"loc":["body","input"],"msg":"Field required","input":["a text"]}]}',
            "body.input; Field required",
        ),
        (b'{"message":"total number of texts must be at most 96"}', "total number of texts must"),
        # RFC 9457
        (b'{"title":"Unprocessable","detail":"too long","status":422}', "Unprocessable; too long"),
        # Azure's gateway
        (b'{"statusCode":404,"message":"Resource not found"}', "Resource not found"),
        (b'[{"error":{"code":400,"message":"API key not valid"}}]', "API key not valid"),
        (b'"only a string"', "only a string"),
        (b"upstream connect error", "upstream connect error"),
        (b"<html><head><title>502 Bad &amp; Gateway</title></head><body>x</body>", "502 Bad & Ga"),
        (b"<html><body>no title</body></html>", ""),
        (b'{"data":[{"embedding":[0.1,', ""),
        (b"", ""),
        (b"[1, 2]", ""),
    ],
)
def test_the_sentence_of_each_form_is_read(body: bytes, sentence: str) -> None:
    """Never the rest: a list of faults repeats what was sent."""
    message = message_of(body)
    assert message.startswith(sentence)
    assert bool(message) == bool(sentence)
    assert "a text" not in message


@given(JSON)
def test_no_document_breaks_the_reading(document: object) -> None:
    """However deep and strange."""
    body = json.dumps(document).encode()
    assert isinstance(message_of(body), str)
    assert all(isinstance(code, str) for code in codes_of(body))


@given(st.binary())
def test_no_bytes_break_the_reading(body: bytes) -> None:
    """Nor the looking for a title."""
    assert isinstance(message_of(body) + title_of(body), str)


def test_the_codes_are_those_of_the_error_and_of_the_document() -> None:
    """As OpenAI, and as TEI, names them."""
    assert codes_of(b'{"error":{"code":"insufficient_quota","type":"a"}}') == {
        "insufficient_quota",
        "a",
    }
    assert codes_of(b'{"error":"x","error_type":"Validation"}') == {"Validation"}
    assert codes_of(b"no JSON") == frozenset()
