"""Asks a server beside the measurement: judged like the probe, small, quick, without a redirect.

The one place that knows where such a question may go: the address is judged as the probe's is, the
name is resolved once, and the connection goes to the judged address. What beyond the internet may
be called, the route says. Nothing is read from the environment: no proxy, no password file.
"""

import asyncio
import ssl
from types import TracebackType
from typing import Any, Final, Literal, Self

import httpx2
import orjson
from pydantic import SecretStr

from core.catalog.schema import AUTHORIZATION, header_of_key
from core.errors import RunError
from core.probe.addresses.egress import Address, judge_url, resolve
from core.probe.embedders.formats.json_post import sendable_key
from core.probe.recognise.answer_fields import OK, Answered
from core.probe.wire.route import DIRECT, Route

MOST_BYTES: Final = 64 * 1024
ONE_S: Final = 2.0
"""A question and its whole answer take no longer."""
CONNECT_S: Final = 0.7
"""How long an address may keep the next one waiting: a dead IPv6 route answers never."""
AT_ONCE: Final = 3
BEARER: Final = AUTHORIZATION
REDIRECTS: Final = range(300, 400)


class Asking:
    """Questions to one server; use as an asynchronous context manager."""

    def __init__(
        self,
        url: str,
        *,
        route: Route = DIRECT,
        key: SecretStr | None = None,
        key_header: str = BEARER,
    ) -> None:
        """``url``: the server's root. Raises EgressError and RunError; nothing is sent."""
        self._address: Address = judge_url(url, route.reach)
        if route.proxy is not None and not self._address.direct:
            raise RunError(
                "A server behind a proxy is not asked what it is: give the name of its model."
            )
        self._headers = _headers(self._address, sendable_key(key), key_header)
        verify: ssl.SSLContext | Literal[True] = route.tls or True
        self._transport = httpx2.AsyncHTTPTransport(verify=verify, trust_env=False)
        self._ips: tuple[str, ...] = ()
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def __aenter__(self) -> Self:
        """Resolve and judge. Raises EgressError, and RunError for a name that nobody knows."""
        try:
            async with asyncio.timeout(ONE_S):
                self._ips = await resolve(self._address)
        except OSError as error:  # TimeoutError is one
            await self._transport.aclose()
            words = error.strerror or "nobody says in time"
            raise RunError(f"{self._address.host} has no address here ({words}).") from None
        except BaseException:
            await self._transport.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._transport.aclose()

    @property
    def authority(self) -> str:
        """Host and port, for a sentence."""
        return self._address.authority

    async def ask(
        self,
        path: str,
        question: dict[str, str] | None = None,
        *,
        most_bytes: int = MOST_BYTES,
        timeout_s: float = ONE_S,
    ) -> Answered:
        """GET a path below the root, or POST a question to it. What goes wrong is in the answer."""
        try:
            async with self._turn, asyncio.timeout(timeout_s):
                return await self._from_any_address(path, question, most_bytes)
        except TimeoutError:
            return Answered(why=f"no whole answer within {timeout_s:g} s")
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            return Answered(why="no connection")
        except (httpx2.HTTPError, httpx2.StreamError, ssl.SSLError, OSError):
            return Answered(why="no HTTP answer")

    async def _from_any_address(
        self, path: str, question: dict[str, str] | None, most_bytes: int
    ) -> Answered:
        for ip in self._ips[:-1]:
            try:
                return await self._from(ip, path, question, most_bytes)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue
        return await self._from(self._ips[-1], path, question, most_bytes)

    async def _from(
        self, ip: str, path: str, question: dict[str, str] | None, most_bytes: int
    ) -> Answered:
        address = self._address
        url = httpx2.URL(
            scheme=address.scheme, host=ip, port=address.port, path=f"{address.path}{path}"
        )
        method, content = ("GET", None) if question is None else ("POST", orjson.dumps(question))
        request = httpx2.Request(
            method,
            url,
            headers=self._headers,
            content=content,
            extensions={"sni_hostname": address.host, "timeout": {"connect": CONNECT_S}},
        )
        response = await self._transport.handle_async_request(request)
        try:
            return await _read(response, most_bytes)
        finally:
            await response.aclose()


def _headers(address: Address, key: SecretStr, key_header: str) -> dict[str, str]:
    """What each question says of itself. Raises RunError for a header that is none."""
    headers = {
        "Host": address.host_header,
        "User-Agent": "breakeven-recognise",
        "Accept": "application/json, text/plain",
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
    }
    try:
        header_of_key(key_header)
    except ValueError:
        raise RunError(
            "The header of the key is no name of a header: give one such as api-key."
        ) from None
    secret = key.get_secret_value()
    if secret:
        bearer = key_header.lower() == BEARER.lower()
        headers[key_header] = f"Bearer {secret}" if bearer else secret
    return headers


async def _read(response: httpx2.Response, most_bytes: int) -> Answered:
    status = response.status_code
    if status in REDIRECTS:
        return Answered(status, why=f"status {status}, and redirects are not followed")
    if status != OK:
        return Answered(status)
    if response.headers.get("content-encoding", "identity") != "identity":
        return Answered(status, why="an encoding that was not asked for")
    body = b""
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > most_bytes:
            return Answered(status, why=f"more than {most_bytes // 1024} kB")
    return _understood(status, body)


def _understood(status: int, body: bytes) -> Answered:
    text = body.decode("utf-8", "replace")
    try:
        document: Any = orjson.loads(body)  # it refuses what is nested without end
    except orjson.JSONDecodeError:
        return Answered(status, text=text)
    return Answered(status, document, text)
