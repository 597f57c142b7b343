"""A thin HTTP/1.1 client with the time of every phase: what general clients do not give.

Nothing is hidden: no retry, no redirect, no proxy but one that was asked for. A connection that
the server had closed while it lay idle is a fault of its own kind: whoever pays says whether the
request is sent again. One connection carries one request at a time; an idle one is used again, the
latest first. Chosen by measuring: it adds about as much to a request as a blocking socket does.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import Callable
from typing import Final

from core.probe.addresses import egress
from core.probe.addresses.egress import Address
from core.probe.records.embedder import ClosedIdle, Fault
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings, now_ns, to_ns
from core.probe.wire.http_answer import Limits, Response, ResponseReader
from core.probe.wire.route import DIRECT, Proxy, Route, open_tunnel

IDLE_NS: Final = to_ns(1.0)
"""A connection that lay idle for so long, and closes when it is used, was closed while it lay: no
server times idle connections out sooner. One that was in use before was closed over the request."""

CONNECT_ATTEMPT_S: Final = 3.0
"""How long an address may keep the next one waiting: a dead IPv6 route answers never."""


class Connection(asyncio.Protocol):
    """One TCP or TLS connection with at most one request on it."""

    def __init__(self, forget: Callable[["Connection"], None]) -> None:
        self._forget = forget
        self._transport: asyncio.Transport | None = None
        self._reader: ResponseReader | None = None
        self._waiter: asyncio.Future[Response] | None = None
        self._timings = Timings()
        self._writing = False
        self.open = False
        self.idle_since_ns = 0
        self.idle_ns = 0
        """How long it had lain idle when it was used last."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called once TCP stands; asyncio has switched Nagle's delay off already."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  TCP and TLS both are
        self.adopt(transport)

    def adopt(self, transport: asyncio.Transport) -> None:
        """Use ``transport`` from now on: TCP first, TLS over it later."""
        self._transport = transport
        # So that resume_writing means "all is out"; with high=0 asyncio's TLS pauses for nothing.
        transport.set_write_buffer_limits(high=1, low=0)
        self.open = True

    @property
    def tcp(self) -> asyncio.Transport:
        """The transport below, for starting TLS on it."""
        assert self._transport is not None  # noqa: S101  made before anybody has the connection
        return self._transport

    async def exchange(self, request: bytes, limits: Limits, timings: Timings) -> Response:
        """Send ``request`` in one write and wait for its answer. Raises Fault."""
        self._timings = timings
        self._reader = ResponseReader(limits, timings)
        self._waiter = asyncio.get_running_loop().create_future()
        if timings.sent_ns is None:
            timings.sent_ns = now_ns()
        self.tcp.write(request)
        if not self._writing:
            timings.request_written_ns = now_ns()
        try:
            return await self._waiter
        finally:
            if self._waiter.done() and not self._waiter.cancelled():
                self._waiter.exception()  # seen, though a cancellation may have come first
            self._reader.release()
            self._reader = self._waiter = None

    @property
    def reusable(self) -> bool:
        """Whether it still stands and everything written has left."""
        return self.open and not self._writing and not self.tcp.is_closing()

    def abort(self) -> None:
        """Close at once."""
        self.open = False
        if self._transport is not None:
            self._transport.abort()

    def pause_writing(self) -> None:
        """Part of a request is still in our hands."""
        self._writing = True

    def resume_writing(self) -> None:
        """All of it is with the operating system."""
        self._writing = False
        if self._timings.request_written_ns is None:
            self._timings.request_written_ns = now_ns()

    def data_received(self, data: bytes) -> None:
        """Bytes of the answer: stamped before anything else is done with them."""
        arrived_ns = now_ns()
        reader, waiter = self._reader, self._waiter
        if reader is None or waiter is None or waiter.done():
            self.abort()  # nobody asked for these
            return
        try:
            reader.feed(data, arrived_ns)
        except Fault as fault:
            waiter.set_exception(fault)
            return
        if reader.finished:
            waiter.set_result(reader.response())

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncio's signature
        """The other side closed, or the network did."""
        lost_ns = now_ns()
        self.open = False
        self._forget(self)
        reader, waiter = self._reader, self._waiter
        if reader is None or waiter is None or waiter.done():
            return
        try:
            self._end(reader, lost_ns)
            waiter.set_result(reader.response())
        except Fault as fault:
            waiter.set_exception(fault)

    def _end(self, reader: ResponseReader, lost_ns: int) -> None:
        """Judge an answer by the end of its connection. Raises Fault."""
        timings = self._timings
        if timings.first_byte_ns is not None:
            reader.end_of_stream()
            timings.completed_ns = lost_ns
        elif timings.new_connection:
            raise Fault(Outcome.RESET, "connection closed before an answer")
        else:
            raise Fault(Outcome.STALE_CONNECTION, "a reused connection closed before an answer")


