"""What is particular to Hugging Face's feature extraction."""

import asyncio
from collections.abc import Callable

import numpy as np
import pytest
from huggingface_hub import InferenceClient
from huggingface_hub.errors import HfHubHTTPError

from core.errors import RunError
from core.probe.records.embedder import Fault
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings
from tests.probe.embedders.support import FORMATS
from tests.probe.embedders.test_by_name import asked, refused
from tests.servers.embeddings import vector_of
from tests.servers.formats.huggingface import ESTIMATED_S, HUGGINGFACE, TASK
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]
(HF,) = (a_format for a_format in FORMATS if a_format.dialect is HUGGINGFACE)


def sdk_address(server: GroundTruthServer, fault: str | None = None) -> str:
    """The routed address of a model, which the client takes in place of its name."""
    return f"{server.dialect_url(HUGGINGFACE, fault)}/models/BAAI/bge-m3{TASK}"


def test_the_official_client_reads_the_same_server(embedding_server: Start) -> None:
    """Both clients get the same vectors from the same routed address."""
    server = embedding_server(Config(api_key="hf_right"))
    client = InferenceClient(provider="hf-inference", api_key="hf_right", timeout=10)
    vectors = client.feature_extraction(["one", "Zürich"], model=sdk_address(server))
    for text, vector in zip(["one", "Zürich"], vectors, strict=True):
        assert np.allclose(vector, vector_of(text, 384), atol=1e-7)
    assert server.truths[0].model == "BAAI/bge-m3"


def test_the_official_client_sees_a_wrong_key_and_a_loading_model(embedding_server: Start) -> None:
    """The same refusals, in the client's own words."""
    server = embedding_server(Config(api_key="hf_right"))
    wrong = InferenceClient(provider="hf-inference", api_key="hf_wrong", timeout=10)
    with pytest.raises(HfHubHTTPError) as refusal:
        wrong.feature_extraction("one", model=sdk_address(server))
    assert refusal.value.response.status_code == 401
    right = InferenceClient(provider="hf-inference", api_key="hf_right", timeout=10)
    with pytest.raises(HfHubHTTPError, match="is currently loading"):
        right.feature_extraction("one", model=sdk_address(server, "loading"))


def test_the_path_names_the_model_with_its_owner(embedding_server: Start) -> None:
    """The slash between owner and model stays; nothing else passes unescaped."""
    server = embedding_server()
    for name in ("BAAI/bge-large-en-v1.5", "a b?c#d"):
        asked(HF.made(server.dialect_url(HUGGINGFACE), wire_model=name), [["one"]])
    assert [truth.model for truth in server.truths] == ["BAAI/bge-large-en-v1.5", "a b?c#d"]


def test_a_dedicated_endpoint_is_asked_at_its_own_address(embedding_server: Start) -> None:
    """It has one model, so nothing is added to the address."""
    server = embedding_server()
    (answer,) = asked(HF.made(f"{server.origin}/dedicated"), [["one", "two"]])
    assert answer.vectors.shape == (2, 384)
    assert [truth.model for truth in server.truths] == ["dedicated"]


def test_a_loading_model_states_its_wait(embedding_server: Start) -> None:
    """The estimate stands in for a Retry-After header, and no sample waits for it."""
    fault = refused(HF, embedding_server, "loading")
    assert fault.outcome is Outcome.LOADING
    assert fault.reported.retry_after_s == ESTIMATED_S
    assert fault.reported.http_status == 503
    assert "ready in about 20.5 s" in fault.detail


def test_a_dedicated_endpoint_that_scales_from_zero_says_so(embedding_server: Start) -> None:
    """Its proxy answers 503, with or without an estimate, until a replica is up; then vectors."""
    server = embedding_server(Config(faults={0: "loading_unsaid", 1: "503", 2: "loading"}))
    embedder = HF.made(f"{server.origin}/dedicated")

    async def ask() -> list[Outcome]:
        outcomes = []
        for _ in range(4):
            try:
                await embedder.embed(["one"], timeout_s=5, timings=Timings())
                outcomes.append(Outcome.OK)
            except Fault as fault:
                outcomes.append(fault.outcome)
        await embedder.aclose()
        return outcomes

    assert asyncio.run(ask()) == [Outcome.LOADING] * 3 + [Outcome.OK]


def test_what_the_server_says_of_its_work_is_read(embedding_server: Start) -> None:
    """Queue, model, tokenizer, tokens and hardware, as Text Embeddings Inference states them."""
    server = embedding_server()
    (answer,) = asked(HF.made(server.dialect_url(HUGGINGFACE, "tei_headers")), [["one"]])
    said = answer.reported
    assert (said.server_queue_ms, said.server_inference_ms) == (1.0, 7.0)
    assert said.server_tokenization_ms == 2.0
    assert (said.tokens_processed, said.hardware) == (5, "gpu+optimized")


def test_token_vectors_are_named_and_not_pooled(embedding_server: Start) -> None:
    """Even a first answer, with nothing to compare it with."""
    fault: Fault = refused(HF, embedding_server, "per_token")
    assert fault.outcome is Outcome.NOT_POOLED
    assert "each token" in fault.detail


def test_dimensions_cannot_be_asked_for() -> None:
    """The documented request has no such field."""
    with pytest.raises(RunError, match="leave the dimensions out"):
        HF.made("http://127.0.0.1:9/hf-inference", dimensions=64)
