"""A server that answers at once: ``python -m core.probe.wire.null_server``, for calibration only.

Listens on a free loopback port, prints it, and gives every request the same prepared answer, until
its standard input closes. What a client reports for such an answer is what the client takes.
"""

import asyncio
import base64
import json
import struct
import sys
from typing import Final

DIMENSIONS: Final = 384


class _Line(asyncio.Protocol):
    """One connection: a whole request in, the answer out."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  TCP is one
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer once head and body are here; the client sends one request at a time."""
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator or self._transport is None:
            return
        length = int(head.lower().rpartition(b"content-length:")[2].split(b"\r\n")[0])
        if len(body) >= length:
            self._buffer = b""
            self._transport.write(self._answer)


def answer() -> bytes:
    """A whole HTTP answer with one vector."""
    vector = base64.b64encode(struct.pack(f"<{DIMENSIONS}f", *[0.05] * DIMENSIONS)).decode()
    entry = {"object": "embedding", "index": 0, "embedding": vector}
    usage = {"prompt_tokens": 8, "total_tokens": 8}
    body = json.dumps({"object": "list", "data": [entry], "model": "null", "usage": usage}).encode()
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def serve() -> None:
    """Serve until standard input closes."""
    loop, prepared = asyncio.get_running_loop(), answer()
    server = await loop.create_server(lambda: _Line(prepared), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