class TimedTransport:
    """Requests to one address over kept-alive connections."""

    def __init__(
        self,
        address: Address,
        route: Route = DIRECT,
    ) -> None:
        self._address = address
        self._tls = route.tls
        # What is inside is never asked for through a proxy: it would be another place there.
        self._proxy = None if address.direct else route.proxy
        self._ips: tuple[str, ...] = ()
        self._idle: list[Connection] = []
        self._all: set[Connection] = set()

    def open(self) -> None:
        """Load the certificates, so that the first request need not."""
        if self._address.scheme == "https" and self._tls is None:
            self._tls = ssl.create_default_context()

    async def aclose(self) -> None:
        """Close every connection."""
        for connection in tuple(self._all):
            connection.abort()
        await asyncio.sleep(0)  # lets the event loop close the sockets

    async def request(
        self, request: bytes, *, limits: Limits, timeout_s: float, timings: Timings
    ) -> Response:
        """Send one request, ``timeout_s`` in all from now. Raises Fault or EgressError.

        ClosedIdle where the server had closed the connection while nobody used it; the next request
        goes over a new one.
        """
        connection: Connection | None = None
        response: Response | None = None
        try:
            async with asyncio.timeout(timeout_s):
                connection = self._take_idle() or await self._connect(timings)
                response = await connection.exchange(request, limits, timings)
        except Fault as fault:
            if connection is None or not _was_closed_idle(connection, fault):
                raise
            self._drop_idle()
            raise ClosedIdle(fault.outcome, fault.detail) from None
        except TimeoutError:
            raise Fault(Outcome.TIMEOUT, f"no whole answer within {timeout_s:g} s") from None
        finally:
            if connection is not None:
                self._put_back(connection, response)
        return response

    def _drop_idle(self) -> None:
        """Those that lay idle as long are closed as well."""
        for connection in tuple(self._idle):
            connection.abort()
        self._idle.clear()

    def _take_idle(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.reusable:
                connection.idle_ns = now_ns() - connection.idle_since_ns
                return connection
        return None

    def _put_back(self, connection: Connection, response: Response | None) -> None:
        if response is not None and response.reusable and connection.reusable:
            connection.idle_since_ns = now_ns()
            self._idle.append(connection)
        else:
            connection.abort()

    def _forget(self, connection: Connection) -> None:
        self._all.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)

    async def _connect(self, timings: Timings) -> Connection:
        """A new connection to a judged address, each phase stamped. Raises Fault."""
        timings.new_connection = True
        timings.sent_ns = now_ns()
        if self._proxy is not None:
            connection = await self._connect_by_proxy(self._proxy)
        else:
            await self._resolve(timings)
            connection = await self._connect_tcp()
        timings.connected_ns = now_ns()
        if self._tls is not None and self._address.scheme == "https":
            await self._start_tls(connection, self._tls)
            timings.tls_done_ns = now_ns()
        return connection

    async def _resolve(self, timings: Timings) -> None:
        if self._ips:
            return
        try:
            self._ips = await egress.resolve(self._address)
        except OSError as error:
            raise Fault(Outcome.DNS, _system_words(error)) from None
        timings.dns_done_ns = now_ns()

    async def _connect_by_proxy(self, proxy: Proxy) -> Connection:
        """A tunnel. The proxy looks the name up, so what can be judged here is the name."""
        egress.judge_proxied(self._address)
        try:
            _, connection = await open_tunnel(
                proxy, self._address.authority, lambda: Connection(self._forget)
            )
        except OSError as error:
            raise Fault(Outcome.PROXY, f"no proxy: {_system_words(error)}") from None
        assert isinstance(connection, Connection)  # noqa: S101  made two lines above
        self._all.add(connection)
        return connection

    async def _connect_tcp(self) -> Connection:
        """The first address that answers; it comes first from then on."""
        failure: OSError | None = None
        for i, ip in enumerate(self._ips):
            is_last = i == len(self._ips) - 1
            try:
                async with asyncio.timeout(None if is_last else CONNECT_ATTEMPT_S):
                    connection = await self._dial(ip)
            except OSError as error:  # a TimeoutError is one
                failure = error
                continue
            self._ips = (ip, *(other for other in self._ips if other != ip))
            return connection
        assert failure is not None  # noqa: S101  resolve() never returns an empty tuple
        self._ips = ()  # the next connection asks anew, and judges anew: it may have moved
        raise Fault(Outcome.CONNECT, _system_words(failure))

    async def _dial(self, ip: str) -> Connection:
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(self._forget), ip, self._address.port
        )
        self._all.add(connection)
        return connection

    async def _start_tls(self, connection: Connection, tls: ssl.SSLContext) -> None:
        """TLS over a standing connection, verified against the host's name."""
        try:
            secured = await asyncio.get_running_loop().start_tls(
                connection.tcp, connection, tls, server_hostname=self._address.host
            )
        except ssl.SSLCertVerificationError as error:
            connection.abort()
            raise Fault(Outcome.TLS, f"certificate: {error.verify_message}") from None
        except OSError as error:
            connection.abort()
            raise Fault(Outcome.TLS, _system_words(error)) from None
        except asyncio.CancelledError:
            connection.abort()
            raise
        if secured is None:
            raise Fault(Outcome.TLS, "connection closed during the handshake")
        connection.adopt(secured)


def _was_closed_idle(connection: Connection, fault: Fault) -> bool:
    """Whether the server had hardly read the request: it closed a connection that nobody used."""
    return fault.outcome is Outcome.STALE_CONNECTION and connection.idle_ns >= IDLE_NS


def _system_words(error: OSError) -> str:
    """The operating system's reason without address or path."""
    if isinstance(error, ssl.SSLError):
        return error.reason or "handshake failed"
    if isinstance(error, socket.gaierror):
        return error.strerror or "name resolution failed"
    return os.strerror(error.errno) if error.errno else "no connection"
