"""A server of embeddings whose delays, vectors, tokens and faults are known exactly.

Plain asyncio, no framework: what it adds to an injected delay is small, and recorded. It speaks
the documented interface, OpenAI's or by its path one of DIALECTS, and misbehaves on request:
``/fault/<name>/v1`` as the base address, a model called ``fault/<name>``, or a table from request
number to fault.

In a thread: ``with GroundTruthServer(Config(...)) as server: server.base_url``. In a process of
its own: ``with GroundTruthProcess(Config(...)) as server``, the same from outside.
"""

import asyncio
import json
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from heapq import heappop, heappush
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.request import ProxyHandler, build_opener

from tests.servers.delays import Delay
from tests.servers.echo import echo
from tests.servers.embeddings import (
    Ask,
    BadRequestError,
    answer_of,
    error_object,
    tokens_of,
    understand,
)
from tests.servers.faults import FAULTS
from tests.servers.formats.cohere import COHERE
from tests.servers.formats.dialect import Dialect
from tests.servers.formats.google import GOOGLE
from tests.servers.formats.huggingface import HUGGINGFACE
from tests.servers.formats.ollama import OLLAMA
from tests.servers.formats.tei import TEI
from tests.servers.formats.voyage import VOYAGE

DIALECTS = (HUGGINGFACE, COHERE, GOOGLE, VOYAGE, TEI, OLLAMA)
ROOT = Path(__file__).resolve().parents[2]
TURN_S = 0.002
QUIET_TURNS = 5
LINGER_ZERO = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
REASONS = {200: "OK", 307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized"}


@dataclass(frozen=True)
class Config:
    """What the server does, decided before it starts."""

    delay: Delay = field(default_factory=Delay)
    dims: int = 384
    api_key: str | None = None
    """Where set, a request without ``Authorization: Bearer <key>`` gets a 401."""
    faults: Mapping[int, str] = field(default_factory=dict)
    """Fault by the number of the embeddings request, from 0."""
    slower_s: Mapping[str, float] = field(default_factory=dict)
    """Extra time of a model, s, by its name: several targets on one server."""
    requests_left: int | None = None
    """Start of a falling x-ratelimit-remaining-requests header."""
    requests_a_second: int | None = None
    """Rate limit by the clock's second, stated in x-ratelimit-limit-requests; above it 429."""
    new_text_s: float = 0.0
    """What a text takes on top that was not sent before: the server remembers its answers."""
    common_vector: float = 0.0
    """Share of one common vector in the vector of every text."""
    most_texts: int | None = None
    """Texts of a request at most; more get a 413, as from TEI."""
    most_tokens: int | None = None
    """Tokens of a text at most; more get a 413, as from TEI."""
    echoes: bool = False
    """Whether it sends pieces of the key back wherever it can."""
    address: str = "127.0.0.1"
    """Where it listens."""
    pages: Mapping[str, Any] = field(default_factory=dict)
    """JSON by the path of a GET: what it says of itself."""


@dataclass
class Truth:
    """One embeddings request as the server saw it; times on ``time.perf_counter_ns``."""

    seq: int
    connection: int
    model: str
    texts: int
    fault: str | None
    bearer: bool
    """Whether the key came in the header that is its place; its value is not kept."""
    received_ns: int
    delay_s: float = 0.0
    host: str = ""
    """What the Host header said."""
    in_second: int = 0
    """Which request of its second since the server's start it is, from 1."""
    answered_ns: int | None = None
    """When the answer was ready to be written; after a fault, when all of it was."""

    @property
    def service_s(self) -> float:
        """From the last byte of the request until the answer was ready, s."""
        return ((self.answered_ns or 0) - self.received_ns) / 1e9


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class _Line(asyncio.Protocol):
    """One connection of a client."""

    def __init__(self, server: "GroundTruthServer") -> None:
        self._server = server
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None
        self.number = 0
        self.authorization = ""
        self._dialect: Dialect | None = None
        self._keyed = False
        self._truth: Truth | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.number = self._server.greet(self)

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None
        self._server.lines.discard(self)
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._buffer[:1].isalpha():
            self.respond(400, b"{}")  # a TLS handshake, for example
            self.close()
            return
        request = self._take_request()
        if request is not None:
            self._handle(request)

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def respond(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        lines = [
            f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            *(f"{name}: {value}" for name, value in (*self._usual_headers(), *headers)),
        ]
        self.write("\r\n".join([*lines, "", ""]).encode() + body)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def reset(self) -> None:
        if self._transport is not None:
            below = self._transport.get_extra_info("socket")
            below.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
            self._transport.close()

    def gone(self) -> bool:
        return self._transport is None or self._transport.is_closing()

    def _take_request(self) -> _Request | None:
        """A whole request from the buffer, read with our own few lines."""
        top, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return None
        first, *lines = top.decode("latin-1").split("\r\n")
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return None
        self._buffer = rest[length:]
        method, path, _ = first.split(" ", 2)
        return _Request(method, path, headers, rest[:length])

    def _handle(self, request: _Request) -> None:
        received_ns = time.perf_counter_ns()
        self._dialect = next((d for d in DIALECTS if d.serves(request.path)), None)
        key_header = self._dialect.key_header if self._dialect else "authorization"
        scheme = "Bearer " if key_header == "authorization" else ""
        header = request.headers.get(key_header, "")
        self.authorization = header.removeprefix(scheme)
        self._keyed = bool(header) and header.startswith(scheme)
        self._truth = None
        if request.method == "GET" and request.path == "/truth":
            self.respond(200, json.dumps([asdict(t) for t in self._server.truths]).encode())
            return
        page = self._server.config.pages.get(request.path)
        if request.method == "GET" and page is not None:
            self.respond(200, json.dumps(page).encode())
        elif self._dialect is None and not request.path.endswith("/v1/embeddings"):
            self.respond(404, error_object("Unknown request URL", "invalid_request_error"))
        elif request.method != "POST":
            self.respond(405, error_object("Not allowed to GET", "invalid_request_error"))
        elif self._server.config.api_key not in {None, self.authorization}:
            message = f"Incorrect API key provided: {self.authorization}"
            self._refuse(401, message, "invalid_api_key")
        else:
            self._embed(request, received_ns)

    def _refuse(self, status: int, message: str, code: str | None = None) -> None:
        if self._dialect is None:
            self.respond(status, error_object(message, "invalid_request_error", code))
        else:
            self.respond(*self._dialect.refusal(status, message))

    def _embed(self, request: _Request, received_ns: int) -> None:
        dims = self._server.config.dims
        try:
            if self._dialect is None:
                ask = understand(request.body, dims)
            else:
                ask = self._dialect.understand(request.path, request.body, dims)
        except BadRequestError as error:
            self._refuse(400, str(error))
            return
        most = self._server.config.most_texts
        if most is not None and len(ask.texts) > most:
            self._refuse(413, f"batch size {len(ask.texts)} > maximum allowed batch size {most}")
            return
        longest, most = max(map(tokens_of, ask.texts)), self._server.config.most_tokens
        if most is not None and longest > most:
            self._refuse(413, f"`inputs` must have less than {most + 1} tokens. Given: {longest}")
            return
        truth = self._server.note(self.number, request.path, ask, received_ns, bearer=self._keyed)
        truth.host = request.headers.get("host", "")
        ask = replace(ask, common=self._server.config.common_vector)
        self._truth = truth
        if truth.fault is None and truth.delay_s == 0:
            self._answer(ask, truth)
        else:
            self._task = asyncio.get_running_loop().create_task(self._answer_later(ask, truth))

    async def _answer_later(self, ask: Ask, truth: Truth) -> None:
        if truth.delay_s:
            await asyncio.sleep(truth.delay_s - (time.perf_counter_ns() - truth.received_ns) / 1e9)
        if truth.fault is None:
            self._answer(ask, truth)
            return
        own = self._dialect.faults if self._dialect else {}
        await (own.get(truth.fault) or FAULTS[truth.fault])(self, ask)
        truth.answered_ns = time.perf_counter_ns()

    def _answer(self, ask: Ask, truth: Truth) -> None:
        if self._server.config.echoes:
            echo(self, ask, truth.seq)
            return
        body = answer_of(ask)
        truth.answered_ns = time.perf_counter_ns()
        self.respond(200, body)

    def _usual_headers(self) -> list[tuple[str, str]]:
        if self._truth is None:
            return []
        headers = [("openai-processing-ms", f"{self._truth.delay_s * 1e3:.3f}")]
        left = self._server.config.requests_left
        if left is not None:
            count = str(max(0, left - self._truth.seq))
            headers.append(("x-ratelimit-remaining-requests", count))
        limit = self._server.config.requests_a_second
        if limit is not None:
            remaining = str(max(0, limit - self._truth.in_second))
            headers.append(("x-ratelimit-limit-requests", str(limit)))
            headers.append(("x-ratelimit-remaining-requests", remaining))
        return headers


class GroundTruthServer:
    """The server in a thread of this process, on a free loopback port."""

    def __init__(self, config: Config | None = None, *, tls: ssl.SSLContext | None = None) -> None:
        self.config = config or Config()
        self.truths: list[Truth] = []
        self.lines: set[_Line] = set()
        self.connections = 0
        self.port = 0
        self._tls = tls
        self._started_ns = 0
        self._last_s = 0.0
        self._seconds: Counter[int] = Counter()
        self._known: set[str] = set()
        self._free_s: list[float] = []
        """When each replica that has worked is free again, as a heap."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ground-truth", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(timeout=30):
            raise RuntimeError("the ground-truth server did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(timeout=30)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        scheme = "https" if self._tls else "http"
        here = self.config.address == Config.address
        host = "localhost" if self._tls and here else self.config.address
        return f"{scheme}://{host}:{self.port}"

    @property
    def base_url(self) -> str:
        """What a client is given as its base address."""
        return f"{self.origin}/v1"

    def fault_url(self, name: str) -> str:
        """A base address under which every request meets this fault."""
        return f"{self.origin}/fault/{name}/v1"

    def dialect_url(self, dialect: Dialect, fault: str | None = None) -> str:
        """A base address under which this format is spoken, always with this fault."""
        prefix = f"/fault/{fault}" if fault else ""
        return f"{self.origin}{prefix}{dialect.base_path}"

    def greet(self, line: _Line) -> int:
        """Number a new connection, from 1."""
        self.lines.add(line)
        self.connections += 1
        return self.connections

    def note(
        self, connection: int, path: str, ask: Ask, received_ns: int, *, bearer: bool
    ) -> Truth:
        """Record a request and decide what becomes of it."""
        seq = len(self.truths)
        since_start_s = (received_ns - self._started_ns) / 1e9
        truth = Truth(
            seq,
            connection,
            ask.model,
            len(ask.texts),
            self._fault(seq, path, ask.model),
            bearer,
            received_ns,
            self._delay_s(seq, since_start_s, ask),
        )
        second = int(since_start_s)
        self._seconds[second] += 1
        truth.in_second = self._seconds[second]
        limit = self.config.requests_a_second
        if limit is not None and truth.in_second > limit:
            truth.fault = "429"
        self.truths.append(truth)
        return truth

    def _delay_s(self, seq: int, since_start_s: float, ask: Ask) -> float:
        """How long this request waits for its answer, in the queue and in service."""
        delay = self.config.delay
        service_s = self.config.slower_s.get(ask.model, 0.0) + delay.of(
            seq,
            since_start_s,
            texts=len(ask.texts),
            tokens=sum(tokens_of(text) for text in ask.texts) if delay.per_token_s else 0,
            silent_s=since_start_s - self._last_s,
        )
        self._last_s = since_start_s
        if not self._known.issuperset(ask.texts):
            service_s += self.config.new_text_s
            self._known.update(ask.texts)
        if not delay.replicas:
            return service_s
        free_s = heappop(self._free_s) if len(self._free_s) == delay.replicas else 0.0
        ends_s = max(free_s, since_start_s) + service_s
        heappush(self._free_s, ends_s)
        return ends_s - since_start_s

    def _fault(self, seq: int, path: str, model: str) -> str | None:
        if seq in self.config.faults:
            return self.config.faults[seq]
        for name in (path.removeprefix("/"), model):
            prefix, _, rest = name.partition("/")
            if prefix == "fault":
                return rest.split("/")[0]
        return None

    def _run(self) -> None:
        asyncio.run(self.serve())

    async def serve(self) -> None:
        """Serve until stopped."""
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        server = await self._loop.create_server(
            lambda: _Line(self), self.config.address, 0, ssl=self._tls, backlog=1024
        )
        self.port = server.sockets[0].getsockname()[1]
        self._started_ns = time.perf_counter_ns()
        self._ready.set()
        await self._stop.wait()
        server.close()
        await self._see_them_off()

    async def _see_them_off(self) -> None:
        """Close all connections and wait until they are; one just accepted appears turns later."""
        quiet_turns = 0
        while quiet_turns < QUIET_TURNS:
            for line in tuple(self.lines):
                line.close()
            await asyncio.sleep(TURN_S)
            for line in tuple(self.lines):
                line.abort()
            quiet_turns = 0 if self.lines else quiet_turns + 1


class GroundTruthProcess:
    """The server in a process of its own, so that it does not share this one's interpreter."""

    def __init__(self, config: Config | None = None) -> None:
        self._config = config or Config()
        self._process: subprocess.Popen[str] | None = None
        self.origin = ""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.ground_truth", json.dumps(asdict(self._config))],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.origin = self._process.stdout.readline().strip()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.communicate()  # closes its input, which ends it
            self._process = None

    @property
    def base_url(self) -> str:
        """What a client is given as its base address."""
        return f"{self.origin}/v1"

    def fault_url(self, name: str) -> str:
        """A base address under which every request meets this fault."""
        return f"{self.origin}/fault/{name}/v1"

    @property
    def truths(self) -> list[Truth]:
        """Everything recorded so far."""
        with build_opener(ProxyHandler({})).open(f"{self.origin}/truth", timeout=30) as answer:
            return [Truth(**row) for row in json.load(answer)]


def config_of(document: dict[str, Any]) -> Config:
    """A Config from what :func:`dataclasses.asdict` made of it and JSON carried."""
    faults = {int(seq): name for seq, name in document.pop("faults").items()}
    return Config(delay=Delay(**document.pop("delay")), faults=faults, **document)


def main() -> None:
    """Serve with the Config given as JSON until standard input closes; print the origin."""
    with GroundTruthServer(config_of(json.loads(sys.argv[1]))) as server:
        sys.stdout.write(f"{server.origin}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
