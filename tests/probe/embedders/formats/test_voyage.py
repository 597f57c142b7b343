"""Voyage's format is OpenAI's but for some names, so OpenAI's own client can read the server."""

from collections.abc import Callable

import numpy as np
import openai

from tests.servers.embeddings import tokens_of, vector_of
from tests.servers.formats.voyage import VOYAGE
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]
TEXTS = ["one", "two words", "Zürich"]


def test_openais_client_reads_vectors_order_tokens_and_model(embedding_server: Start) -> None:
    """Base64 of float32 in both, and the same place for the billed tokens."""
    server = embedding_server(Config(api_key="pa-right"))
    address = server.dialect_url(VOYAGE)
    with openai.OpenAI(base_url=address, api_key="pa-right", max_retries=0) as client:
        answer = client.embeddings.create(model="voyage-4", input=TEXTS)
    for text, item in zip(TEXTS, answer.data, strict=True):
        assert np.allclose(item.embedding, vector_of(text, 384), atol=1e-7)
    assert [item.index for item in answer.data] == [0, 1, 2]
    assert answer.usage.total_tokens == sum(map(tokens_of, TEXTS))
    assert answer.model == "voyage-4"
