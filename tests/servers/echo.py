"""A server that sends pieces of the key back, in every header and field that a client might keep.

The answers take turns: right ones, wrong ones, refusals. Each piece has eight characters or more,
as it is, in capitals, or encoded.
"""

import base64
import json
import re
from collections.abc import Callable
from urllib.parse import quote

from tests.servers.embeddings import Ask, answer_of, list_object
from tests.servers.faults import Line

FIRST_RIGHT = 4
"""So many right answers come first: a run that hears none ends."""
WORDS = (
    "x-compute-type",
    "x-request-id",
    "server",
    "www-authenticate",
    "location",
    "x-quokka",
)
NUMBERS = (
    "openai-processing-ms",
    "x-total-time",
    "x-queue-time",
    "x-inference-time",
    "x-tokenization-time",
    "x-compute-tokens",
    "x-ratelimit-remaining-requests",
    "x-ratelimit-remaining-tokens",
)
STATUSES = (200, 200, 200, 200, 400, 429, 500, 503, 302, 413)
SHAPES: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    lambda piece: base64.b64encode(piece.encode()).decode().rstrip("="),
    lambda piece: piece.encode().hex(),
    lambda piece: quote(piece, safe=""),
)


def echo(line: Line, ask: Ask, seq: int) -> None:
    """One answer with pieces of the key of its own request."""
    key = line.authorization
    piece = SHAPES[seq % len(SHAPES)](key[seq % 9 : seq % 9 + 8 + seq % 20])
    digits = max(re.findall(r"\d+", key), key=len, default="0")[: 8 + seq % 7]
    code = max(re.findall(r"[a-z_]+", key), key=len)
    headers = [(name, piece) for name in WORDS] + [(name, digits) for name in NUMBERS]
    if seq < FIRST_RIGHT:
        line.respond(200, answer_of(ask), *headers)
        return
    status = STATUSES[seq % len(STATUSES)]
    wait = [("retry-after", digits)] if status != 200 else []
    line.respond(status, _body(seq, ask, piece, int(digits), code), *headers, *wait)


def _body(seq: int, ask: Ask, piece: str, number: int, code: str) -> bytes:
    error = {"message": f"no {piece}", "type": code, "code": code, "param": piece}
    google = {"details": [{"reason": piece, "retryDelay": f"{number}s"}], "status": piece}
    bodies: list[object] = [
        {"error": error | google, "message": piece, "detail": piece},
        {"error": f"Model {piece} is currently loading", "estimated_time": number},
        {"object": piece, "model": piece, "data": piece, "usage": {"total_tokens": number}},
        {"data": [{"embedding": [piece], "index": number}], "embeddings": {"float": [piece]}},
    ]
    kind = seq // 2 % (len(bodies) + 3)
    if kind < len(bodies):
        return json.dumps(bodies[kind]).encode()
    if kind == len(bodies):
        return f"<html>{piece}</html>".encode()
    if kind == len(bodies) + 1:
        return list_object([], ask, model=piece)
    usage = re.compile(rb'"(prompt|total)_tokens": \d+')
    return usage.sub(rb'"\1_tokens": %d' % number, answer_of(ask))
