"""Everything that a server can do wrong, by name.

A fault is a coroutine that answers one request in its own bad way. Those that answer in time but
wrongly come after the same delay as a right answer, so that they could pass for a fast success.
"""

import asyncio
import gzip
import json
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, Protocol

import numpy as np

from tests.servers.embeddings import (
    Ask,
    answer_of,
    embedding_object,
    error_object,
    list_object,
    vector_of,
)

DRIP_S: Final = 0.02
HUGE_BYTES: Final = 64 * 2**20
BOMB_BYTES: Final = 256 * 2**20


class Line(Protocol):
    """The connection, as far as a fault needs it."""

    authorization: str

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""

    def respond(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        """Send a whole, well-formed answer."""

    def close(self) -> None:
        """Close after what was written."""

    def reset(self) -> None:
        """Close with a TCP reset."""

    def gone(self) -> bool:
        """Whether the client has closed."""
        ...


Fault = Callable[[Line, Ask], Awaitable[None]]


def head(body_bytes: int, *lines: str) -> bytes:
    """The head of an answer with a stated length."""
    rest = "".join(f"{line}\r\n" for line in lines)
    return (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body_bytes}\r\n"
        f"{rest}\r\n"
    ).encode()


def _status(status: int, kind: str, *headers: tuple[str, str]) -> Fault:
    async def fault(line: Line, ask: Ask) -> None:
        # Hostile on purpose: the key comes back in the text, the code and a header.
        echoed = line.authorization
        body = error_object(f"Incorrect API key provided: {echoed}", kind, echoed)
        line.respond(status, body, ("x-echo", echoed), *headers)

    return fault


def _body(make: Callable[[Ask], bytes] | bytes) -> Fault:
    """A well-formed HTTP answer with a body that is none."""

    async def fault(line: Line, ask: Ask) -> None:
        line.respond(200, make if isinstance(make, bytes) else make(ask))

    return fault


def _entries(make: Callable[[Ask], list[bytes]]) -> Fault:
    return _body(lambda ask: list_object(make(ask), ask))


def _floats(ask: Ask, component: str) -> list[bytes]:
    """Right entries but for the first component of each vector."""
    return [
        b'{"object":"embedding","index":%d,"embedding":[%s,%s]}'
        % (
            i,
            component.encode(),
            json.dumps(vector_of(t, ask.dims).tolist()[1:])[1:-1].encode(),
        )
        for i, t in enumerate(ask.texts)
    ]


def _other_dims(ask: Ask) -> list[bytes]:
    shorter = Ask(ask.model, ask.texts, ask.encoding_format, ask.dims - 1)
    return [embedding_object(t, i, shorter) for i, t in enumerate(ask.texts)]


def _zeros(ask: Ask) -> list[bytes]:
    zeros = json.dumps([0.0] * ask.dims).encode()
    return [b'{"index":%d,"embedding":%s}' % (i, zeros) for i in range(len(ask.texts))]


def _right(ask: Ask) -> list[bytes]:
    return [embedding_object(t, i, ask) for i, t in enumerate(ask.texts)]


def _each(embedding: bytes) -> Callable[[Ask], list[bytes]]:
    """The same JSON in place of every vector."""
    return lambda ask: [
        b'{"index":%d,"embedding":%s}' % (i, embedding) for i in range(len(ask.texts))
    ]


def _swapped_silently(ask: Ask) -> list[bytes]:
    return [embedding_object(t, i, ask) for i, t in enumerate(reversed(ask.texts))]


def _unstable(ask: Ask) -> list[bytes]:
    salt = np.random.default_rng().integers(2**62)
    return [embedding_object(f"{t}{salt}", i, ask) for i, t in enumerate(ask.texts)]


def _without_usage(ask: Ask) -> bytes:
    document = json.loads(answer_of(ask))
    del document["usage"]
    return json.dumps(document).encode()


def _usage(tokens: int) -> Callable[[Ask], bytes]:
    def make(ask: Ask) -> bytes:
        document = json.loads(answer_of(ask))
        document["usage"] = {"prompt_tokens": tokens, "total_tokens": tokens}
        return json.dumps(document).encode()

    return make


