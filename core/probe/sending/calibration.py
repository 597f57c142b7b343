"""What our own client takes, measured on this machine in the same way as everything else.

Requests go to a server that answers at once, in a process of its own on loopback, through the same
embedder, transport and clock; the local model's way is measured with an engine that does nothing.
What is reported includes the loopback and that server's few microseconds: an upper bound.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.catalog.schema import Endpoint, WireFormat
from core.measurement.report import Overhead
from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.embedders.wrapped.local_embedder import LocalEmbedder
from core.probe.records.embedder import Embedder, Fault
from core.probe.records.probe_plan import ApiTarget, Target
from core.probe.records.timings import Timings
from core.probe.statistics.percentiles import percentile
from core.probe.wire.null_server import DIMENSIONS
from core.units import NS_PER_SECOND

CALLS: Final = 150
FIRST_CALLS: Final = 10
"""Left out: they open the connection and warm the code."""
TIMEOUT_S: Final = 5.0
TEXT: Final = "How long does a refund take to arrive?"


class _NoEngine:
    """An engine that has its vectors already."""

    def embed(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """The same vector for each text."""
        return np.full((len(texts), DIMENSIONS), 0.05, dtype=np.float32)


async def calibrate(target: Target) -> Overhead | None:
    """The overhead on the way to such a target; None where it cannot be measured here."""
    try:
        if target.sole_local is not None:
            return await _measured(LocalEmbedder(_NoEngine()))
        with _null_server() as base_url:
            return await _measured(OpenAICompatible(_target(base_url), None))
    except (OSError, ValueError, Fault):
        return None


async def _measured(embedder: Embedder) -> Overhead:
    times_s = []
    await embedder.open()
    try:
        for _ in range(FIRST_CALLS + CALLS):
            timings = Timings()
            await embedder.embed((TEXT,), timeout_s=TIMEOUT_S, timings=timings)
            took_ns = (timings.completed_ns or 0) - (timings.sent_ns or 0)
            times_s.append(took_ns / NS_PER_SECOND)
    finally:
        await embedder.aclose()
    p50, p95, p99 = (percentile(times_s[FIRST_CALLS:], q) for q in (0.50, 0.95, 0.99))
    return Overhead(n=CALLS, p50_s=p50, p95_s=p95, p99_s=p99)


def _target(base_url: str) -> ApiTarget:
    endpoint = Endpoint.model_validate({"wire": WireFormat.OPENAI_COMPATIBLE, "base_url": base_url})
    return ApiTarget(endpoint=endpoint, wire_model="null", allow_loopback=True)


@contextmanager
def _null_server() -> Iterator[str]:
    """The server that answers at once; gives its base address."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "core.probe.wire.null_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101  asked for above
            port = int(process.stdout.readline())
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.kill()


def calibrated(target: Target) -> Overhead | None:
    """The same for a caller without an event loop."""
    return asyncio.run(calibrate(target))
