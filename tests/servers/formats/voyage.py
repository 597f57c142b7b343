"""Voyage's POST /v1/embeddings: nearly OpenAI's, under an address of its own."""

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
)

MOST_TEXTS: Final = 1000
FIELDS: Final = (
    "input",
    "model",
    "input_type",
    "truncation",
    "output_dimension",
    "output_dtype",
    "encoding_format",
)


def _understand(path: str, body: bytes, default_dims: int) -> Ask:
    document = object_of(body)
    only(document, *FIELDS)
    model = document.get("model")
    if not isinstance(model, str) or not model:
        raise BadRequestError("Argument 'model' is required")
    if document.get("input_type") not in {None, "query", "document"}:
        raise BadRequestError("Argument 'input_type' is none of query, document, null")
    encoding_format = document.get("encoding_format")
    if encoding_format not in {None, "base64"}:
        raise BadRequestError("Argument 'encoding_format' is neither null nor base64")
    texts = texts_of(document.get("input"), most=MOST_TEXTS)
    dims = dims_of(document.get("output_dimension"), default_dims)
    return Ask(model, texts, encoding_format or "float", dims, _envelope)


def _envelope(entries: list[bytes], ask: Ask, model: str) -> bytes:
    usage = {"total_tokens": sum(map(tokens_of, ask.texts))}
    return b'{"object":"list","data":%s,"model":%s,"usage":%s}' % (
        joined(entries),
        json.dumps(model).encode(),
        json.dumps(usage).encode(),
    )


def _error(message: str) -> bytes:
    return json.dumps({"detail": message}).encode()


def _with_usage(tokens: int | None, ask: Ask) -> bytes:
    document = json.loads(answer_of(ask))
    document["usage"] = {} if tokens is None else {"total_tokens": tokens}
    return json.dumps(document).encode()


VOYAGE: Final = Dialect(
    base_path="/voyage/v1",
    serves=lambda path: path.endswith("/voyage/v1/embeddings"),
    understand=_understand,
    refusal=lambda status, message: (status, _error(message)),
    faults={
        "error_object": answers(200, _error("the model is overloaded")),
        "no_usage": answers(200, lambda ask: _with_usage(None, ask)),
        "usage_absurd": answers(200, lambda ask: _with_usage(10**18, ask)),
        "usage_negative": answers(200, lambda ask: _with_usage(-5, ask)),
    },
)
