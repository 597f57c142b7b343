"""What our client adds to an answer, beside a blocking socket, request by request.

The server runs in its own process and records how long it really took; what a client reports
beyond that is what it adds: its own work, and the machine's on its behalf.
"""

import asyncio
import socket
import time
from dataclasses import dataclass, field

import orjson

from core.catalog.schema import Endpoint, WireFormat
from core.probe.check import AnswerCheck
from core.probe.embedders.openai_compatible import OpenAICompatible
from core.probe.plan import ApiTarget
from core.probe.statistics import percentile
from core.probe.timings import Timings
from tests.benchmarks.report import Spread, load, ratios, say, table, within
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthProcess

ROUNDS = 5
REQUESTS = 200
ANSWER_S = 0.02
RATIO_LIMIT = 1.5
THROUGHPUT_S = 2.0
THROUGHPUT_LIMIT = 4_000
TEXT = "How long does a refund take to arrive?"
SHARES = (0.5, 0.95, 0.99)


@dataclass
class Round:
    """What each client reported for each of its requests, s, in the order of sending."""

    raw_s: list[float] = field(default_factory=list)
    ours_s: list[float] = field(default_factory=list)
    ours_with_decoding_s: list[float] = field(default_factory=list)


class RawSocket:
    """The floor: a blocking socket that sends prepared bytes and stamps the last one received."""

    def __init__(self, origin: str) -> None:
        host, port = origin.removeprefix("http://").split(":")
        body = orjson.dumps({"model": "m", "input": [TEXT], "encoding_format": "base64"})
        self._request = (
            f"POST /v1/embeddings HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body
        self._socket = socket.create_connection((host, int(port)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(self) -> float:
        """Service time of one request, s."""
        began = time.perf_counter()
        self._socket.sendall(self._request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._socket.recv(65_536)
        head, _, body = answer.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        received = len(body)
        while received < length:
            received += len(self._socket.recv(65_536))
        return time.perf_counter() - began

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


def target(base_url: str) -> ApiTarget:
    """The server as the probe's target."""
    endpoint = Endpoint.model_validate({"wire": WireFormat.OPENAI_COMPATIBLE, "base_url": base_url})
    return ApiTarget(endpoint=endpoint, wire_model="m", allow_loopback=True)


async def interleaved(server: GroundTruthProcess, n: int) -> Round:
    """``n`` requests of each client, one at a time, taking turns at going first."""
    raw = RawSocket(server.origin)
    embedder = OpenAICompatible(target(server.base_url), None)
    check = AnswerCheck(asked_model="m", expected_dims=384)
    done = Round()

    async def ours() -> None:
        timings = Timings()
        began = time.perf_counter()
        check.judge([TEXT], await embedder.embed([TEXT], timeout_s=30, timings=timings))
        done.ours_with_decoding_s.append(time.perf_counter() - began)
        done.ours_s.append(((timings.completed_ns or 0) - (timings.sent_ns or 0)) / 1e9)

    await embedder.open()
    try:
        for i in range(n):
            if i % 2:
                await ours()
                done.raw_s.append(raw.request())
            else:
                done.raw_s.append(raw.request())
                await ours()
    finally:
        raw.close()
        await embedder.aclose()
    return done


def added(server: GroundTruthProcess) -> dict[str, list[float]]:
    """What each client added to each answer, s; the first two requests of each left out."""
    before = len(server.truths)
    done = asyncio.run(interleaved(server, REQUESTS + 2))
    truth = [t.service_s for t in server.truths[before:]]
    raw_truth = [truth[2 * i + i % 2] for i in range(len(done.raw_s))]
    ours_truth = [truth[2 * i + 1 - i % 2] for i in range(len(done.raw_s))]
    sides = {
        "blocking socket": (done.raw_s, raw_truth),
        "the probe": (done.ours_s, ours_truth),
        "the probe, vectors decoded and checked": (done.ours_with_decoding_s, ours_truth),
    }
    return {
        side: [t - s for t, s in zip(reported, true, strict=True)][2:]
        for side, (reported, true) in sides.items()
    }


async def throughput_per_s(base_url: str, concurrency: int) -> float:
    """Requests answered and checked a second by so many workers in a closed loop."""
    embedder = OpenAICompatible(target(base_url), None)
    check = AnswerCheck(asked_model="m", expected_dims=384)
    answered = 0

    async def work(until: float) -> None:
        nonlocal answered
        while time.perf_counter() < until:
            check.judge([TEXT], await embedder.embed([TEXT], timeout_s=30, timings=Timings()))
            answered += 1

    await embedder.open()
    try:
        began = time.perf_counter()
        await asyncio.gather(*(work(began + THROUGHPUT_S) for _ in range(concurrency)))
        return answered / (time.perf_counter() - began)
    finally:
        await embedder.aclose()


def raw_throughput_per_s(origin: str) -> float:
    """Requests a second of one blocking socket, without decoding: what the machine can do now."""
    raw = RawSocket(origin)
    answered, began = 0, time.perf_counter()
    while time.perf_counter() < began + THROUGHPUT_S:
        raw.request()
        answered += 1
    raw.close()
    return answered / (time.perf_counter() - began)


def main() -> bool:
    """Measure both; return whether the budgets are kept."""
    kept = _added_time()
    return _throughput() and kept


def _added_time() -> bool:
    say(f"Time added to a {ANSWER_S * 1e3:.0f} ms answer, {REQUESTS} requests a round; {load()}")
    with GroundTruthProcess(Config(delay=Delay(median_s=ANSWER_S))) as server:
        rounds = [added(server) for _ in range(ROUNDS)]
    of = {
        (side, q): [percentile(one[side], q) for one in rounds]
        for side in rounds[0]
        for q in SHARES
    }
    table(
        f"Added, ms: median (range) of {ROUNDS} rounds",
        ("client", *(f"p{q * 100:.0f}" for q in SHARES)),
        [
            (side, *(Spread.of(of[side, q]).text(scale=1e3, digits=2) for q in SHARES))
            for side in rounds[0]
        ],
    )
    kept = True
    for q in (0.5, 0.99):
        ratio = ratios(of["the probe", q], of["blocking socket", q])
        name = f"added at p{q * 100:.0f}, ratio to the blocking socket {ratio.text(digits=2)}"
        kept = within(name, ratio.median, RATIO_LIMIT) and kept
    return kept


def _throughput() -> bool:
    with GroundTruthProcess() as server:
        raw = Spread.of([raw_throughput_per_s(server.origin) for _ in range(3)])
        ours = {
            c: Spread.of([asyncio.run(throughput_per_s(server.base_url, c)) for _ in range(ROUNDS)])
            for c in (1, 8, 64)
        }
    table(
        f"Requests/s, client and server on this machine: median (range); {load()}",
        ("client", "requests/s"),
        [
            ("blocking socket, 1 at a time, not decoded", raw.text()),
            *((f"the probe, {c} at a time, checked", rate.text()) for c, rate in ours.items()),
        ],
    )
    least = min(ours[8].median, ours[64].median)
    kept = least >= THROUGHPUT_LIMIT
    word = "kept" if kept else "MISSED"
    say(f"requests/s at 8 and 64: {least:,.0f}, budget {THROUGHPUT_LIMIT:,}: {word}")
    return kept
