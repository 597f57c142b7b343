"""Predictions: waited for, looked at again, billed in seconds, cancelled when given up."""

import asyncio
import time
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from core.catalog.schema import Endpoint, WireFormat
from core.errors import RunError
from core.probe.answers.answer_check import AnswerCheck
from core.probe.embedders.formats.replicate import Replicate
from core.probe.records.embedder import Answer, Fault
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings
from tests.servers.embeddings import vector_of
from tests.servers.formats.replicate import DIMS, KEY, VERSION, ReplicateServer

MODEL = f"nateraw/bge-large-en-v1.5:{VERSION}"
TEXTS = ["one", "Zürich"]


def made(server: ReplicateServer, key: str = KEY, **changes: Any) -> Replicate:
    """The embedder for a model at the server."""
    endpoint = Endpoint.model_validate({"wire": WireFormat.REPLICATE, "base_url": server.base_url})
    fields = {"endpoint": endpoint, "wire_model": MODEL, "allow_loopback": True} | changes
    return Replicate(ApiTarget.model_validate(fields), SecretStr(key))


def asked(embedder: Replicate, batches: list[list[str]], model: str = MODEL) -> list[Answer]:
    """The judged answers to batches, one after another. Raises Fault."""

    async def ask() -> list[Answer]:
        check = AnswerCheck(asked_model=model, expected_dims=None)
        await embedder.open()
        try:
            return [
                check.judge(texts, await embedder.embed(texts, timeout_s=20, timings=Timings()))
                for texts in batches
            ]
        finally:
            await embedder.aclose()

    return asyncio.run(ask())


def refused(server: ReplicateServer, key: str = KEY) -> Fault:
    """The fault of one request."""
    with pytest.raises(Fault) as found:
        asked(made(server, key), [TEXTS])
    return found.value


def timed(server: ReplicateServer, timeout_s: float) -> tuple[Answer, Timings]:
    """One request with its times. Raises Fault."""

    async def ask() -> tuple[Answer, Timings]:
        embedder, timings = made(server), Timings()
        try:
            return await embedder.embed(TEXTS, timeout_s=timeout_s, timings=timings), timings
        finally:
            await embedder.aclose()

    return asyncio.run(ask())


@pytest.mark.parametrize("shape", ["lists", "objects", "embeddings"])
def test_vectors_and_billed_seconds_come_back(shape: str) -> None:
    """However the model wraps its vectors; the time that is billed is the prediction's own."""
    with ReplicateServer(shape=shape, queue_s=0.1) as server:
        (answer,) = asked(made(server), [TEXTS])
    for text, vector in zip(TEXTS, answer.vectors, strict=True):
        assert np.allclose(vector, vector_of(text, DIMS), atol=1e-7)
    said = answer.reported
    assert said.billed_s == 0.05
    assert said.server_inference_ms == pytest.approx(50)
    assert said.server_ms == pytest.approx(150)
    assert said.server_queue_ms == pytest.approx(100)
    assert (answer.tokens_billed, answer.model) == (None, "nateraw/bge-large-en-v1.5")
    assert server.asked == ["POST /v1/predictions"]


@pytest.mark.parametrize(
    ("model", "path"),
    [
        (MODEL, "/v1/predictions"),
        (VERSION, "/v1/predictions"),
        ("openai/embedder", "/v1/models/openai/embedder/predictions"),
        ("deployments/acme/bge", "/v1/deployments/acme/bge/predictions"),
    ],
)
def test_each_kind_of_model_has_its_address(model: str, path: str) -> None:
    """A version, an official model, a deployment, which runs a model of another name."""
    with ReplicateServer() as server:
        asked(made(server, wire_model=model), [TEXTS], model)
    assert server.asked == [f"POST {path}"]


@pytest.mark.parametrize("model", ["bge", "a/b/c", "a/b:latest", "../x", "a/b?c", "a b/c"])
def test_a_name_that_is_no_model_is_refused(model: str) -> None:
    """Before anything is sent; the sentence shows the forms."""
    with ReplicateServer() as server, pytest.raises(RunError, match="owner/name:version"):
        made(server, wire_model=model)


def test_dimensions_cannot_be_asked_for() -> None:
    """They belong to the model."""
    with ReplicateServer() as server, pytest.raises(RunError, match="leave them out"):
        made(server, dimensions=64)


def test_a_model_with_another_name_for_its_texts_is_served() -> None:
    """And one that is asked under the wrong name says so."""
    with ReplicateServer(input_field="text_batch") as server:
        asked(made(server, input_field="text_batch"), [TEXTS])
        fault = refused(server)
    assert (fault.outcome, fault.reported.http_status) == (Outcome.HTTP_ERROR, 422)


