"""Clients to compare the probe's transport with: each sends a text and gives what it reports.

Everything runs one request at a time or by workers in one event loop, as a load generator would.
"""

import asyncio
import base64
import socket
import time
from typing import Protocol

import aiohttp
import httpx
import numpy as np
import openai
import orjson

from core.catalog.schema import Endpoint, WireFormat
from core.probe.answers.answer_check import AnswerCheck
from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.timings import Timings

TEXT = "How long does a refund take to arrive?"
DIMENSIONS = 384
TIMEOUT_S = 30.0


class Client(Protocol):
    """One client; its name is also the model it asks for, so that the server can tell them."""

    name: str

    async def open(self) -> None:
        """Get ready."""

    async def aclose(self) -> None:
        """Close what is open."""

    async def request(self) -> float:
        """One request, its vector decoded; returns the service time that the client sees, s."""
        ...


def target(base_url: str, model: str = "m") -> ApiTarget:
    """The server as the probe's target."""
    endpoint = Endpoint.model_validate({"wire": WireFormat.OPENAI_COMPATIBLE, "base_url": base_url})
    return ApiTarget(endpoint=endpoint, wire_model=model, allow_loopback=True)


def document(model: str) -> dict[str, object]:
    """What every client sends."""
    return {"model": model, "input": [TEXT], "encoding_format": "base64"}


def check_vector(body: bytes) -> None:
    """Take the vector out of an answer; raises where there is none."""
    (entry,) = orjson.loads(body)["data"]
    vector = np.frombuffer(base64.b64decode(entry["embedding"]), dtype="<f4")
    if vector.shape != (DIMENSIONS,) or not np.isfinite(vector).all():
        raise ValueError("no vector")


class RawSocket:
    """The floor: a blocking socket that sends prepared bytes and stamps the last one received."""

    name = "blocking socket"

    def __init__(self, origin: str) -> None:
        self._host, port = origin.removeprefix("http://").split(":")
        self._port = int(port)
        body = orjson.dumps(document(self.name))
        self._request = (
            f"POST /v1/embeddings HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body
        self._socket: socket.socket | None = None

    async def open(self) -> None:
        """Connect."""
        self._socket = socket.create_connection((self._host, self._port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    async def aclose(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()

    async def request(self) -> float:
        """Blocks; nothing is decoded."""
        return self.blocking()

    def blocking(self) -> float:
        """Service time of one request, s."""
        assert self._socket is not None
        began = time.perf_counter()
        self._socket.sendall(self._request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._socket.recv(65_536)
        head, _, body = answer.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        received = len(body)
        while received < length:
            received += len(self._socket.recv(65_536))
        return time.perf_counter() - began


class Probe:
    """Ours: decoded and checked in full, timed to the last byte as its samples are."""

    name = "the probe"

    def __init__(self, base_url: str) -> None:
        self._embedder = OpenAICompatible(target(base_url, self.name), None)
        self._check = AnswerCheck(asked_model=self.name, expected_dims=DIMENSIONS)

    async def open(self) -> None:
        """Load what it needs."""
        await self._embedder.open()

    async def aclose(self) -> None:
        """Close its connections."""
        await self._embedder.aclose()

    async def request(self) -> float:
        """The times of its own sample."""
        timings = Timings()
        answer = await self._embedder.embed([TEXT], timeout_s=TIMEOUT_S, timings=timings)
        self._check.judge([TEXT], answer)
        return ((timings.completed_ns or 0) - (timings.sent_ns or 0)) / 1e9


class AioHttp:
    """aiohttp as its documentation uses it."""

    name = "aiohttp"

    def __init__(self, base_url: str) -> None:
        self._url = f"{base_url}/embeddings"
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """A session with as many connections as are wanted."""
        connector = aiohttp.TCPConnector(limit=0)
        self._session = aiohttp.ClientSession(connector=connector)

    async def aclose(self) -> None:
        """Close its connections."""
        if self._session is not None:
            await self._session.close()
            await asyncio.sleep(0)

    async def request(self) -> float:
        """Timed around the whole call until the body is there."""
        assert self._session is not None
        began = time.perf_counter()
        async with self._session.post(self._url, json=document(self.name)) as response:
            body = await response.read()
        took_s = time.perf_counter() - began
        check_vector(body)
        return took_s


class Httpx:
    """httpx's asynchronous client."""

    name = "httpx"

    def __init__(self, base_url: str) -> None:
        self._url = f"{base_url}/embeddings"
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        self._client = httpx.AsyncClient(limits=limits, timeout=TIMEOUT_S, trust_env=False)

    async def open(self) -> None:
        """It is open."""

    async def aclose(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def request(self) -> float:
        """Timed around the whole call."""
        began = time.perf_counter()
        response = await self._client.post(self._url, json=document(self.name))
        took_s = time.perf_counter() - began
        check_vector(response.content)
        return took_s


class OpenAISdk:
    """OpenAI's own asynchronous client, without its retries."""

    name = "openai SDK"

    def __init__(self, base_url: str) -> None:
        self._client = openai.AsyncOpenAI(
            base_url=base_url, api_key="none", max_retries=0, timeout=TIMEOUT_S
        )

    async def open(self) -> None:
        """It is open."""

    async def aclose(self) -> None:
        """Close its connections."""
        await self._client.close()

    async def request(self) -> float:
        """Timed around the whole call, which decodes by itself."""
        began = time.perf_counter()
        answer = await self._client.embeddings.create(model=self.name, input=[TEXT])
        took_s = time.perf_counter() - began
        if len(answer.data[0].embedding) != DIMENSIONS:
            raise ValueError("no vector")
        return took_s
