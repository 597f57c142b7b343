"""The body of an embeddings answer: bytes to vectors, every defect named.

Nothing here trusts the other side: a body may inflate without end, be a web page, hold NaN, or
say "error" under a status of 200.
"""

import binascii
import json
import re
import zlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from core.probe.embedders.base import Answer, Fault, Reported
from core.probe.response import Response
from core.probe.sample import Outcome

Vectors = NDArray[np.float32] | NDArray[np.float64]

_HARMLESS_CODE: Final = re.compile(r"[a-z][a-z_]{2,59}")
"""Error codes are words with underscores; anything else may be text of ours sent back."""


def inflated(response: Response, most_bytes: int) -> bytes:
    """The body, inflated no further than ``most_bytes``. Raises Fault."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        return response.body
    if encoding not in {"gzip", "x-gzip"}:
        raise Fault(Outcome.BAD_HTTP, "an encoding that was not asked for")
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        body = inflater.decompress(response.body, most_bytes + 1)
    except zlib.error:
        raise Fault(Outcome.BAD_HTTP, "the gzip data is damaged") from None
    if len(body) > most_bytes:
        raise Fault(Outcome.TOO_LARGE, f"body inflates above {most_bytes / 2**20:.3g} MiB")
    if not inflater.eof:
        raise Fault(Outcome.BAD_HTTP, "the gzip data is cut off")
    return body


def _json_object(body: bytes) -> dict[str, Any]:
    """Parse strictly; on failure parse again with NaN allowed, to tell the two apart."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = _loose_json(body)
    if not isinstance(document, dict):
        raise Fault(Outcome.BAD_JSON, "the body is no JSON object")
    return document


def _loose_json(body: bytes) -> Any:
    """JSON with NaN and Infinity, which Python writes and the standard forbids. Raises Fault."""
    if not body.strip():
        raise Fault(Outcome.BAD_JSON, "the body is empty")
    if body.lstrip()[:1] == b"<":
        raise Fault(Outcome.BAD_JSON, "a web page instead of JSON")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Fault(Outcome.BAD_JSON, "the body is no JSON") from None


def read_answer(body: bytes, reported: Reported) -> Answer:
    """Take an embeddings object apart. Raises Fault."""
    document = _json_object(body)
    data = document.get("data")
    if not isinstance(data, list):
        if "error" in document:
            raise Fault(Outcome.ERROR_IN_BODY, _error_words(document["error"]))
        raise Fault(Outcome.BAD_JSON, "the JSON has no list 'data'")
    tokens = _tokens(document.get("usage"))
    model = document.get("model")
    try:
        vectors = [_vector(item) for item in data]
        return Answer(
            vectors=_stacked(vectors),
            positions=tuple(_position(item, i) for i, item in enumerate(data)),
            tokens_billed=tokens,
            model=model if isinstance(model, str) else None,
            reported=reported,
        )
    except Fault as fault:
        raise Fault(fault.outcome, fault.detail, tokens_billed=tokens) from None


def _vector(item: Any) -> Vectors:
    """One vector, from base64 of little-endian float32 or from a list of numbers."""
    value = item.get("embedding") if isinstance(item, dict) else None
    if isinstance(value, str):
        return _from_base64(value)
    if not isinstance(value, list):
        raise Fault(Outcome.MISSING_VECTOR, "an entry without a vector")
    try:
        vector = np.array(value)
    except ValueError:
        raise Fault(Outcome.MISSING_VECTOR, "a vector that is no flat list of numbers") from None
    if vector.dtype == object and None in value:
        raise Fault(Outcome.NOT_FINITE, "a vector holds null components")
    if vector.ndim != 1 or vector.dtype.kind not in "fiu":
        raise Fault(Outcome.MISSING_VECTOR, "a vector that is no flat list of numbers")
    return vector.astype(np.float64, copy=False)


def _from_base64(text: str) -> NDArray[np.float32]:
    try:
        packed = binascii.a2b_base64(text, strict_mode=True)
        return np.frombuffer(packed, dtype="<f4").astype(np.float32, copy=False)
    except ValueError:  # binascii.Error is one
        raise Fault(Outcome.MISSING_VECTOR, "a vector that is no base64 of float32") from None


def _stacked(vectors: Sequence[Vectors]) -> Vectors:
    if not vectors:
        return np.empty((0, 0), dtype=np.float32)
    if len(vectors) == 1:
        return vectors[0][np.newaxis]
    lengths = {len(vector) for vector in vectors}
    if len(lengths) > 1:
        raise Fault(Outcome.WRONG_DIMENSIONS, "vectors of different lengths in one answer")
    if all(vector.dtype == np.float32 for vector in vectors):
        return np.stack(vectors).astype(np.float32, copy=False)
    return np.stack(vectors).astype(np.float64, copy=False)


def _position(item: dict[str, Any], place: int) -> int:
    """The index an entry states; its place in the list where it states none."""
    index = item.get("index", place)
    return index if isinstance(index, int) else -1


def _tokens(usage: Any) -> int | None:
    """Tokens billed, where they are stated as a whole number."""
    if not isinstance(usage, dict):
        return None
    for name in ("total_tokens", "prompt_tokens"):
        value = usage.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def _error_words(error: Any) -> str:
    """The error's code, where it is a plain code; never its free text."""
    names = [error.get("code"), error.get("type")] if isinstance(error, dict) else []
    codes = [n for n in names if isinstance(n, str) and _HARMLESS_CODE.fullmatch(n)]
    return (
        f"an error object with status 200 ({codes[0]})"
        if codes
        else ("an error object with status 200")
    )
