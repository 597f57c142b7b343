"""The ground truth itself, checked with OpenAI's own client: both fakes cannot share an error."""

from collections.abc import Callable, Iterator

import numpy as np
import openai
import pytest

from tests.servers.delays import Delay
from tests.servers.embeddings import tokens_of, vector_of
from tests.servers.ground_truth import Config, GroundTruthProcess, GroundTruthServer

Start = Callable[..., GroundTruthServer]


def client_of(base_url: str, key: str = "sk-test") -> openai.OpenAI:
    """OpenAI's own client, without its hidden retries."""
    return openai.OpenAI(base_url=base_url, api_key=key, max_retries=0, timeout=10)


@pytest.fixture
def client(embedding_server: Start) -> Iterator[openai.OpenAI]:
    """A client of a server that answers at once."""
    with client_of(embedding_server().base_url) as made:
        yield made


@pytest.mark.parametrize("encoding", ["float", "base64"])
def test_the_official_client_reads_vectors_order_usage_and_model(
    client: openai.OpenAI, encoding: str
) -> None:
    """Both encodings give the very vectors that the texts are known by."""
    texts = ["one", "two words", "Zürich"]
    if encoding == "float":
        answer = client.embeddings.create(model="m", input=texts, encoding_format="float")
    else:
        answer = client.embeddings.create(model="m", input=texts)  # its default is base64
    assert answer.model == "m"
    assert answer.usage.total_tokens == sum(map(tokens_of, texts))
    assert [item.index for item in answer.data] == [0, 1, 2]
    for text, item in zip(texts, answer.data, strict=True):
        assert np.allclose(item.embedding, vector_of(text, 384), atol=1e-7)
        assert np.linalg.norm(item.embedding) == pytest.approx(1)


def test_dimensions_are_honoured(client: openai.OpenAI) -> None:
    """Fewer dimensions may be asked for."""
    answer = client.embeddings.create(model="m", input="one", dimensions=64)
    assert len(answer.data[0].embedding) == 64


@pytest.mark.parametrize("bad", ["", [], [""]])
def test_empty_input_is_refused_as_documented(client: openai.OpenAI, bad: str | list[str]) -> None:
    """The API answers 400 to an empty input."""
    with pytest.raises(openai.BadRequestError):
        client.embeddings.create(model="m", input=bad)


def test_a_wrong_key_is_refused_and_only_its_presence_is_recorded(embedding_server: Start) -> None:
    """The server keeps no key, and a request without the right one is not even counted."""
    server = embedding_server(Config(api_key="sk-right"))
    with client_of(server.base_url, "sk-wrong") as wrong, pytest.raises(openai.AuthenticationError):
        wrong.embeddings.create(model="m", input="x")
    with client_of(server.base_url, "sk-right") as right:
        right.embeddings.create(model="m", input="x")
    assert [truth.bearer for truth in server.truths] == [True]
    assert "sk-" not in repr(server.truths)


def test_faults_come_by_request_number_by_path_and_by_model(embedding_server: Start) -> None:
    """Three ways to ask for a fault, and all requests around it are answered."""
    server = embedding_server(Config(faults={1: "500"}))
    with client_of(server.base_url) as client:
        client.embeddings.create(model="m", input="x")
        with pytest.raises(openai.InternalServerError):
            client.embeddings.create(model="m", input="x")
        with pytest.raises(openai.RateLimitError) as limited:
            client.embeddings.create(model="fault/429", input="x")
        assert limited.value.response.headers["retry-after"] == "7"
        client.embeddings.create(model="m", input="x")
    with client_of(server.fault_url("503")) as client, pytest.raises(openai.InternalServerError):
        client.embeddings.create(model="m", input="x")
    assert [truth.fault for truth in server.truths] == [None, "500", "429", None, "503"]


def test_truth_records_the_injected_delay_and_nothing_shorter(embedding_server: Start) -> None:
    """No request is answered before its delay is over."""
    server = embedding_server(Config(delay=Delay("lognormal", 0.02, 0.5, seed=3)))
    with client_of(server.base_url) as client:
        for _ in range(5):
            client.embeddings.create(model="m", input="x")
    assert len({truth.delay_s for truth in server.truths}) == 5
    for truth in server.truths:
        assert truth.delay_s > 0
        assert truth.service_s >= truth.delay_s - 1e-3


def test_a_stall_holds_everything_back_until_it_ends() -> None:
    """Nothing is served in the last two of ten seconds, whoever asks."""
    delay = Delay("constant", 0.02, stall_every_s=10, stall_for_s=2)
    assert delay.of(0, 5.0) == 0.02
    assert delay.of(0, 8.5) == pytest.approx(1.52)
    assert delay.of(0, 19.999) == pytest.approx(0.021)
    assert delay.of(0, 20.0) == 0.02


def test_the_same_server_runs_in_a_process_of_its_own(
    embedding_process: Callable[..., GroundTruthProcess],
) -> None:
    """Configuration goes in and the recorded truth comes out over loopback alone."""
    server = embedding_process(Config(faults={0: "500"}, requests_left=9))
    with client_of(server.base_url) as client:
        with pytest.raises(openai.InternalServerError):
            client.embeddings.create(model="m", input="x")
        raw = client.embeddings.with_raw_response.create(model="m", input="x")
    assert raw.headers["x-ratelimit-remaining-requests"] == "8"
    assert [truth.fault for truth in server.truths] == ["500", None]
