"""Google's POST /v1beta/models/<model>:batchEmbedContents."""

import json
from typing import Any, Final
from urllib.parse import unquote

from tests.servers.embeddings import Ask, BadRequestError
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

METHOD: Final = ":batchEmbedContents"
MOST_TEXTS: Final = 100
RETRY_DELAY_S: Final = 22.5


def _understand(path: str, body: bytes, default_dims: int) -> Ask:
    document = object_of(body)
    only(document, "requests")
    name = unquote(path.partition("/v1beta/")[2].removesuffix(METHOD))
    requests = document.get("requests")
    if not isinstance(requests, list) or not all(isinstance(r, dict) for r in requests):
        raise BadRequestError("requests is no list of objects")
    if any(request.get("model") != name for request in requests):
        raise BadRequestError("the model of a request differs from the one in the path")
    texts = texts_of([_text_of(request) for request in requests], most=MOST_TEXTS)
    sizes = {dims_of(request.get("outputDimensionality"), default_dims) for request in requests}
    return Ask(name.removeprefix("models/"), texts, "float", sizes.pop(), _envelope)


def _text_of(request: dict[str, Any]) -> str:
    only(request, "model", "content", "taskType", "title", "outputDimensionality")
    content = request.get("content")
    if not isinstance(content, dict):
        raise BadRequestError("content is required")
    only(content, "parts", "role")
    parts = content.get("parts")
    if not isinstance(parts, list) or not all(isinstance(p, dict) for p in parts):
        raise BadRequestError("parts is no list of objects")
    return "".join(str(part.get("text", "")) for part in parts)


def _envelope(entries: list[bytes], ask: Ask, model: str) -> bytes:
    values = [b'{"values":%s}' % vector_json(entry) for entry in entries]
    return b'{"embeddings":%s}' % joined(values)


def _error(code: int, status: str, message: str, **detail: Any) -> bytes:
    error = {"code": code, "message": message, "status": status, "details": [detail]}
    return json.dumps({"error": error}).encode()


def _refusal(status: int, message: str) -> tuple[int, bytes]:
    """A wrong key, too, is an invalid argument here; only the reason tells them apart."""
    if status == 401:
        return 400, _key_invalid(message)
    return status, _error(status, "INVALID_ARGUMENT", message)


def _key_invalid(message: str) -> bytes:
    kind = {"@type": "type.googleapis.com/google.rpc.ErrorInfo"}
    return _error(400, "INVALID_ARGUMENT", message, **kind, reason="API_KEY_INVALID")


def _exhausted(delay: str) -> bytes:
    kind = {"@type": "type.googleapis.com/google.rpc.RetryInfo"}
    words = "You exceeded your current quota"
    return _error(429, "RESOURCE_EXHAUSTED", words, **kind, retryDelay=delay)


GOOGLE: Final = Dialect(
    base_path="/v1beta",
    serves=lambda path: "/v1beta/models/" in path and path.endswith(METHOD),
    understand=_understand,
    refusal=_refusal,
    faults={
        "key_invalid": answers(400, _key_invalid("API key not valid.")),
        "exhausted": answers(429, _exhausted(f"{RETRY_DELAY_S}s")),
        "exhausted_absurd": answers(429, _exhausted("1e999s")),
        "error_object": answers(200, _error(500, "INTERNAL", "no")),
    },
    key_header="x-goog-api-key",
)
