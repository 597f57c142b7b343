"""The model on this computer as an embedder: one replica that serves one request at a time."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from core.errors import EngineError
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings, now_ns

NS_PER_MS = 1_000_000


class Engine(Protocol):
    """A loaded model, as far as the probe needs to know it."""

    def embed(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """Vectors of shape (texts, dimensions). Raises EngineError."""
        ...


@runtime_checkable
class CountsTokens(Protocol):
    """An engine that can also say how many tokens it processes for some texts."""

    def count_tokens(self, texts: Sequence[str], /) -> int:
        """Tokens after truncation, markers included."""
        ...


class LocalEmbedder:
    """Runs an engine in one worker thread, so that the schedule keeps going meanwhile.

    Requests queue for that thread, as they would at a single replica without batching. Tokens
    are counted in that thread too, since a tokenizer is not safe in two, but after the stamp and
    once for each text.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tokens_of: dict[str, int] = {}
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")

    async def open(self) -> None:
        """Nothing to do: the engine is handed in loaded."""

    async def aclose(self) -> None:
        """Let the running request end and drop those that wait."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    async def embed(self, texts: Sequence[str], *, timeout_s: float, timings: Timings) -> Answer:
        """Queue for the engine and wait. Raises Fault (ENGINE, TIMEOUT).

        A request that runs out of time while the engine works on it is abandoned, not stopped:
        the next one still waits for it.
        """
        timings.sent_ns = now_ns()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout_s):
                done = await loop.run_in_executor(self._worker, self._work, texts)
        except TimeoutError:
            raise Fault(Outcome.TIMEOUT, f"no vectors within {timeout_s:g} s") from None
        except EngineError as error:
            raise Fault(Outcome.ENGINE, str(error)) from None
        timings.completed_ns = done.ended_ns
        return Answer(
            vectors=done.vectors,
            positions=tuple(range(len(done.vectors))),
            tokens_billed=done.tokens,
            reported=Reported(server_ms=(done.ended_ns - done.started_ns) / NS_PER_MS),
        )

    def _work(self, texts: Sequence[str]) -> "_Done":
        """Runs in the worker thread; both stamps are taken there. Raises EngineError."""
        started_ns = now_ns()
        try:
            vectors = self._engine.embed(texts)
            ended_ns = now_ns()
            tokens = self._count(texts)
        except EngineError:
            raise
        except Exception as error:
            raise EngineError(f"the engine failed with {type(error).__name__}") from error
        if vectors.ndim != 2:
            raise EngineError(f"the engine gave an array of {vectors.ndim} axes, not 2")
        return _Done(vectors, tokens, started_ns, ended_ns)

    def _count(self, texts: Sequence[str]) -> int | None:
        """Tokens of these texts, where the engine counts; a text's own are remembered."""
        engine = self._engine
        if not isinstance(engine, CountsTokens):
            return None
        for text in texts:
            if text not in self._tokens_of:
                self._tokens_of[text] = engine.count_tokens([text])
        return sum(self._tokens_of[text] for text in texts)


@dataclass(frozen=True, slots=True, eq=False)
class _Done:
    """What the worker thread brings back."""

    vectors: NDArray[np.float32]
    tokens: int | None
    started_ns: int
    ended_ns: int