def test_a_prediction_that_outlasts_the_wait_is_looked_at_until_it_ends() -> None:
    """The time runs from the first request to the last byte of the last look."""
    with ReplicateServer(waits=False, takes_s=0.8) as server:
        before_s = time.perf_counter()
        answer, timings = timed(server, timeout_s=20)
        took_s = time.perf_counter() - before_s
    assert answer.reported.billed_s == 0.8
    (ran,) = server.ran.values()
    assert ran.looks >= 2
    assert timings.sent_ns is not None
    assert timings.request_written_ns is not None
    assert timings.first_byte_ns is not None
    assert timings.completed_ns is not None
    assert timings.request_written_ns < timings.first_byte_ns <= timings.completed_ns
    assert 0.8 <= (timings.completed_ns - timings.sent_ns) / 1e9 <= took_s


@pytest.mark.parametrize(("queue_s", "state"), [(60.0, "starting"), (0.0, "running")])
def test_a_prediction_that_does_not_end_in_time_is_cancelled_there(
    queue_s: float, state: str
) -> None:
    """Or its seconds would be billed on; the detail says whether it had begun."""
    with ReplicateServer(waits=False, takes_s=60, queue_s=queue_s) as server:
        with pytest.raises(Fault, match=f"still {state} after 1.2 s") as found:
            timed(server, timeout_s=1.2)
        (ran,) = server.ran.values()
    assert found.value.outcome is Outcome.TIMEOUT
    assert ran.cancelled


def test_a_run_that_is_cancelled_cancels_its_prediction() -> None:
    """Whatever ends the waiting."""

    async def ask_and_drop(server: ReplicateServer) -> None:
        embedder = made(server)
        asking = asyncio.ensure_future(embedder.embed(TEXTS, timeout_s=30, timings=Timings()))
        await asyncio.sleep(0.5)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await embedder.aclose()

    with ReplicateServer(waits=False, takes_s=60) as server:
        asyncio.run(ask_and_drop(server))
        (ran,) = server.ran.values()
    assert ran.cancelled


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"ends_as": "failed"}, Outcome.ERROR_IN_BODY),
        ({"ends_as": "canceled"}, Outcome.ERROR_IN_BODY),
        ({"changes": {"id": "../../evil"}}, Outcome.BAD_JSON),
        ({"changes": {"id": None}}, Outcome.BAD_JSON),
        ({"changes": {"status": None}}, Outcome.BAD_JSON),
        ({"changes": {"output": "words"}}, Outcome.BAD_JSON),
        ({"changes": {"output": [[0.5], None]}}, Outcome.MISSING_VECTOR),
        ({"changes": {"output": [[0.5]]}}, Outcome.WRONG_COUNT),
        ({"changes": {"model": "somebody/else"}}, Outcome.WRONG_MODEL),
    ],
)
def test_what_is_no_answer_has_its_name(changes: dict[str, Any], outcome: Outcome) -> None:
    """And its seconds are billed all the same."""
    with ReplicateServer(**changes) as server:
        fault = refused(server)
    assert fault.outcome is outcome
    if outcome is not Outcome.BAD_JSON:
        assert fault.reported.billed_s == 0.05


def test_an_address_in_an_answer_is_not_called() -> None:
    """A prediction is looked at and cancelled where it was made, whatever its ``urls`` say."""
    with ReplicateServer() as other:
        at = f"{other.base_url}/predictions/x"
        urls = {"get": at, "cancel": f"{at}/cancel", "stream": "http://169.254.169.254/"}
        with ReplicateServer(waits=False, changes={"urls": urls}) as server:
            asked(made(server), [TEXTS])
        with (
            ReplicateServer(waits=False, takes_s=60, changes={"urls": urls}) as slow,
            pytest.raises(Fault),
        ):
            timed(slow, 1.2)
    assert any(line.startswith("GET /v1/predictions/") for line in server.asked)
    assert slow.asked[-1].endswith("/cancel")
    assert other.asked == []


def test_a_wrong_key_is_refused() -> None:
    """By its status."""
    with ReplicateServer() as server:
        assert refused(server, "r8_wrong").outcome is Outcome.UNAUTHORISED


@pytest.mark.parametrize("value", [-1, 1e9, "0.1", True, None])
def test_absurd_metrics_reach_nobody(value: object) -> None:
    """A time that cannot be is not paid and not shown."""
    with ReplicateServer(metrics={"predict_time": value, "total_time": value}) as server:
        (answer,) = asked(made(server), [TEXTS])
    assert answer.reported.billed_s is None
    assert answer.reported.server_ms is None


def test_the_official_client_reads_the_same_server() -> None:
    """Both clients get the same vectors, status and billed time from the same predictions."""
    replicate = pytest.importorskip("replicate")
    with ReplicateServer(queue_s=0.05) as server:
        client = replicate.Client(api_token=KEY, base_url=f"http://127.0.0.1:{server.port}")
        inputs = {"texts": '["one", "Zürich"]'}
        prediction = client.predictions.create(VERSION, input=inputs, wait=True)
        official = client.models.predictions.create(
            model=("openai", "embedder"), input=inputs, wait=1
        )
        client._client.close()
    assert prediction.status == official.status == "succeeded"
    assert prediction.metrics["predict_time"] == 0.05
    for text, vector in zip(TEXTS, prediction.output, strict=True):
        assert np.allclose(vector, vector_of(text, DIMS), atol=1e-7)
