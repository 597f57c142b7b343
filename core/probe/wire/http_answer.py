"""One HTTP/1.1 answer, read as it arrives: stamped first, parsed second, capped always.

The parser is llhttp in its strict form: conflicting lengths, a bare line feed and the like are
faults of the server and are named, not guessed around.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import httptools

from core.probe.records.embedder import Fault
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings

FIRST_FINAL_STATUS: Final = 200
FIRST_ERROR_STATUS: Final = 300
FRAMING: Final = 8
"""Bytes around each byte of a body at most; a chunk of one byte has six."""
NO_BODY: Final = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of an answer is taken in before it is refused, bytes."""

    header_bytes: int = 64 * 1024
    body_bytes: int = 64 * 1024 * 1024
    """Of the body as sent and, separately, as inflated."""


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer. Header names are in lower case; a repeated header keeps its last value."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    reusable: bool
    """Whether the connection may carry another request."""


class ResponseReader:
    """Takes in the bytes of one answer; raises Fault where they are none.

    The methods named ``on_...`` are called by the parser.
    """

    __slots__ = (
        "_arrived_ns",
        "_body",
        "_body_bytes",
        "_fault",
        "_fed_bytes",
        "_headers",
        "_headers_done",
        "_length",
        "_limits",
        "_parser",
        "_reusable",
        "_timings",
        "finished",
        "status",
        "untidy",
    )

    def __init__(self, limits: Limits, timings: Timings) -> None:
        self._limits = limits
        self._timings = timings
        self._parser = httptools.HttpResponseParser(self)
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._body_bytes = self._fed_bytes = self._arrived_ns = 0
        self._headers_done = False
        self._length: int | None = None
        self._fault: Fault | None = None
        self._reusable = False
        self.status = 0
        """Status code of the final answer, once its headers are in."""
        self.finished = False
        self.untidy = False
        """Whether bytes followed the end of the answer."""

    def feed(self, data: bytes, arrived_ns: int) -> None:
        """Take in bytes that arrived at ``arrived_ns``. Raises Fault."""
        self._arrived_ns = arrived_ns
        if self._timings.first_byte_ns is None:
            self._timings.first_byte_ns = arrived_ns
        self._fed_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._fault = Fault(Outcome.BAD_HTTP, "the server switched to another protocol")
        except httptools.HttpParserError as error:
            self._stumbled(error)
        if self._fault is not None:
            raise self._fault
        self._refuse_endless_framing()

    def _refuse_endless_framing(self) -> None:
        """What is no body: headers of this and of interim answers, lines of chunks, trailers."""
        around = self._fed_bytes - self._body_bytes - FRAMING * self._body_bytes
        if not self.finished and around > self._limits.header_bytes:
            raise Fault(Outcome.TOO_LARGE, f"headers above {self._limits.header_bytes // 1024} KiB")

    def end_of_stream(self) -> None:
        """The connection closed. Raises Fault unless that is how this answer ends."""
        by_close = self._headers_done and self._length is None and not self._is_chunked
        if by_close and self.status >= FIRST_ERROR_STATUS:
            self.finished = True
            return
        if not self._headers_done:
            raise Fault(Outcome.RESET, "connection closed inside the headers")
        of = "" if self._length is None else f" of {self._length:,}"
        raise Fault(Outcome.RESET, f"connection closed after {self._body_bytes:,}{of} bytes")

    def response(self) -> Response:
        """The answer, once ``finished``."""
        reusable = self._reusable and not self.untidy
        return Response(self.status, self._headers, b"".join(self._body), reusable)

    def release(self) -> None:
        """Let go of the parser, which holds our methods: a cycle for each request otherwise."""
        self._parser = None

    def on_message_begin(self) -> None:
        """A status line begins: the final answer's, or an interim one's (1xx)."""
        if self.finished:
            self.untidy = True
            return
        self._timings.first_byte_ns = self._arrived_ns

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header line. A trailer of a chunked answer is none: it comes when all is read."""
        if not self._headers_done:
            self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """The headers are in: a length that is stated, small enough, or an interim answer."""
        status = self._parser.get_status_code()
        if self.finished or status < FIRST_FINAL_STATUS:
            return
        self.status = status
        self._headers_done = True
        stated = self._headers.get("content-length", "")
        self._length = int(stated) if stated.isdecimal() else None
        if self._length is not None and self._length > self._limits.body_bytes:
            self._too_large()
        unframed = self._length is None and not self._is_chunked
        if unframed and self.status < FIRST_ERROR_STATUS and self.status not in NO_BODY:
            self._fault = Fault(
                Outcome.BAD_HTTP, "the length is not stated: a cut-off answer would look whole"
            )

    def on_body(self, data: bytes) -> None:
        """A piece of the body."""
        if self.finished or self._fault is not None:
            return
        self._body_bytes += len(data)
        if self._body_bytes > self._limits.body_bytes:
            self._too_large()
            return
        self._body.append(data)

    def on_message_complete(self) -> None:
        """The end of the answer, or of an interim one, whose headers are forgotten."""
        if self.finished or self._fault is not None:
            return
        if not self._headers_done:
            self._headers.clear()
            return
        self.finished = True
        self._reusable = self._parser.should_keep_alive()
        self._timings.completed_ns = self._arrived_ns

    @property
    def _is_chunked(self) -> bool:
        return "chunked" in self._headers.get("transfer-encoding", "").lower()

    def _too_large(self) -> None:
        mebibytes = self._limits.body_bytes / 2**20
        self._fault = Fault(Outcome.TOO_LARGE, f"body above {mebibytes:.3g} MiB")

    def _stumbled(self, error: Exception) -> None:
        """Bytes that are no HTTP: after a whole answer they cost only the connection."""
        if self.finished:
            self.untidy = True
        elif self._fault is None:
            self._fault = Fault(Outcome.BAD_HTTP, f"not HTTP/1.1: {error}")
