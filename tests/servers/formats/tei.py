"""Text Embeddings Inference's own POST /embed.

Request, answer and statuses: https://huggingface.github.io/text-embeddings-inference/ (413 for a
batch that is too large, 422 for what cannot be tokenised, 424 for a failed inference, 429 where it
is overloaded); the words of its errors and its headers: router/src/http/server.rs and
core/src/tokenization.rs of huggingface/text-embeddings-inference.
"""

import json
from typing import Final

from tests.servers.embeddings import Ask, BadRequestError, answer_of, tokens_of
from tests.servers.faults import Line
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

MOST_TEXTS: Final = 32
"""--max-client-batch-size where nobody sets it."""
MOST_TOKENS: Final = 512
FIELDS: Final = (
    *("inputs", "normalize", "prompt_name", "truncate", "truncation_direction", "dimensions"),
)


def _understand(path: str, body: bytes, default_dims: int) -> Ask:
    document = object_of(body)
    only(document, *FIELDS)
    value = document.get("inputs")
    texts = texts_of([value] if isinstance(value, str) else value)
    if len(texts) > MOST_TEXTS:
        raise BadRequestError(f"batch size {len(texts)} > maximum allowed batch size {MOST_TEXTS}")
    longest = max(map(tokens_of, texts))
    if longest > MOST_TOKENS and not document.get("truncate"):
        raise BadRequestError(
            f"`inputs` must have less than {MOST_TOKENS} tokens. Given: {longest}"
        )
    dims = dims_of(document.get("dimensions"), default_dims)
    return Ask("m", texts, "float", dims, _envelope)


def _envelope(entries: list[bytes], ask: Ask, model: str) -> bytes:
    return joined([vector_json(entry) for entry in entries])


def _error(message: str, kind: str = "Validation") -> bytes:
    return json.dumps({"error": message, "error_type": kind}).encode()


def _refusal(status: int, message: str) -> tuple[int, bytes]:
    too_large = message.startswith(("batch size", "`inputs`"))
    return (413 if too_large else status), _error(message)


async def _times(line: Line, ask: Ask) -> None:
    """A right answer with its headers."""
    line.respond(
        200,
        answer_of(ask),
        ("x-compute-type", "gpu+optimized"),
        ("x-compute-time", "9"),
        ("x-compute-characters", "3"),
        ("x-compute-tokens", "5"),
        ("x-total-time", "11"),
        ("x-tokenization-time", "2"),
        ("x-queue-time", "1"),
        ("x-inference-time", "7"),
    )


TEI: Final = Dialect(
    base_path="/tei",
    serves=lambda path: path.endswith("/tei/embed"),
    understand=_understand,
    refusal=_refusal,
    faults={
        "error_object": answers(200, _error("CUDA out of memory", "Backend")),
        "times": _times,
        "overloaded": answers(429, _error("Model is overloaded", "Overloaded")),
        "backend": answers(424, _error("inference failed", "Backend")),
    },
)
