"""Dynamic batching in this process: whoever waits is embedded together, once it is free.

That is the server of the queue model, :mod:`core.serving.queue.batch_queue`: greedy, one batch at a
time, at most B texts in it, no window to wait for more. Its measured latencies test the model's.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import EngineError
from core.probe.embedders.wrapped.local_embedder import NS_PER_MS, Engine
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings, now_ns
from core.units import NS_PER_SECOND


@dataclass(slots=True, eq=False)
class _Waiting:
    texts: Sequence[str]
    done: "asyncio.Future[_Done]"


@dataclass(frozen=True, slots=True, eq=False)
class _Done:
    vectors: NDArray[np.float32]
    started_ns: int
    ended_ns: int


class BatchingEmbedder:
    """Runs an engine in one thread that takes all waiting requests, up to a limit of texts."""

    def __init__(self, engine: Engine, largest_batch: int, tokens_per_text: int) -> None:
        self._engine = engine
        self._largest = largest_batch
        self._tokens = tokens_per_text
        self._waiting: deque[_Waiting] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="batching", daemon=True)
        self.batches: list[tuple[int, float]] = []
        """Texts and seconds of every batch so far."""

    async def open(self) -> None:
        """Start the thread."""
        self._thread.start()

    async def aclose(self) -> None:
        """Let the running batch end and drop those that wait."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify()
        await asyncio.to_thread(self._thread.join)

    async def embed(self, texts: Sequence[str], *, timeout_s: float, timings: Timings) -> Answer:
        """Join the queue and wait. Raises Fault (ENGINE, TIMEOUT)."""
        timings.sent_ns = now_ns()
        waiting = _Waiting(texts, asyncio.get_running_loop().create_future())
        with self._changed:
            self._waiting.append(waiting)
            self._changed.notify()
        try:
            async with asyncio.timeout(timeout_s):
                done = await waiting.done
        except TimeoutError:
            raise Fault(Outcome.TIMEOUT, f"no vectors within {timeout_s:g} s") from None
        except EngineError as error:
            raise Fault(Outcome.ENGINE, str(error)) from None
        timings.completed_ns = done.ended_ns
        return Answer(
            vectors=done.vectors,
            positions=tuple(range(len(done.vectors))),
            tokens_billed=self._tokens * len(texts),
            reported=Reported(server_ms=(done.ended_ns - done.started_ns) / NS_PER_MS),
        )

    def _serve(self) -> None:
        while (batch := self._take()) is not None:
            texts = [text for waiting in batch for text in waiting.texts]
            started_ns = now_ns()
            try:
                vectors = self._engine.embed(texts)
            except EngineError as error:
                self._fail(batch, error)
                continue
            except Exception as error:  # noqa: BLE001 - the queue must not hang on any fault
                self._fail(batch, EngineError(f"the engine failed with {type(error).__name__}"))
                continue
            ended_ns = now_ns()
            self.batches.append((len(texts), (ended_ns - started_ns) / NS_PER_SECOND))
            self._answer(batch, vectors, started_ns, ended_ns)

    def _take(self) -> list[_Waiting] | None:
        """All that wait, up to the limit, as soon as there is one; None at the end."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            batch = [self._waiting.popleft()]
            texts = len(batch[0].texts)
            while self._waiting and texts + len(self._waiting[0].texts) <= self._largest:
                batch.append(self._waiting.popleft())
                texts += len(batch[-1].texts)
            return batch

    def _answer(
        self, batch: list[_Waiting], vectors: NDArray[np.float32], started_ns: int, ended_ns: int
    ) -> None:
        start = 0
        for waiting in batch:
            end = start + len(waiting.texts)
            _settle(waiting, _Done(vectors[start:end], started_ns, ended_ns))
            start = end

    def _fail(self, batch: list[_Waiting], error: EngineError) -> None:
        for waiting in batch:
            _settle(waiting, error)


def _settle(waiting: _Waiting, result: _Done | EngineError) -> None:
    """Hand a result over to the event loop, unless the request gave up or the loop has ended."""

    def set_it() -> None:
        if waiting.done.done():
            return
        if isinstance(result, EngineError):
            waiting.done.set_exception(result)
        else:
            waiting.done.set_result(result)

    loop = waiting.done.get_loop()
    if not loop.is_closed():
        loop.call_soon_threadsafe(set_it)
