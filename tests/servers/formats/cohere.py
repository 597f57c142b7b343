"""Cohere's POST /v2/embed."""

import json
from typing import Final

from tests.servers.embeddings import Ask, BadRequestError, answer_of, tokens_of
from tests.servers.formats.dialect import (
    Dialect,
    answers,
    dims_of,
    joined,
    object_of,
    only,
    texts_of,
    vector_json,
)

MOST_TEXTS: Final = 96
INPUT_TYPES: Final = {"search_document", "search_query", "classification", "clustering", "image"}
FIELDS: Final = (
    "model",
    "texts",
    "input_type",
    "embedding_types",
    "output_dimension",
    "truncate",
    "max_tokens",
)


def _understand(path: str, body: bytes, default_dims: int) -> Ask:
    document = object_of(body)
    only(document, *FIELDS)
    model = document.get("model")
    if not isinstance(model, str) or not model:
        raise BadRequestError("model is required")
    if document.get("input_type") not in INPUT_TYPES:
        raise BadRequestError("invalid request: valid input_type must be provided")
    if document.get("embedding_types", ["float"]) != ["float"]:
        raise BadRequestError("this server knows float embeddings alone")
    texts = texts_of(document.get("texts"), most=MOST_TEXTS)
    dims = dims_of(document.get("output_dimension"), default_dims)
    return Ask(model, texts, "float", dims, _envelope)


def _envelope(entries: list[bytes], ask: Ask, model: str) -> bytes:
    # The interface types the count as a number, so its clients must take a decimal one.
    billed = {"input_tokens": float(sum(map(tokens_of, ask.texts)))}
    return b'{"id":"0b7c","embeddings":{"float":%s},"texts":%s,"meta":%s,"response_type":%s}' % (
        joined([vector_json(entry) for entry in entries]),
        json.dumps(ask.texts).encode(),
        json.dumps({"api_version": {"version": "2"}, "billed_units": billed}).encode(),
        b'"embeddings_by_type"',
    )


def _error(message: str) -> bytes:
    return json.dumps({"id": "0b7c", "message": message}).encode()


def _billed(tokens: float | None) -> bytes:
    units = {} if tokens is None else {"billed_units": {"input_tokens": tokens}}
    return json.dumps({"meta": {"api_version": {"version": "2"}, **units}}).encode()


def _with_meta(meta: bytes, ask: Ask) -> bytes:
    """The right answer with another ``meta``."""
    return json.dumps(json.loads(answer_of(ask)) | json.loads(meta)).encode()


COHERE: Final = Dialect(
    base_path="/v2",
    serves=lambda path: path.endswith("/v2/embed"),
    understand=_understand,
    refusal=lambda status, message: (status, _error(message)),
    faults={
        "error_object": answers(200, _error("internal server error")),
        "no_usage": answers(200, lambda ask: _with_meta(_billed(None), ask)),
        "usage_absurd": answers(200, lambda ask: _with_meta(_billed(10**18), ask)),
        "usage_negative": answers(200, lambda ask: _with_meta(_billed(-5), ask)),
    },
)
