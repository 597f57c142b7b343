"""What a client adds to an answer, and how many answers a second it can take in and check.

The server runs in its own process and records how long it really took; what a client reports
beyond that is what it adds: its own work, and the machine's on its behalf. All clients take turns
request by request in one run, so that a busy machine slows all of them alike.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.probe.statistics.percentiles import percentile
from tests.benchmarks.figure import Figure
from tests.benchmarks.probe.clients import AioHttp, Client, Httpx, OpenAISdk, Probe, RawSocket
from tests.benchmarks.report import Spread, load, ratios, say, table, take_precedence
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthProcess

ROUNDS = 5
REQUESTS = 200
FIRST = 3
"""Requests of each client that are left out: they open the connection and import."""
ANSWER_S = 0.02
RATIO_LIMIT = 1.5
THROUGHPUT_S = 1.5
TIMES_AIOHTTP = 1.0
"""Not more: with client and server on two processors the server, or the system's own send, is what
limits both. What the client itself takes is the next ratio, which a busy machine hardly moves."""
CPU_TIMES_AIOHTTP = 0.75
SHARES = (0.5, 0.95, 0.99)
AT_ONCE = (1, 8, 64)

Rates = dict[str, dict[int, list["Throughput"]]]


def clients(server: GroundTruthProcess) -> list[Client]:
    """One of each, the floor first."""
    url = server.base_url
    return [RawSocket(server.origin), Probe(url), AioHttp(url), Httpx(url), OpenAISdk(url)]


async def interleaved(found: Sequence[Client], n: int) -> dict[str, list[float]]:
    """Service times that each client reports, s: one at a time, taking turns at going first."""
    reported: dict[str, list[float]] = {client.name: [] for client in found}
    for client in found:
        await client.open()
    try:
        for i in range(n):
            start = i % len(found)
            for client in (*found[start:], *found[:start]):
                reported[client.name].append(await client.request())
    finally:
        for client in found:
            await client.aclose()
    return reported


def added(server: GroundTruthProcess) -> dict[str, list[float]]:
    """What each client added to each answer, s."""
    before = len(server.truths)
    reported = asyncio.run(interleaved(clients(server), REQUESTS + FIRST))
    truth: dict[str, list[float]] = {name: [] for name in reported}
    for one in server.truths[before:]:
        truth[one.model].append(one.service_s)
    return {
        name: [t - s for t, s in zip(times, truth[name], strict=True)][FIRST:]
        for name, times in reported.items()
    }


@dataclass(frozen=True, slots=True)
class Throughput:
    """One client for a while, by so many workers in a closed loop."""

    per_s: float
    """Requests answered and checked a second."""
    cpu_s: float
    """Processor time of this process for each of them: hardly moved by what else runs here."""


async def throughput(client: Client, at_once: int) -> Throughput:
    """Ask as fast as so many workers can."""
    answered = 0

    async def work(until: float) -> None:
        nonlocal answered
        while time.perf_counter() < until:
            await client.request()
            answered += 1

    await client.open()
    try:
        began, cpu_before = time.perf_counter(), time.process_time()
        await asyncio.gather(*(work(began + THROUGHPUT_S) for _ in range(at_once)))
        cpu_s = time.process_time() - cpu_before
        return Throughput(answered / (time.perf_counter() - began), cpu_s / max(1, answered))
    finally:
        await client.aclose()


def main() -> list[Figure]:
    """Measure both; return their ratios beside their budgets."""
    say(f"All clients and the server {take_precedence()}")
    return [*_added_time(), *_throughput()]


def _added_time() -> list[Figure]:
    say(f"Time added to a {ANSWER_S * 1e3:.0f} ms answer, {REQUESTS} requests a round; {load()}")
    with GroundTruthProcess(Config(delay=Delay(median_s=ANSWER_S))) as server:
        rounds = [added(server) for _ in range(ROUNDS)]
    of = {
        (name, q): [percentile(one[name], q) for one in rounds]
        for name in rounds[0]
        for q in SHARES
    }
    table(
        f"Added, ms: median (range) of {ROUNDS} rounds, clients interleaved; {load()}",
        ("client", *(f"p{q * 100:.0f}" for q in SHARES)),
        [
            (name, *(Spread.of(of[name, q]).text(scale=1e3, digits=2) for q in SHARES))
            for name in rounds[0]
        ],
    )
    return [
        Figure(
            f"added at p{q * 100:.0f}, against the blocking socket",
            ratios(of[Probe.name, q], of[RawSocket.name, q]),
            RATIO_LIMIT,
        )
        for q in (0.5, 0.99)
    ]


def _throughput() -> list[Figure]:
    with GroundTruthProcess() as server:
        url = server.base_url
        makers: list[Callable[[], Client]] = [
            lambda: Probe(url),
            lambda: AioHttp(url),
            lambda: Httpx(url),
            lambda: OpenAISdk(url),
        ]
        rates: Rates = {}
        for _ in range(ROUNDS):
            for at_once in AT_ONCE:  # those that are compared are neighbours in time
                for make in makers:
                    client = make()
                    found = asyncio.run(throughput(client, at_once))
                    rates.setdefault(client.name, {}).setdefault(at_once, []).append(found)
    _show(rates)
    return [one for at_once in AT_ONCE[1:] for one in _beside_aiohttp(rates, at_once)]


def _show(rates: Rates) -> None:
    table(
        f"Answers/s, decoded and checked, client and server on this machine: median (range) of "
        f"{ROUNDS}, interleaved; {load()}",
        ("client", *(f"{at_once} at a time" for at_once in AT_ONCE)),
        [
            (name, *(Spread.of([one.per_s for one in by[n]]).text() for n in AT_ONCE))
            for name, by in rates.items()
        ],
    )
    table(
        "Processor time of the client for an answer, microseconds: median (range)",
        ("client", *(f"{at_once} at a time" for at_once in AT_ONCE)),
        [
            (name, *(Spread.of([one.cpu_s for one in by[n]]).text(scale=1e6) for n in AT_ONCE))
            for name, by in rates.items()
        ],
    )


def _beside_aiohttp(rates: Rates, at_once: int) -> list[Figure]:
    """Answers a second, and what one costs this process, against aiohttp's of the same rounds."""
    own, other = (rates[client.name][at_once] for client in (Probe, AioHttp))
    per_s = ratios([one.per_s for one in own], [one.per_s for one in other])
    cpu = ratios([one.cpu_s for one in own], [one.cpu_s for one in other])
    what = f"{at_once} at a time, against aiohttp"
    return [
        Figure(f"answers a second, {what}", per_s, TIMES_AIOHTTP, at_least=True),
        Figure(f"processor time of an answer, {what}", cpu, CPU_TIMES_AIOHTTP),
    ]
