"""Ollama's own POST /api/embed.

Request and answer, durations in nanoseconds: https://docs.ollama.com/api/embed ; errors as
``{"error": "..."}`` : https://docs.ollama.com/api/errors ; their words: server/routes.go of
ollama/ollama.
"""

import json
from typing import Any, Final

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

CONTEXT: Final = 2_048
TOTAL_NS: Final = 14_143_917
LOAD_NS: Final = 1_019_500
FIELDS: Final = ("model", "input", "truncate", "dimensions", "keep_alive", "options")


def _understand(path: str, body: bytes, default_dims: int) -> Ask:
    document = object_of(body)
    only(document, *FIELDS)
    model = document.get("model")
    if not isinstance(model, str) or not model:
        raise BadRequestError("model is required")
    value = document.get("input")
    texts = texts_of([value] if isinstance(value, str) else value)
    if document.get("truncate") is False and max(map(tokens_of, texts)) > CONTEXT:
        raise BadRequestError("the input length exceeds the context length")
    dims = dims_of(document.get("dimensions"), default_dims)
    return Ask(model, texts, "float", dims, _envelope)


def _envelope(entries: list[bytes], ask: Ask, model: str) -> bytes:
    rest = {
        "total_duration": TOTAL_NS,
        "load_duration": LOAD_NS,
        "prompt_eval_count": sum(map(tokens_of, ask.texts)),
    }
    return b'{"model":%s,"embeddings":%s,%s' % (
        json.dumps(model).encode(),
        joined([vector_json(entry) for entry in entries]),
        json.dumps(rest).encode()[1:],
    )


def _with(ask: Ask, **changes: Any) -> bytes:
    """The right answer with other fields; None takes one out."""
    document = json.loads(answer_of(ask)) | changes
    return json.dumps(
        {name: value for name, value in document.items() if value is not None}
    ).encode()


def _error(message: str) -> bytes:
    return json.dumps({"error": message}).encode()


OLLAMA: Final = Dialect(
    base_path="/ollama",
    serves=lambda path: path.endswith("/ollama/api/embed"),
    understand=_understand,
    refusal=lambda status, message: (status, _error(message)),
    faults={
        "error_object": answers(200, _error("llama runner process has terminated")),
        "no_usage": answers(200, lambda ask: _with(ask, prompt_eval_count=None)),
        "usage_absurd": answers(200, lambda ask: _with(ask, prompt_eval_count=10**18)),
        "usage_negative": answers(200, lambda ask: _with(ask, prompt_eval_count=-5)),
        "loaded": answers(
            200, lambda ask: _with(ask, total_duration=3_200_000_000, load_duration=3_000_000_000)
        ),
        "times_absurd": answers(200, lambda ask: _with(ask, total_duration=-1, load_duration="x")),
        "no_such_model": answers(404, _error('model "m" not found, try pulling it first')),
    },
)
