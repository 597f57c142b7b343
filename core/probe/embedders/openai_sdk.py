"""The same request through OpenAI's own client: what its convenience costs a call can be seen so.

https://github.com/openai/openai-python . It is asked not to retry, not to follow redirects and to
read nothing from the environment; its connections go to judged addresses alone. The end of a
request is when it hands the vectors over, so that its own work is part of the time.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, Literal

import httpx2
import numpy as np
from pydantic import SecretStr

from core.catalog.schema import AUTHORIZATION
from core.errors import EgressError, RunError
from core.probe.addresses import egress
from core.probe.embedders.bodies.answer_body import stacked, whole_number
from core.probe.embedders.bodies.refused import refusal_of, refuses_base64, said_in_refusal
from core.probe.embedders.formats.json_post import (
    BODY_BYTES,
    BODY_BYTES_PER_TEXT,
    ONLY_OK,
    sendable_key,
)
from core.probe.embedders.formats.server_headers import reported_by
from core.probe.records.embedder import (
    ASKED_FOR_FLOAT,
    Answer,
    AskedOtherwise,
    Fault,
    Reported,
)
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings, now_ns
from core.probe.wire.http_answer import Response
from core.probe.wire.route import DIRECT, Route


class OpenAISDK:
    """Embeds with ``client.embeddings.create`` for each request."""

    def __init__(self, target: ApiTarget, key: SecretStr | None, *, route: Route = DIRECT) -> None:
        """Raises EgressError for a forbidden address and RunError for an impossible key."""
        self._address = target.address(route.reach)
        if route.proxy is not None and not self._address.direct:
            raise RunError("Probing through OpenAI's client and a proxy at once is not possible.")
        self._key = sendable_key(key)
        self._route = route
        self._model = target.wire_model
        self._asked: dict[str, Any] = (
            {} if target.dimensions is None else {"dimensions": target.dimensions}
        )
        self._endpoint = target.endpoint
        self._headers: dict[str, Any] = {}
        self._client: Any = None

    async def open(self) -> None:
        """Import the client, which takes half a second: not before it is asked for."""
        if self._client is not None:
            return
        import openai  # noqa: PLC0415 - for this target alone

        self._headers = self._key_headers(openai.Omit())
        self._client = openai.AsyncOpenAI(
            api_key=self._key.get_secret_value() or "none",
            base_url=self._address.url,
            max_retries=0,
            default_headers={"Accept-Encoding": "identity"},
            default_query=dict(self._endpoint.query),
            http_client=httpx2.AsyncClient(
                transport=_Judged(self._address, self._route.tls),
                follow_redirects=False,
                trust_env=False,
            ),
        )

    def _key_headers(self, leave_out: Any) -> dict[str, Any]:
        """Where the key goes to another header than the client's own, and not to that."""
        name, key = self._endpoint.key_header, self._key.get_secret_value()
        if name.lower() == AUTHORIZATION.lower():
            return {}
        return {AUTHORIZATION: leave_out} | ({name: key} if key else {})

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    async def embed(self, texts: Sequence[str], *, timeout_s: float, timings: Timings) -> Answer:
        """One call. Raises Fault where it brings no answer, EgressError for a forbidden IP."""
        call = _Call(timings, BODY_BYTES + BODY_BYTES_PER_TEXT * len(texts))
        token = _CALL.set(call)
        timings.sent_ns = now_ns()
        try:
            async with asyncio.timeout(timeout_s):
                answer = await self._client.embeddings.create(
                    model=self._model,
                    input=list(texts),
                    timeout=timeout_s,
                    extra_headers=self._headers,
                    extra_body=dict(self._endpoint.body),
                    **self._asked,
                )
            timings.completed_ns = now_ns()
            return _read(answer, call.reported)
        except TimeoutError:
            raise Fault(Outcome.TIMEOUT, f"no whole answer within {timeout_s:g} s") from None
        except (Fault, EgressError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever the client raises gets its name
            refused = partial(self._refusal, error, call, texts)
            raise _named(error, call, timeout_s, refused) from None
        finally:
            _CALL.reset(token)

    def _asked_otherwise(self, fault: Fault) -> Fault:
        """A refusal of base64, after which numbers are asked for; else the fault as it is."""
        chosen = "encoding_format" in self._endpoint.body or "encoding_format" in self._asked
        if chosen or not refuses_base64(fault):
            return fault
        self._asked["encoding_format"] = "float"
        return AskedOtherwise(
            fault.outcome, fault.detail, reported=fault.reported, note=ASKED_FOR_FLOAT
        )

    def _refusal(self, error: Exception, call: "_Call", texts: Sequence[str]) -> Fault:
        """The fault of a status that is no answer, with the server's own sentence, cleaned."""
        body = getattr(getattr(error, "response", None), "content", b"")
        sentence = said_in_refusal(body, texts, self._key.get_secret_value())
        asked = f"POST {self._address.path}/embeddings"
        fault = refusal_of(call.status, replace(call.reported, said=sentence), body, asked)
        return self._asked_otherwise(fault)


@dataclass(slots=True)
class _Call:
    """One call, for the transport below the client, which knows nothing of calls."""

    timings: Timings
    most_bytes: int
    status: int = 0
    reported: Reported = field(default_factory=Reported)
    fault: Exception | None = None


_CALL: ContextVar[_Call] = ContextVar("call")


class _Judged(httpx2.AsyncBaseTransport):
    """Connects to judged addresses alone, notes the times, and takes in no more than the cap."""

    def __init__(self, address: egress.Address, tls: ssl.SSLContext | None) -> None:
        self._address = address
        self._ips: tuple[str, ...] = ()
        verify: ssl.SSLContext | Literal[True] = tls or True
        self._inner = httpx2.AsyncHTTPTransport(
            verify=verify, trust_env=False, limits=httpx2.Limits(max_keepalive_connections=1_024)
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """One request to the address, whatever its name means by now."""
        call = _CALL.get()
        try:
            await self._resolve(call.timings)
        except (Fault, EgressError) as error:
            call.fault = error
            raise
        request.extensions |= {
            "sni_hostname": self._address.host,
            "trace": _Stamps(call.timings),
        }
        response = await self._from_any_address(request)
        call.status = response.status_code
        headers = {name.lower(): value for name, value in response.headers.items()}
        call.reported = reported_by(Response(response.status_code, headers, b"", reusable=True))
        _refuse_encoding(headers, call)
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101  by its contract
        response.stream = _Capped(response.stream, call)
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()

    async def _from_any_address(self, request: httpx2.Request) -> httpx2.Response:
        """The first address that answers; it comes first from then on."""
        for ip in self._ips[:-1]:
            request.url = request.url.copy_with(host=ip)
            with suppress(httpx2.ConnectError, httpx2.ConnectTimeout):
                response = await self._inner.handle_async_request(request)
                self._ips = (ip, *(other for other in self._ips if other != ip))
                return response
        request.url = request.url.copy_with(host=self._ips[-1])
        try:
            response = await self._inner.handle_async_request(request)
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            self._ips = ()  # the next call asks anew, and judges anew: it may have moved
            raise
        self._ips = (self._ips[-1], *self._ips[:-1])
        return response

    async def _resolve(self, timings: Timings) -> None:
        if self._ips:
            return
        try:
            self._ips = await egress.resolve(self._address)
        except OSError as error:
            raise Fault(Outcome.DNS, error.strerror or "name resolution failed") from None
        timings.dns_done_ns = now_ns()


def _refuse_encoding(headers: dict[str, str], call: _Call) -> None:
    """A compressed body would be inflated without end below the client."""
    if headers.get("content-encoding", "identity") != "identity":
        call.fault = Fault(Outcome.BAD_HTTP, "an encoding that was not asked for")
        raise call.fault


class _Stamps:
    """Notes when the phases of a request end."""

    _FIELDS: Final = {
        "connection.connect_tcp.complete": "connected_ns",
        "connection.start_tls.complete": "tls_done_ns",
        "http11.send_request_body.complete": "request_written_ns",
        "http11.receive_response_headers.complete": "first_byte_ns",
    }

    def __init__(self, timings: Timings) -> None:
        self._timings = timings

    async def __call__(self, event: str, _info: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.started":
            self._timings.new_connection = True
        name = self._FIELDS.get(event)
        if name is not None:
            setattr(self._timings, name, now_ns())


class _Capped(httpx2.AsyncByteStream):
    """The body of an answer, as far as it is allowed to be long."""

    def __init__(self, inner: httpx2.AsyncByteStream, call: _Call) -> None:
        self._inner = inner
        self._call = call

    async def __aiter__(self) -> AsyncIterator[bytes]:
        taken = 0
        async for piece in self._inner:
            taken += len(piece)
            if taken > self._call.most_bytes:
                mebibytes = self._call.most_bytes / 2**20
                self._call.fault = Fault(Outcome.TOO_LARGE, f"body above {mebibytes:.3g} MiB")
                raise self._call.fault
            yield piece

    async def aclose(self) -> None:
        """Give the connection back, or up."""
        await self._inner.aclose()


def _read(answer: Any, reported: Reported) -> Answer:
    """The vectors that the client decoded. Raises Fault where it let something else through."""
    data = getattr(answer, "data", None)
    if not isinstance(data, list):
        raise Fault(Outcome.BAD_JSON, "the client gave no list 'data'", reported=reported)
    usage = getattr(answer, "usage", None)
    tokens = whole_number(getattr(usage, "total_tokens", None))
    model = getattr(answer, "model", None)
    try:
        vectors = stacked([_vector(getattr(item, "embedding", None)) for item in data])
    except Fault as fault:
        raise Fault(fault.outcome, fault.detail, reported=reported, tokens_billed=tokens) from None
    positions = tuple(
        index if (index := whole_number(getattr(item, "index", None))) is not None else -1
        for item in data
    )
    return Answer(
        vectors,
        positions,
        tokens_billed=tokens,
        model=model if isinstance(model, str) else None,
        reported=reported,
    )


def _vector(value: Any) -> np.ndarray[Any, np.dtype[np.float32]]:
    try:
        vector = np.array(value, dtype=np.float32)
    except (TypeError, ValueError):
        vector = np.empty((0, 0), dtype=np.float32)
    if vector.ndim != 1 or not isinstance(value, list):
        raise Fault(Outcome.MISSING_VECTOR, "a vector that is no flat list of numbers")
    return vector


def _named(
    error: Exception, call: _Call, timeout_s: float, refused: Callable[[], Fault]
) -> Exception:
    """What the client's error means here; its text may hold what the server sent."""
    if call.fault is not None:
        return call.fault
    chain = _chain(error)
    if any(isinstance(link, httpx2.TimeoutException) for link in chain):
        return Fault(Outcome.TIMEOUT, f"no whole answer within {timeout_s:g} s")
    if call.status and call.status not in ONLY_OK:
        return refused()
    if any(isinstance(link, ssl.SSLError) for link in chain):
        return Fault(Outcome.TLS, "handshake failed")
    if any(isinstance(link, httpx2.ConnectError) for link in chain):
        return Fault(Outcome.CONNECT, "no connection")
    if any(isinstance(link, httpx2.RemoteProtocolError) for link in chain):
        return Fault(Outcome.BAD_HTTP, "not HTTP/1.1, or cut off", reported=call.reported)
    if any(isinstance(link, httpx2.TransportError) for link in chain):
        return Fault(Outcome.RESET, "connection lost", reported=call.reported)
    return Fault(
        Outcome.BAD_JSON, f"the client failed ({type(error).__name__})", reported=call.reported
    )


def _chain(error: BaseException) -> list[BaseException]:
    """An error and what it came from."""
    links: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and len(links) < 10:
        links.append(link)
        link = link.__cause__ or link.__context__
    return links
