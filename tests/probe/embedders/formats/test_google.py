"""What is particular to Google's format, and Google's own client at the same server."""

from collections.abc import Callable

import numpy as np
import pytest
from google import genai
from google.genai import errors, types

from core.probe.records.sample import Outcome
from tests.probe.embedders.support import FORMATS
from tests.probe.embedders.test_by_name import asked, refused
from tests.servers.embeddings import vector_of
from tests.servers.formats.google import GOOGLE, RETRY_DELAY_S
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]
TEXTS = ["one", "two words", "Zürich"]
(FORMAT,) = (a_format for a_format in FORMATS if a_format.dialect is GOOGLE)


def embedded(
    server: GroundTruthServer, fault: str | None = None, dims: int | None = None
) -> types.EmbedContentResponse:
    """The texts through Google's client, which adds version and path to its address."""
    address = server.dialect_url(GOOGLE, fault).removesuffix("/v1beta")
    options = types.HttpOptions(base_url=address, api_version="v1beta", timeout=10_000)
    with genai.Client(api_key="AIza-right", http_options=options) as client:
        return client.models.embed_content(
            model="gemini-embedding-001",
            contents=[types.Content(parts=[types.Part(text=text)]) for text in TEXTS],
            config=types.EmbedContentConfig(output_dimensionality=dims),
        )


def test_the_official_client_reads_the_vectors(embedding_server: Start) -> None:
    """In the order of the texts, with the key in the header."""
    server = embedding_server(Config(api_key="AIza-right"))
    answer = embedded(server)
    assert answer.embeddings is not None
    for text, embedding in zip(TEXTS, answer.embeddings, strict=True):
        assert embedding.values is not None
        assert np.allclose(embedding.values, vector_of(text, 384), atol=1e-7)
    (truth,) = server.truths
    assert (truth.model, truth.texts, truth.bearer) == ("gemini-embedding-001", 3, True)


def test_the_official_client_asks_for_dimensions_by_the_same_name(embedding_server: Start) -> None:
    """The server knows no other name for them."""
    answer = embedded(embedding_server(), dims=64)
    assert answer.embeddings is not None
    assert len(answer.embeddings[0].values or []) == 64


def test_the_official_client_sees_a_wrong_key_and_a_quota(embedding_server: Start) -> None:
    """A key that is not valid is a bad request here."""
    with pytest.raises(errors.ClientError, match="INVALID_ARGUMENT"):
        embedded(embedding_server(Config(api_key="AIza-other")))
    with pytest.raises(errors.ClientError, match="RESOURCE_EXHAUSTED"):
        embedded(embedding_server(), "exhausted")


def test_a_model_may_be_named_with_or_without_its_collection(embedding_server: Start) -> None:
    """``models/m`` is ``m``, and a name cannot leave its place in the path."""
    server = embedding_server()
    for name in ("m", "models/m", "../a?b#c"):
        asked(FORMAT.made(server.dialect_url(GOOGLE), wire_model=name), [["one"]])
    assert [truth.model for truth in server.truths] == ["m", "m", "../a?b#c"]


def test_the_wait_of_a_quota_is_read_from_the_body(embedding_server: Start) -> None:
    """Where no header states it; an absurd one is dropped."""
    assert refused(FORMAT, embedding_server, "exhausted").reported.retry_after_s == RETRY_DELAY_S
    absurd = refused(FORMAT, embedding_server, "exhausted_absurd")
    assert absurd.outcome is Outcome.RATE_LIMITED
    assert absurd.reported.retry_after_s is None


def test_a_refused_key_is_named_though_its_status_is_400(embedding_server: Start) -> None:
    """The reason tells it from other invalid arguments."""
    fault = refused(FORMAT, embedding_server, "key_invalid")
    assert fault.outcome is Outcome.UNAUTHORISED
    assert fault.detail == "status 400: the key was refused"