def _deflated(make: Callable[[Ask], bytes]) -> Fault:
    async def fault(line: Line, ask: Ask) -> None:
        line.respond(200, make(ask), ("Content-Encoding", "gzip"))

    return fault


def _bomb(ask: Ask) -> bytes:
    """A body a thousand times smaller than what it inflates to, made without holding that.

    After a full flush nothing refers back (RFC 1951): one squeezed block may stand there again and
    again, and so it takes no time to make. The sum at the end is that of one block: wrong, but
    nobody may get that far.
    """
    squeezer = zlib.compressobj(9, wbits=31)
    head = squeezer.flush(zlib.Z_FULL_FLUSH)
    block = squeezer.compress(b" " * 2**20) + squeezer.flush(zlib.Z_FULL_FLUSH)
    return head + block * (BOMB_BYTES // 2**20) + squeezer.flush()


async def hang(line: Line, ask: Ask) -> None:
    """Never answer; the connection's end cancels this."""
    await asyncio.Event().wait()


async def drip_header(line: Line, ask: Ask) -> None:
    """A header that takes its time, a byte at a time."""
    await _drip(line, head(2) + b"{}")


async def drip_body(line: Line, ask: Ask) -> None:
    """A prompt head, then a body a byte at a time: no single read waits long."""
    body = answer_of(ask)
    line.write(head(len(body)))
    await _drip(line, body)


async def _drip(line: Line, data: bytes) -> None:
    for i in range(len(data)):
        if line.gone():
            return
        line.write(data[i : i + 1])
        await asyncio.sleep(DRIP_S)


async def hang_after_head(line: Line, ask: Ask) -> None:
    """A prompt head, then nothing."""
    line.write(head(len(answer_of(ask))))
    await asyncio.Event().wait()


async def hang_in_body(line: Line, ask: Ask) -> None:
    """Half a body, then nothing."""
    body = answer_of(ask)
    line.write(head(len(body)) + body[: len(body) // 2])
    await asyncio.Event().wait()


async def drip_chunks(line: Line, ask: Ask) -> None:
    """A chunk of one byte at a time, in time for any limit between two reads."""
    line.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for byte in answer_of(ask):
        if line.gone():
            return
        line.write(b"1\r\n%c\r\n" % byte)
        await asyncio.sleep(DRIP_S)


async def drip_interim(line: Line, ask: Ask) -> None:
    """An interim answer again and again, and never the answer."""
    while not line.gone():
        line.write(b"HTTP/1.1 102 Processing\r\n\r\n")
        await asyncio.sleep(DRIP_S)


async def split(line: Line, ask: Ask) -> None:
    """A right answer whose body comes 50 ms after its head. Not a fault: tests the first byte."""
    body = answer_of(ask)
    line.write(head(len(body)))
    await asyncio.sleep(0.05)
    line.write(body)


async def reset(line: Line, ask: Ask) -> None:
    """A TCP reset in the middle of the body."""
    body = answer_of(ask)
    line.write(head(len(body)) + body[: len(body) // 2])
    await asyncio.sleep(DRIP_S)
    line.reset()


async def short_body(line: Line, ask: Ask) -> None:
    """A polite close in the middle of the body."""
    body = answer_of(ask)
    line.write(head(len(body)) + body[: len(body) // 2])
    line.close()


async def short_header(line: Line, ask: Ask) -> None:
    """A polite close in the middle of the head."""
    line.write(b"HTTP/1.1 200 OK\r\nContent-Le")
    line.close()


async def close_unanswered(line: Line, ask: Ask) -> None:
    """Close without a byte: on a reused connection the idle-close race."""
    line.close()


async def idle_close(line: Line, ask: Ask) -> None:
    """A right answer; the connection closes 50 ms later."""
    line.respond(200, answer_of(ask))
    await asyncio.sleep(0.05)
    line.close()


async def redirect(line: Line, ask: Ask) -> None:
    """To the right path of the same host."""
    line.respond(307, b"", ("Location", "/v1/embeddings"))


async def redirect_loop(line: Line, ask: Ask) -> None:
    """To itself."""
    line.respond(307, b"", ("Location", "/fault/redirect_loop/v1/embeddings"))


async def redirect_elsewhere(line: Line, ask: Ask) -> None:
    """To another host, which would get the key."""
    line.respond(307, b"", ("Location", "https://example.com/v1/embeddings"))


async def conflicting_length(line: Line, ask: Ask) -> None:
    """Two lengths that disagree."""
    body = answer_of(ask)
    line.write(head(len(body), f"Content-Length: {len(body) - 1}") + body)


async def endless_header(line: Line, ask: Ask) -> None:
    """Header lines without end, as fast as they are taken."""
    line.write(b"HTTP/1.1 200 OK\r\n")
    for i in range(1_000_000):
        if line.gone():
            return
        line.write(f"X-Filler-{i}: {'x' * 1000}\r\n".encode())
        await asyncio.sleep(0)


async def both_lengths(line: Line, ask: Ask) -> None:
    """A length and chunks: two readers would see two answers (request smuggling's twin)."""
    body = answer_of(ask)
    line.write(head(len(body), "Transfer-Encoding: chunked") + body)


async def absurd_length(line: Line, ask: Ask) -> None:
    """More bytes than there are anywhere."""
    line.write(head(10**17) + answer_of(ask))


async def overflowing_length(line: Line, ask: Ask) -> None:
    """A length that no integer of the parser holds."""
    line.write(head(10**40) + answer_of(ask))


async def negative_length(line: Line, ask: Ask) -> None:
    """Fewer bytes than none."""
    line.write(head(-1) + answer_of(ask))


async def bad_chunk(line: Line, ask: Ask) -> None:
    """A chunk whose size is no number."""
    line.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + answer_of(ask))


async def reset_at_once(line: Line, ask: Ask) -> None:
    """A TCP reset instead of an answer."""
    line.reset()


async def switch(line: Line, ask: Ask) -> None:
    """To a protocol that nobody asked for."""
    line.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n")


async def endless_interim(line: Line, ask: Ask) -> None:
    """Interim answers as fast as they are taken."""
    for _ in range(1_000_000):
        if line.gone():
            return
        line.write(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 100)
        await asyncio.sleep(0)


async def no_content(line: Line, ask: Ask) -> None:
    """A success that says itself that there is nothing in it."""
    line.write(b"HTTP/1.1 204 No Content\r\n\r\n")


async def deflate(line: Line, ask: Ask) -> None:
    """An encoding that was not asked for."""
    line.respond(200, zlib.compress(answer_of(ask)), ("Content-Encoding", "deflate"))


async def nested_gzip(line: Line, ask: Ask) -> None:
    """Compressed twice, as bombs are hidden from those who look one layer deep."""
    body = gzip.compress(gzip.compress(answer_of(ask)))
    line.respond(200, body, ("Content-Encoding", "gzip, gzip"))


async def no_length(line: Line, ask: Ask) -> None:
    """An answer that ends with its connection: a cut-off one would look the same."""
    line.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + answer_of(ask))
    line.close()


async def bare_lf(line: Line, ask: Ask) -> None:
    """Lines that end in a line feed alone."""
    body = answer_of(ask)
    line.write(head(len(body)).replace(b"\r\n", b"\n") + body)


async def not_http(line: Line, ask: Ask) -> None:
    """Another protocol's greeting."""
    line.write(b"SSH-2.0-OpenSSH_9.9\r\n")


async def interim(line: Line, ask: Ask) -> None:
    """A right answer after an interim one (103). Not a fault."""
    body = answer_of(ask)
    line.write(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
    await asyncio.sleep(0.05)
    line.write(head(len(body)) + body)


async def chunked(line: Line, ask: Ask) -> None:
    """A right answer in chunks. Not a fault."""
    body = answer_of(ask)
    line.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for i in range(0, len(body), 1000):
        piece = body[i : i + 1000]
        line.write(b"%x\r\n%s\r\n" % (len(piece), piece))
    line.write(b"0\r\n\r\n")


async def endless_trailer(line: Line, ask: Ask) -> None:
    """A right answer in one chunk, and headers after it without end."""
    body = answer_of(ask)
    line.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    line.write(b"%x\r\n%s\r\n0\r\n" % (len(body), body))
    while not line.gone():
        line.write(b"X-More: " + b"x" * 60_000 + b"\r\n")
        await asyncio.sleep(0)


async def trailer(line: Line, ask: Ask) -> None:
    """A right answer in one chunk, and a header after it that is none. Not a fault."""
    body = answer_of(ask)
    line.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    line.write(b"%x\r\n%s\r\n0\r\nContent-Encoding: gzip\r\n\r\n" % (len(body), body))


ABSURD: Final = ("9e999", "-1", "1" + "0" * 400, "1_000", "0.5", "nan", "\xb2", "9" * 19)
"""What a careless or hostile server says of its rate limit and its time."""
_absurd_headers: Final = (
    *("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "retry-after"),
    *("openai-processing-ms", "x-total-time", "x-queue-time", "x-compute-tokens"),
)


async def absurd_headers(line: Line, ask: Ask) -> None:
    """A right answer whose headers hold nonsense, and a hundred more. Not a fault."""
    body = answer_of(ask)
    absurd = [f"{name}: {value}" for value in ABSURD for name in _absurd_headers]
    lines = "\r\n".join([*absurd, *(f"x-{i}: {i}" for i in range(100)), ""])
    first, rest = head(len(body)).split(b"\r\n", 1)
    line.write(first + b"\r\n" + lines.encode("latin-1") + rest + body)


async def long_header(line: Line, ask: Ask) -> None:
    """A right answer with a header of a megabyte, all at once."""
    line.respond(200, answer_of(ask), ("x-ratelimit-limit-requests", "9" * 2**20))


async def extra_bytes(line: Line, ask: Ask) -> None:
    """A right answer with bytes after its end: the connection must not be used again."""
    body = answer_of(ask)
    line.write(head(len(body)) + body + b"surplus")


LIMIT: Final = 5_000
"""Characters that the servers below read, or take."""


async def truncating(line: Line, ask: Ask) -> None:
    """Right answers for the beginnings of the texts, and not a word about the rest."""
    line.respond(200, answer_of(replace(ask, texts=tuple(text[:LIMIT] for text in ask.texts))))


async def limited(line: Line, ask: Ask) -> None:
    """A refusal of what is too long, as it should be."""
    if any(len(text) > LIMIT for text in ask.texts):
        line.respond(400, error_object("This model's maximum context length", "invalid_request"))
    else:
        line.respond(200, answer_of(ask))


async def coarse_numbers(line: Line, ask: Ask) -> None:
    """JSON numbers with two decimals; base64 in full."""
    body = answer_of(ask)
    if ask.encoding_format == "float":
        document = json.loads(body)
        for entry in document["data"]:
            entry["embedding"] = [round(x, 2) for x in entry["embedding"]]
        body = json.dumps(document).encode()
    line.respond(200, body)


async def huge_body(line: Line, ask: Ask) -> None:
    """64 MiB with an honest length."""
    line.write(head(HUGE_BYTES))
    await _pour(line, b" " * 2**16)


async def huge_chunks(line: Line, ask: Ask) -> None:
    """64 MiB whose length nobody announced."""
    line.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    await _pour(line, b"10000\r\n" + b" " * 2**16 + b"\r\n")


async def _pour(line: Line, block: bytes) -> None:
    for _ in range(HUGE_BYTES // 2**16):
        if line.gone():
            return
        line.write(block)
        await asyncio.sleep(0)


FAULTS: Final[dict[str, Fault]] = {
    "400": _status(400, "invalid_request_error"),
    "401": _status(401, "invalid_request_error"),
    "403": _status(403, "permission_error"),
    "404": _status(404, "not_found_error"),
    "429": _status(429, "rate_limit_error", ("Retry-After", "7")),
    "429_date": _status(429, "rate_limit_error", ("Retry-After", "Fri, 01 Jan 2100 00:00:00 GMT")),
    "500": _status(500, "server_error"),
    "503": _status(503, "server_error", ("Retry-After", "1")),
    "hang": hang,
    "drip_header": drip_header,
    "drip_body": drip_body,
    "split": split,
    "reset": reset,
    "short_body": short_body,
    "short_header": short_header,
    "close_unanswered": close_unanswered,
    "bad_json": _body(lambda ask: answer_of(ask)[:-20]),
    "json_list": _body(b"[]"),
    "deep_json": _body(b"[" * 100_000),
    "html": _body(b"<!doctype html><title>Sign in</title>"),
    "empty": _body(b""),
    "error_object": _body(error_object("no", "server_error", "model_overloaded")),
    "no_data": _body(b'{"object":"list","model":"m"}'),
    "fewer": _entries(lambda ask: _right(ask)[:-1]),
    "more": _entries(lambda ask: [*_right(ask), embedding_object("?", len(ask.texts), ask)]),
    "null_vector": _entries(_each(b"null")),
    "text_vector": _entries(_each(b'["1"]')),
    "nested_vector": _entries(_each(b"[[1.0]]")),
    "cut_base64": _entries(_each(b'"AACAP"')),
    "null_component": _entries(lambda ask: _floats(ask, "null")),
    "nan": _entries(lambda ask: _floats(ask, "NaN")),
    "infinity": _entries(lambda ask: _floats(ask, "1e999")),
    "wrong_dims": _entries(_other_dims),
    "empty_vector": _entries(_each(b"[]")),
    "zeros": _entries(_zeros),
    "swapped": _entries(lambda ask: _right(ask)[::-1]),
    "no_index": _entries(lambda ask: [embedding_object(t, 0, ask) for t in ask.texts]),
    "swapped_silently": _entries(_swapped_silently),
    "unstable": _entries(_unstable),
    "other_model": _body(lambda ask: list_object(_right(ask), ask, model="another-embedder")),
    "no_usage": _body(_without_usage),
    "usage_absurd": _body(_usage(10**18)),
    "usage_negative": _body(_usage(-5)),
    "truncating": truncating,
    "limited": limited,
    "coarse_numbers": coarse_numbers,
    "big_integers": _entries(_each(b"[%s]" % (b"1" + b"0" * 400))),
    "true_vector": _entries(_each(b"[true, false]")),
    "object_vector": _entries(_each(b'{"0": 0.5}')),
    "bad_utf8": _body(b'{"data": "\xff\xfe"}'),
    "402": _status(402, "insufficient_quota"),
    "408": _status(408, "request_timeout"),
    "529": _status(529, "overloaded_error", ("Retry-After", "3")),
    "hang_after_head": hang_after_head,
    "hang_in_body": hang_in_body,
    "drip_chunks": drip_chunks,
    "drip_interim": drip_interim,
    "both_lengths": both_lengths,
    "absurd_length": absurd_length,
    "overflowing_length": overflowing_length,
    "negative_length": negative_length,
    "bad_chunk": bad_chunk,
    "reset_at_once": reset_at_once,
    "switch": switch,
    "endless_interim": endless_interim,
    "no_content": no_content,
    "deflate": deflate,
    "nested_gzip": nested_gzip,
    "huge_body": huge_body,
    "huge_chunks": huge_chunks,
    "gzip": _deflated(lambda ask: gzip.compress(answer_of(ask))),
    "gzip_bomb": _deflated(_bomb),
    "bad_gzip": _deflated(lambda ask: gzip.compress(answer_of(ask)).replace(b"\x00", b"\x01")),
    "cut_gzip": _deflated(lambda ask: gzip.compress(answer_of(ask))[:-30]),
    "redirect": redirect,
    "redirect_loop": redirect_loop,
    "redirect_elsewhere": redirect_elsewhere,
    "idle_close": idle_close,
    "conflicting_length": conflicting_length,
    "endless_header": endless_header,
    "no_length": no_length,
    "bare_lf": bare_lf,
    "not_http": not_http,
    "interim": interim,
    "chunked": chunked,
    "endless_trailer": endless_trailer,
    "trailer": trailer,
    "absurd_headers": absurd_headers,
    "long_header": long_header,
    "extra_bytes": extra_bytes,
}
