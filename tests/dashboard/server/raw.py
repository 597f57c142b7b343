"""Requests as an attacker writes them: byte by byte, over a real connection."""

import socket
from dataclasses import dataclass
from http.client import HTTPResponse
from urllib.parse import urlsplit

PATIENCE_S = 20


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: str


def ask(url: str, request: str) -> Answer:
    """Send a request, lines as they are given, and read the answer."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=PATIENCE_S) as line:
        line.sendall(request.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n")
        answer = HTTPResponse(line, method=request.partition(" ")[0])
        answer.begin()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        if answer.status == 101:  # what follows is no body, and has no end
            return Answer(answer.status, headers, "")
        return Answer(answer.status, headers, answer.read().decode("utf-8", errors="replace"))


def get(url: str, path: str, host: str, *more: str) -> Answer:
    """GET a path under a Host."""
    return ask(
        url, "\n".join([f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *more])
    )


def open_websocket(url: str, host: str, *more: str) -> Answer:
    """Try to open the page's WebSocket; 101 is open."""
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: streamlit",
        *more,
    ]
    return ask(url, "\n".join(lines))
