"""An endpoint's own header, query and fields reach the wire, in every format, by both clients."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import SecretStr

from core.catalog.schema import Endpoint
from core.errors import RunError
from core.probe.embedders.by_name import make_embedder
from core.probe.records.embedder import Answer, Fault
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.timings import Timings
from tests.probe.support import KEY
from tests.servers.embeddings import answer_of, understand
from tests.servers.talking import Asked, Said, talking

FIELDS = {"input_type": "query", "truncate": True, "dimensions": 16, "weight": 0.5}


def embedded(client: str, **fields: Any) -> tuple[Answer, Asked]:
    """One request to such an endpoint, and what arrived there."""

    def answer(asked: Asked) -> Said:
        return Said(200, answer_of(understand(asked.body, 8)))

    with talking(answer) as server:
        endpoint = Endpoint.model_validate(
            {"wire": "openai_compatible", "base_url": f"{server.origin}/openai/v1"} | fields
        )
        target = ApiTarget.model_validate(
            {
                "endpoint": endpoint,
                "wire_model": "m",
                "allow_loopback": True,
                "client": client,
            }
        )

        async def one() -> Answer:
            embedder = make_embedder(target, SecretStr(KEY))
            await embedder.open()
            try:
                return await embedder.embed(["one"], timeout_s=10.0, timings=Timings())
            finally:
                await embedder.aclose()

        found = asyncio.run(one())
        (asked,) = server.asked
        return found, asked


@pytest.mark.parametrize("client", ["probe", "openai_sdk"])
def test_header_query_and_fields_arrive_as_they_were_typed(client: str) -> None:
    """The key stands alone in its header, values are percent-encoded, JSON keeps its types."""
    query = {"api-version": "2024-10-21", "filter": "ü&=?# x"}
    answer, asked = embedded(client, key_header="api-key", query=query, body=FIELDS)
    assert answer.vectors.shape == (1, 16)
    assert asked.headers["api-key"] == KEY
    assert "authorization" not in asked.headers
    parts = urlsplit(asked.path)
    assert parts.path == "/openai/v1/embeddings"
    assert dict(parse_qsl(parts.query)) == query
    sent = json.loads(asked.body)
    assert {name: sent[name] for name in FIELDS} == FIELDS
    assert (sent["model"], sent["input"]) == ("m", ["one"])


@pytest.mark.parametrize("client", ["probe", "openai_sdk"])
def test_without_them_the_request_is_as_it_was(client: str) -> None:
    """A bearer token, no query, and the format's own fields alone."""
    _, asked = embedded(client)
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.path == "/openai/v1/embeddings"
    assert set(json.loads(asked.body)) == {"model", "input", "encoding_format"}


def test_a_bearer_token_may_be_named_in_any_case() -> None:
    """Header names have none."""
    _, asked = embedded("probe", key_header="authorization")
    assert asked.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("wire", "body", "place"),
    [
        ("cohere", {"input_type": "search_query"}, lambda sent: sent),
        ("voyage", {"input_type": "query"}, lambda sent: sent),
        ("tei", {"truncate": True, "normalize": False}, lambda sent: sent),
        ("ollama", {"truncate": True, "keep_alive": "5m"}, lambda sent: sent),
        ("huggingface", {"normalize": True}, lambda sent: sent),
        ("google", {"taskType": "RETRIEVAL_QUERY"}, lambda sent: sent["requests"][0]),
        ("replicate", {"normalize": True}, lambda sent: sent["input"]),
    ],
)
def test_every_format_takes_them_where_they_belong(wire: str, body: Any, place: Any) -> None:
    """Before the format's own: what is typed is what is asked."""
    with talking(lambda _: Said(418, b"{}")) as server:
        endpoint = {"wire": wire, "base_url": server.origin, "body": body}
        target = ApiTarget.model_validate(
            {"endpoint": endpoint, "wire_model": "owner/m", "allow_loopback": True}
        )

        async def one() -> None:
            embedder = make_embedder(target, SecretStr(KEY))
            try:
                await embedder.embed(["one"], timeout_s=5.0, timings=Timings())
            finally:
                await embedder.aclose()

        with pytest.raises(Fault, match="418"):
            asyncio.run(one())
        sent = place(json.loads(server.asked[0].body))
    assert {name: sent[name] for name in body} == body


def test_a_key_that_no_header_holds_is_refused_for_any_header() -> None:
    """As for a bearer token."""
    endpoint = {
        "wire": "tei",
        "base_url": "http://127.0.0.1:9",
        "key_header": "api-key",
    }
    target = ApiTarget.model_validate(
        {"endpoint": endpoint, "wire_model": "m", "allow_loopback": True}
    )
    with pytest.raises(RunError, match="line break"):
        make_embedder(target, SecretStr("one\r\nHost: evil"))
