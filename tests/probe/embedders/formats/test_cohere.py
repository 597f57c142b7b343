"""Cohere's own client reads the same server: client and fake cannot share an error."""

from collections.abc import Callable

import cohere
import httpx
import numpy as np
import pytest

from tests.probe.embedders.support import FORMATS
from tests.probe.embedders.test_by_name import asked
from tests.servers.embeddings import tokens_of, vector_of
from tests.servers.formats.cohere import COHERE
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]
TEXTS = ["one", "two words", "Zürich"]
(FORMAT,) = (a_format for a_format in FORMATS if a_format.dialect is COHERE)


def embedded(
    server: GroundTruthServer, fault: str | None = None, dims: int | None = None
) -> cohere.EmbedByTypeResponse:
    """The texts through Cohere's client, which adds /v2/embed to its address."""
    address = server.dialect_url(COHERE, fault).removesuffix("/v2")
    with httpx.Client(timeout=10) as http:
        client = cohere.ClientV2(api_key="co-right", base_url=address, httpx_client=http)
        return client.embed(
            model="embed-v4.0",
            texts=TEXTS,
            input_type="search_document",
            embedding_types=["float"],
            output_dimension=dims,
            request_options={"max_retries": 0},
        )


def test_the_official_client_reads_vectors_and_billed_tokens(embedding_server: Start) -> None:
    """Vectors in the order of the texts, and the billed input tokens."""
    server = embedding_server(Config(api_key="co-right"))
    answer = embedded(server)
    assert answer.embeddings.float_ is not None
    for text, vector in zip(TEXTS, answer.embeddings.float_, strict=True):
        assert np.allclose(vector, vector_of(text, 384), atol=1e-7)
    assert answer.texts == TEXTS
    assert answer.meta is not None
    assert answer.meta.billed_units is not None
    assert answer.meta.billed_units.input_tokens == sum(map(tokens_of, TEXTS))
    (truth,) = server.truths
    assert (truth.model, truth.bearer) == ("embed-v4.0", True)


def test_the_official_client_asks_for_dimensions_by_the_same_name(embedding_server: Start) -> None:
    """The server knows no other name for them."""
    answer = embedded(embedding_server(), dims=64)
    assert answer.embeddings.float_ is not None
    assert len(answer.embeddings.float_[0]) == 64


def test_the_official_client_sees_a_wrong_key_and_a_rate_limit(embedding_server: Start) -> None:
    """By their status."""
    with pytest.raises(cohere.UnauthorizedError):
        embedded(embedding_server(Config(api_key="co-other")))
    with pytest.raises(cohere.TooManyRequestsError):
        embedded(embedding_server(), "429")


def test_a_decimal_token_count_is_the_whole_number_it_stands_for(embedding_server: Start) -> None:
    """The interface states a number, not an integer."""
    url = embedding_server().dialect_url(COHERE)
    (answer,) = asked(FORMAT.made(url), [TEXTS])
    assert isinstance(answer.tokens_billed, int)
