"""Checks Host and Origin of every request: a call by a strange name is refused."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.server.addresses import Address, OwnAddresses
from dashboard.server.headers import safety_headers

DENIAL: Final = "websocket.http.response"
"""The extension of ASGI by which the opening of a WebSocket is refused with a whole answer."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not let in, as its sender reads it."""

    status: HTTPStatus
    sentence: str


NO_HOST: Final = Refusal(
    HTTPStatus.BAD_REQUEST, "A request must say with one Host header, name:port, whom it asks."
)
STRANGE_HOST: Final = Refusal(
    HTTPStatus.MISDIRECTED_REQUEST,
    "The page does not go by this name. Its owner can add it to BREAKEVEN_ALLOWED_HOSTS.",
)
STRANGE_ORIGIN: Final = Refusal(
    HTTPStatus.FORBIDDEN,
    "Another site's script may not ask this page. Its owner can add a name to "
    "BREAKEVEN_ALLOWED_HOSTS.",
)
FAULT: Final = Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal Server Error")


class Gate:
    """ASGI middleware: judges Host and Origin of every request, and puts headers on every answer.

    Only the Host header itself counts, of which a browser sends one: a script cannot set it,
    but it can set ``X-Forwarded-Host``.
    """

    def __init__(self, app: ASGIApp, own: OwnAddresses) -> None:
        self.app = app
        self.own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or refuse it; what is no request passes."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        answer = _Answer(scope, receive, send)
        refusal = self._refusal(scope)
        if refusal is not None:
            await answer.refuse(refusal)
            return
        await self._let_in(_as_called(scope), receive, answer)

    async def _let_in(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            await self.app(scope, receive, answer.send)
        except Exception:
            # Answered here, for what answers it further out puts no headers on.
            await answer.refuse(FAULT)
            raise

    def _refusal(self, scope: Scope) -> Refusal | None:
        hosts = _values(scope, b"host")
        host = Address.read(hosts[0]) if len(hosts) == 1 else None
        if host is None:
            return NO_HOST
        if not self.own.answer_to(host):
            return STRANGE_HOST
        origins = _values(scope, b"origin")
        if not origins and scope["type"] == "http":
            return None  # no script of another site: its browser would say so
        origin = Address.of_origin(origins[0]) if len(origins) == 1 else None
        own = origin is not None and self.own.include_origin(origin, host)
        return None if own else STRANGE_ORIGIN


class _Answer:
    """An answer on its way out, with the headers that keep the page to itself."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._begun = False

    async def send(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "websocket.close" and not self._begun and self._can_deny:
            # Not yet open: else the server would answer by itself, without the headers.
            await self.refuse(STRANGE_ORIGIN)
            return
        if message["type"] == "websocket.accept":
            self._begun = True
        elif message["type"].endswith("response.start"):
            self._begun = True
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in safety_headers():
                headers[name.decode()] = value.decode()
        await self._send(message)

    async def refuse(self, refusal: Refusal) -> None:
        """Answer with a sentence, unless something was answered already."""
        if self._begun:
            return
        if self._scope["type"] == "websocket" and not self._can_deny:
            await self._send({"type": "websocket.close", "code": 1008})
            return
        response = PlainTextResponse(refusal.sentence, refusal.status)
        await response(self._scope, self._receive, self.send)

    @property
    def _can_deny(self) -> bool:
        return DENIAL in (self._scope.get("extensions") or {})


def _values(scope: Scope, name: bytes) -> list[bytes]:
    return [value for key, value in scope["headers"] if key.lower() == name]


def _as_called(scope: Scope) -> Scope:
    """Give a WebSocket the name that its browser called, which a proxy may have replaced.

    Streamlit asks the internet for this computer's own address to judge a difference.
    """
    if scope["type"] != "websocket":
        return scope
    called = _values(scope, b"origin")[0].partition(b"://")[2]
    headers = [
        (key, called if key.lower() == b"host" else value) for key, value in scope["headers"]
    ]
    return {**scope, "headers": headers}
