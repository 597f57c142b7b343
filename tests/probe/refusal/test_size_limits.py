"""A refusal for the size of a request is known by its words, and its limit is read."""

import pytest

from core.probe.refusal.size_limits import Kind, size_limit


@pytest.mark.parametrize(
    ("status", "said", "kind", "most"),
    [
        (413, "batch size 64 > maximum allowed batch size 32", "texts", 32),
        (
            400,
            "Invalid 'input': array too long. Expected an array with maximum length 2048, but got",
            "texts",
            2048,
        ),
        (400, "Too many inputs. The max number of inputs is 16.", "texts", 16),
        (
            400,
            "BatchEmbedContentsRequest.requests: at most 100 requests can be in one",
            "texts",
            100,
        ),
        (400, "total number of texts must be at most 96 - received 100", "texts", 96),
        (422, "body.input; List should have at most 2048 items after validation", "texts", 2048),
        (422, "Too many inputs", "texts", None),
        (413, "`inputs` must have less than 512 tokens. Given: 600", "tokens", 512),
        (400, "This model's maximum context length is 8192 tokens, however you", "tokens", 8192),
        (400, "input is too long: 8192 tokens", "tokens", 8192),
        (400, "the input length exceeds the context length", "tokens", None),
        (500, "input is too large to process. increase the physical batch size", "tokens", None),
        (413, "Payload Too Large", "size", None),
        (413, "", "size", None),
    ],
)
def test_the_words_of_servers_in_use_are_known(
    status: int, said: str, kind: Kind, most: int | None
) -> None:
    """TEI, OpenAI, Azure, Gemini, Cohere, pydantic, vLLM, Ollama, llama.cpp."""
    limit = size_limit(status, said)
    assert limit is not None
    assert (limit.kind, limit.most) == (kind, most)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "encoding_format must be float or base64"),
        (401, "batch size 64 > maximum allowed batch size 32"),
        (404, "no such model"),
        (429, "Rate limit reached for 1000 requests per minute"),
        (429, "Limit: 1000000 tokens per min, maximum context length"),
        (500, "the server failed"),
        (None, "batch size 64 > maximum allowed batch size 32"),
        (422, "dimensions: should be at most 1536"),
    ],
)
def test_another_refusal_names_no_size(status: int | None, said: str) -> None:
    """A limit of speed is none of size."""
    assert size_limit(status, said) is None
