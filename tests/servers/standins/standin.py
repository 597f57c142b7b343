"""A small HTTP server that answers as another one's documentation says, and notes its questions.

Plain http.server in a thread; embeddings are those of tests/servers/embeddings.py.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.servers.embeddings import BadRequestError, answer_of, error_object, understand

Page = Any
"""JSON, or text as it stands, or a function of the stand-in that gives one of them."""


@dataclass(frozen=True)
class Asked:
    """One request as the stand-in saw it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class StandIn:
    """Pages by their path, or by method and path where it is no GET."""

    pages: Mapping[str, Page]
    embeddings: str = "/v1/embeddings"
    """Where it embeds; "" for nowhere."""
    key: str = ""
    """Where set, a request without it gets a 401."""
    key_header: str = "authorization"
    without_key: tuple[str, ...] = ()
    """Pages that want none."""
    asked: list[Asked] = field(default_factory=list)
    embedded: int = 0
    """Requests for embeddings that were answered."""

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def authority(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://{self.authority}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in its order."""
        return [one.path for one in self.asked]

    def answer(self, asked: Asked) -> tuple[int, bytes, str]:
        """Status, body and its type."""
        self.asked.append(asked)
        shut = bool(self.key) and asked.path not in self.without_key
        if shut and self.key not in asked.headers.get(self.key_header, ""):
            return 401, error_object("no key", "invalid_request_error"), "application/json"
        if asked.method == "POST" and asked.path == self.embeddings:
            return self._embed(asked.body)
        name = asked.path if asked.method == "GET" else f"{asked.method} {asked.path}"
        page = self.pages.get(name)
        if page is None:
            return 404, b'{"detail":"Not Found"}', "application/json"
        return 200, *_written(page(self, asked) if callable(page) else page)

    def _embed(self, body: bytes) -> tuple[int, bytes, str]:
        try:
            answer = answer_of(understand(body, 8))
        except BadRequestError as error:
            return 400, error_object(str(error), "invalid_request_error"), "application/json"
        self.embedded += 1
        return 200, answer, "application/json"


def _written(page: Page) -> tuple[bytes, str]:
    if isinstance(page, str):
        return page.encode(), "text/plain"
    return json.dumps(page).encode(), "application/json"


def _handler(standin: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65_536  # head and body in one piece, without a wait for its acknowledgement

        def log_message(self, *_: object) -> None:
            """Nothing."""

        def do_GET(self) -> None:
            self._handle()

        def do_POST(self) -> None:
            self._handle()

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer, kind = standin.answer(Asked(self.command, self.path, headers, body))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    return Handler


def model_list(*names: str, **fields: object) -> dict[str, object]:
    """OpenAI's list of models: https://platform.openai.com/docs/api-reference/models/list ."""
    return {
        "object": "list",
        "data": [
            {"id": name, "object": "model", "created": 1_700_000_000} | fields for name in names
        ],
    }
