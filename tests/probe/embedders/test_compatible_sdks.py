"""Clients of providers that speak OpenAI's interface read the same server, each if it is there."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.servers.embeddings import tokens_of, vector_of
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]
TEXTS = ["one", "two words", "Zürich"]


def hold(server: GroundTruthServer, data: list[Any], tokens: int | None) -> None:
    """The answer of a client is the server's, and the key came in its place."""
    for text, item in zip(TEXTS, data, strict=True):
        assert np.allclose(item.embedding, vector_of(text, 384), atol=1e-7)
    assert [item.index for item in data] == [0, 1, 2]
    if tokens is not None:
        assert tokens == sum(map(tokens_of, TEXTS))
    (truth,) = server.truths
    assert truth.bearer


def test_mistrals_client(embedding_server: Start) -> None:
    """Vectors, their places and the tokens."""
    client_module = pytest.importorskip("mistralai.client", reason="needs mistralai")
    server = embedding_server(Config(api_key="k"))
    with client_module.Mistral(api_key="k", server_url=server.origin) as client:
        answer = client.embeddings.create(model="mistral-embed", inputs=TEXTS)
    assert answer.usage is not None
    hold(server, answer.data, answer.usage.total_tokens)


def test_togethers_client(embedding_server: Start) -> None:
    """Vectors and their places; it states no tokens."""
    together = pytest.importorskip("together", reason="needs together")
    server = embedding_server(Config(api_key="k"))
    with together.Together(api_key="k", base_url=server.base_url, max_retries=0) as client:
        answer = client.embeddings.create(model="m", input=TEXTS)
    hold(server, answer.data, None)
