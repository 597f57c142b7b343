"""From the bytes of a body to vectors: what every wire format does alike, every defect named.

Nothing here trusts the other side: a body may inflate without end, be a web page, hold NaN, or
say "error" under a status of 200.
"""

import json
import re
import zlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.sample import Outcome
from core.probe.wire.http_answer import Response

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


def json_value(body: bytes) -> Any:
    """Parse strictly; on failure again with NaN allowed, to tell the two apart. Raises Fault."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _loose_json(body)


def json_object(body: bytes) -> dict[str, Any]:
    """The same where an object is due. Raises Fault."""
    document = json_value(body)
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


def number_vector(value: Any) -> NDArray[np.float64]:
    """One vector from a flat list of numbers. Raises Fault."""
    if not isinstance(value, list):
        raise Fault(Outcome.MISSING_VECTOR, "an entry without a vector")
    try:
        vector = np.array(value)
    except ValueError:
        raise Fault(Outcome.MISSING_VECTOR, "a vector that is no flat list of numbers") from None
    if vector.dtype == object and None in value:
        raise Fault(Outcome.NOT_FINITE, "a vector holds null components")
    if vector.dtype == object and all(type(component) in {int, float} for component in value):
        raise Fault(Outcome.NOT_FINITE, "a vector holds an absurd number")
    if vector.ndim != 1 or vector.dtype.kind not in "fiu":
        raise Fault(Outcome.MISSING_VECTOR, "a vector that is no flat list of numbers")
    return vector.astype(np.float64, copy=False)


def stacked(vectors: Sequence[Vectors]) -> Vectors:
    """Vectors of one length as an array of shape (texts, dimensions). Raises Fault."""
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


def answer_in_order(values: list[Any], reported: Reported, *, tokens: int | None = None) -> Answer:
    """Lists of numbers without an index: each belongs to the text in its place. Raises Fault."""
    try:
        vectors = stacked([number_vector(value) for value in values])
    except Fault as fault:
        raise Fault(fault.outcome, fault.detail, tokens_billed=tokens) from None
    return Answer(vectors, tuple(range(len(values))), tokens_billed=tokens, reported=reported)


def read_vectors(body: bytes, reported: Reported) -> Answer:
    """A list with one list of numbers for each text: Hugging Face's and TEI's. Raises Fault."""
    document = json_value(body)
    if isinstance(document, dict):
        refuse_error(document)
    if not isinstance(document, list):
        raise Fault(Outcome.BAD_JSON, "the JSON is no list of vectors")
    if any(isinstance(value, list) and value and isinstance(value[0], list) for value in document):
        raise Fault(
            Outcome.NOT_POOLED,
            "a vector for each token instead of one for the text: the model is not served pooled",
        )
    return answer_in_order(document, reported)


def whole_number(value: Any) -> int | None:
    """A count, where it is stated as a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def refuse_error(document: dict[str, Any]) -> None:
    """Raise Fault where the object says "error" instead of bringing vectors."""
    if "error" in document:
        raise Fault(Outcome.ERROR_IN_BODY, _error_words(document["error"]))


def _error_words(error: Any) -> str:
    """The error's code, where it is a plain code; never its free text."""
    names = [error.get("code"), error.get("type")] if isinstance(error, dict) else []
    codes = [n for n in names if isinstance(n, str) and _HARMLESS_CODE.fullmatch(n)]
    return (
        f"an error object with status 200 ({codes[0]})"
        if codes
        else ("an error object with status 200")
    )
