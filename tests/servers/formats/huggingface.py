"""Hugging Face's feature extraction, routed by model and at a dedicated endpoint's own address."""

import json
from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from tests.servers.embeddings import Ask, answer_of, vector_of
from tests.servers.faults import Line
from tests.servers.formats.dialect import (
    Dialect,
    answers,
    joined,
    object_of,
    only,
    texts_of,
    vector_json,
)

TASK: Final = "/pipeline/feature-extraction"
ESTIMATED_S: Final = 20.5


def _serves(path: str) -> bool:
    routed = "/hf-inference/models/" in path and path.endswith(TASK)
    return routed or path.endswith("/dedicated")


def _understand(path: str, body: bytes, default_dims: int) -> Ask:
    document = object_of(body)
    only(document, "inputs", "normalize", "prompt_name", "truncate", "truncation_direction")
    value = document.get("inputs")
    texts = texts_of([value] if isinstance(value, str) else value)
    model = unquote(path.partition("/models/")[2].removesuffix(TASK)) or "dedicated"
    return Ask(model, texts, "float", default_dims, _envelope)


def _envelope(entries: list[bytes], ask: Ask, model: str) -> bytes:
    return joined([vector_json(entry) for entry in entries])


def _error(message: str) -> bytes:
    return json.dumps({"error": message}).encode()


def _loading(ask: Ask) -> bytes:
    words = f"Model {ask.model} is currently loading"
    return json.dumps({"error": words, "estimated_time": ESTIMATED_S}).encode()


def _per_token(ask: Ask) -> bytes:
    """Three vectors for each text, as a model that is served without pooling gives them."""
    return json.dumps(
        [[vector_of(f"{text}{i}", ask.dims).tolist() for i in range(3)] for text in ask.texts]
    ).encode()


def _one_flat(ask: Ask) -> bytes:
    """The first text's vector without the list around it."""
    return answer_of(replace(ask, texts=ask.texts[:1]))[1:-1]


async def _tei_headers(line: Line, ask: Ask) -> None:
    """A right answer with the headers of Text Embeddings Inference (router/src/http/server.rs)."""
    line.respond(
        200,
        answer_of(ask),
        ("x-compute-type", "gpu+optimized"),
        ("x-compute-tokens", "5"),
        ("x-total-time", "11"),
        ("x-tokenization-time", "2"),
        ("x-queue-time", "1"),
        ("x-inference-time", "7"),
    )


HUGGINGFACE: Final = Dialect(
    base_path="/hf-inference",
    serves=_serves,
    understand=_understand,
    refusal=lambda status, message: (status, _error(message)),
    faults={
        "loading": answers(503, _loading),
        "loading_unsaid": answers(503, _error("Service Unavailable")),
        "loading_absurd": answers(503, b'{"error":"x","estimated_time":1e999}'),
        "error_object": answers(200, _error("CUDA out of memory")),
        "per_token": answers(200, _per_token),
        "one_flat": answers(200, _one_flat),
        "tei_headers": _tei_headers,
    },
)
