"""What POST /v1/embeddings means, as OpenAI documents it, over vectors drawn from the text.

Written without the product's own code, so that the two cannot share a mistake.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_INPUTS = 2048


class BadRequestError(Exception):
    """A request that the documented interface refuses with status 400."""


@dataclass(frozen=True)
class Ask:
    """An embeddings request, understood."""

    model: str
    texts: tuple[str, ...]
    encoding_format: str
    dims: int
    envelope: Callable[[list[bytes], "Ask", str], bytes] | None = None
    """What is put around the entries, with the model's name; None: OpenAI's list."""
    common: float = 0.0
    """Share of one common vector in each: 1 makes all texts alike."""


@lru_cache(maxsize=10_000)
def vector_of(text: str, dims: int) -> NDArray[np.float32]:
    """The unit vector of a text: the same in every process, a draw of its hash."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).standard_normal(dims)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def tokens_of(text: str) -> int:
    """Billed tokens: four bytes each, begun ones counted, two markers."""
    return -(-len(text.encode()) // 4) + 2


def understand(body: bytes, default_dims: int) -> Ask:
    """Read a request body. Raises BadRequestError in the words of the API."""
    try:
        document = json.loads(body)
    except ValueError as error:
        raise BadRequestError("We could not parse the JSON body of your request.") from error
    if not isinstance(document, dict):
        raise BadRequestError("The request body is not an object.")
    model = document.get("model")
    if not isinstance(model, str) or not model:
        raise BadRequestError("you must provide a model parameter")
    encoding_format = document.get("encoding_format", "float")
    if encoding_format not in {"float", "base64"}:
        raise BadRequestError("encoding_format must be float or base64")
    dims = document.get("dimensions", default_dims)
    if not isinstance(dims, int) or isinstance(dims, bool) or dims < 1:
        raise BadRequestError("dimensions must be a positive integer")
    return Ask(model, _texts(document.get("input")), encoding_format, dims)


def embedding_object(text: str, index: int, ask: Ask) -> bytes:
    """One entry of ``data`` as JSON."""
    return b'{"object":"embedding","index":%d,"embedding":%s}' % (
        index,
        _vector_json(text, ask.dims, ask.encoding_format, ask.common),
    )


def list_object(entries: list[bytes], ask: Ask, *, model: str | None = None) -> bytes:
    """The whole answer around its entries."""
    if ask.envelope is not None:
        return ask.envelope(entries, ask, model or ask.model)
    tokens = sum(tokens_of(text) for text in ask.texts)
    # OpenAI sends no id; Mistral's client insists on one, and many servers send it.
    return b'{"id":"embd-0b7c","object":"list","data":[%s],"model":%s,"usage":%s}' % (
        b",".join(entries),
        json.dumps(model or ask.model).encode(),
        json.dumps({"prompt_tokens": tokens, "total_tokens": tokens}).encode(),
    )


def answer_of(ask: Ask) -> bytes:
    """The right answer."""
    return list_object([embedding_object(t, i, ask) for i, t in enumerate(ask.texts)], ask)


def error_object(message: str, kind: str, code: str | None = None) -> bytes:
    """An error as the API words it."""
    error = {"message": message, "type": kind, "param": None, "code": code}
    return json.dumps({"error": error}).encode()


@lru_cache(maxsize=10_000)
def _vector_json(text: str, dims: int, encoding_format: str, common: float) -> bytes:
    vector = vector_of(text, dims)
    if common:
        vector = (1 - common) * vector + common * vector_of("all", dims)
    if encoding_format == "base64":
        return b'"%s"' % base64.b64encode(vector.astype("<f4").tobytes())
    return json.dumps([float(x) for x in vector]).encode()


def _texts(value: Any) -> tuple[str, ...]:
    """A text, a list of texts, a list of tokens or a list of lists of tokens."""
    if isinstance(value, str):
        items: list[Any] = [value]
    elif isinstance(value, list) and value and all(isinstance(v, int) for v in value):
        items = [value]
    elif isinstance(value, list):
        items = value
    else:
        raise BadRequestError("'input' must be a string or an array")
    if not items or len(items) > MOST_INPUTS:
        raise BadRequestError(f"'input' must hold 1 to {MOST_INPUTS} items")
    if any(item in ("", []) or not isinstance(item, str | list) for item in items):
        raise BadRequestError("'$.input' is invalid: empty or of a wrong type")
    return tuple(item if isinstance(item, str) else json.dumps(item) for item in items)
