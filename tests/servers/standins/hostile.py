"""Servers that answer every question with what no server should."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
MEBIBYTE = 2**20


def whole(body: bytes, head: bytes = HEAD) -> Callable[[socket.socket], None]:
    """One answer with this body."""

    def answer(line: socket.socket) -> None:
        line.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    return answer


def endless(line: socket.socket) -> None:
    """An answer that never ends."""
    line.sendall(CHUNKED)
    piece = b"%x\r\n%s\r\n" % (4096, b" " * 4096)
    for _ in range(100_000):
        line.sendall(piece)


def drip(line: socket.socket) -> None:
    """A byte now and then: no pause of it is long."""
    line.sendall(CHUNKED)
    for _ in range(100):
        line.sendall(b"1\r\n[\r\n")
        time.sleep(0.2)


def silent(line: socket.socket) -> None:
    """It takes the question, and says nothing."""
    with contextlib.suppress(OSError):
        line.recv(1)


def endless_header(line: socket.socket) -> None:
    """A header that never ends."""
    line.sendall(b"HTTP/1.1 200 OK\r\nx: ")
    for _ in range(100_000):
        line.sendall(b"y" * 4096)


WAYS: dict[str, Callable[[socket.socket], None]] = {
    "endless": endless,
    "drip": drip,
    "silent": silent,
    "endless header": endless_header,
    "10 MB": whole(b'{"data": "' + b"a" * 10 * MEBIBYTE + b'"}'),
    "deep": whole(b"[" * 60_000),
    "redirect": whole(
        b"",
        b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://169.254.169.254/latest/meta-data/\r\n",
    ),
    "no HTTP": lambda line: line.sendall(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "no JSON": whole(b"<html>It works!</html>"),
    "bomb": whole(b"\x1f\x8b" + b"\0" * 4000, HEAD + b"Content-Encoding: gzip\r\n"),
}


class Hostile:
    """Answers every connection in one way."""

    def __init__(self, way: Callable[[socket.socket], None]) -> None:
        self._way = way
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.origin = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._socket.accept()
                threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError), line:
            line.recv(65_536)
            self._way(line)
