"""The embedders for a program: texts in, one array out.

    from core.probe.embedders.library import api, local
    embed = api("https://api.openai.com/v1", "text-embedding-3-small", key=os.environ["..."])
    vectors = embed(["one text", "another"])  # shape (2, 1536), float32

A program that embeds with a model of its own (``local(engine)``) swaps it for an API in the line
that makes ``embed``. Every answer is checked as in a probe: what is no answer raises
:class:`~core.probe.records.embedder.Fault`. Nothing is retried but what met a connection closed
while it lay idle, and no spending cap applies here.
"""

import asyncio
import threading
import weakref
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any, Final, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import HttpUrl, SecretStr

from core.catalog.schema import Endpoint, WireFormat
from core.errors import ModelInputError
from core.probe.addresses.reach import Reach
from core.probe.answers.answer_check import AnswerCheck
from core.probe.answers.paid_again import embed_paid
from core.probe.embedders.by_name import make_embedder
from core.probe.embedders.wrapped.hybrid_embedder import Hybrid, check_texts
from core.probe.embedders.wrapped.local_embedder import Engine, LocalEmbedder
from core.probe.records.budget import Unlimited
from core.probe.records.embedder import Embedder
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.timings import Timings
from core.probe.wire.route import DIRECT, Route

Result = TypeVar("Result")

TIMEOUT_S: Final = 30.0
END_S: Final = 10.0
BATCH: Final = 64
"""Texts in one request; every provider takes as many."""


def api(
    base_url: str,
    model: str,
    *,
    key: str | None = None,
    wire: str | WireFormat = WireFormat.OPENAI_COMPATIBLE,
    dimensions: int | None = None,
    timeout_s: float = TIMEOUT_S,
    batch: int = BATCH,
    allow_loopback: bool = False,
    allow_networks: Sequence[str] = (),
    route: Route = DIRECT,
    **target: Any,
) -> "Embed":
    """A model behind an API. Raises EgressError or RunError for what cannot be asked.

    ``wire``: how it is spoken to (see :class:`~core.catalog.schema.WireFormat`).
    ``allow_loopback``: for a server on this computer. ``allow_networks``: networks and hosts of
    one's own, such as ``["10.0.0.0/8", "tei"]``; ValueError for what is none. Further fields are
    those of :class:`~core.probe.records.probe_plan.ApiTarget`, such as ``client``.
    """
    if allow_networks:
        route = replace(route, reach=Reach.of(allow_networks))
    asked = ApiTarget(
        endpoint=Endpoint(wire=WireFormat(wire), base_url=HttpUrl(base_url)),
        wire_model=model,
        dimensions=dimensions,
        allow_loopback=allow_loopback,
        **target,
    )
    embedder = make_embedder(asked, None if key is None else SecretStr(key), route)
    check = AnswerCheck(asked_model=model, expected_dims=dimensions, free=True)
    return Embed(embedder, check, timeout_s=timeout_s, batch=batch)


def local(engine: Engine, *, timeout_s: float = 600.0, batch: int = BATCH) -> "Embed":
    """A loaded model on this computer, such as ``core.engines.local.load_engine()``."""
    check = AnswerCheck(asked_model=None, expected_dims=None)
    return Embed(LocalEmbedder(engine), check, timeout_s=timeout_s, batch=batch)


def hybrid(base: "Embed", burst: "Embed", *, in_flight_limit: int = 1) -> "Embed":
    """A base that spills to a burst target, both unused until now.

    Raises RunError unless both give the same vectors.
    """
    if base.used or burst.used:
        raise ModelInputError("make a hybrid of two embedders before either is used")
    both = Hybrid(base.embedder, burst.embedder, in_flight_limit)
    check = AnswerCheck(asked_model=None, expected_dims=None)
    embed = Embed(both, check, timeout_s=burst.timeout_s, batch=min(base.batch, burst.batch))
    try:
        embed.run(both.prove(check_texts(()), timeout_s=burst.timeout_s))
    except BaseException:
        embed.close()
        raise
    return embed


class Embed:
    """``embed(texts)`` gives an array of shape (texts, dimensions), float32, in their order.

    May be called by several threads: their requests are on their way together. Use as a context
    manager, or drop it, to close the connections.
    """

    def __init__(
        self, embedder: Embedder, check: AnswerCheck, *, timeout_s: float, batch: int
    ) -> None:
        """Raises ModelInputError for a batch below 1."""
        if batch < 1:
            raise ModelInputError(f"a batch holds one text or more, not {batch}")
        self.embedder = embedder
        self.timeout_s = timeout_s
        self.batch = batch
        self._check = check
        self._thread: _Thread | None = None
        self._dropped: weakref.finalize[Any, Any] | None = None
        self._starting = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of the texts. Raises Fault, EgressError, EngineError or RunError."""
        if isinstance(texts, str):
            raise ModelInputError("give a list of texts, not one text")
        batches = [texts[i : i + self.batch] for i in range(0, len(texts), self.batch)]
        parts = self.run(self._embed_all(batches))
        return np.concatenate(parts) if parts else np.empty((0, 0), dtype=np.float32)

    @property
    def used(self) -> bool:
        """Whether its connections belong to a thread already."""
        return self._thread is not None

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Carry a coroutine out in the thread of this embedder's event loop."""
        with self._starting:
            if self._thread is None:
                self._thread = thread = _Thread()
                self._dropped = weakref.finalize(self, thread.end, self.embedder, wait=False)
                thread.carry_out(self.embedder.open())
        return self._thread.carry_out(work)

    def close(self) -> None:
        """Close the connections and end the thread."""
        with self._starting:
            if self._thread is not None and self._dropped is not None:
                self._dropped.detach()
                self._thread.end(self.embedder, wait=True)
                self._thread = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def _embed_all(self, batches: list[Sequence[str]]) -> list[NDArray[np.float32]]:
        """One request after another: how many may be on their way is the caller's to say."""
        return [await self._embed_one(batch) for batch in batches]

    async def _embed_one(self, texts: Sequence[str]) -> NDArray[np.float32]:
        answer = await embed_paid(
            self.embedder, Unlimited(), texts, timeout_s=self.timeout_s, timings=Timings()
        )
        return self._check.judge(texts, answer).vectors.astype(np.float32, copy=False)


class _Thread:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="embed", daemon=True)
        self._thread.start()

    def carry_out(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Wait for a coroutine there."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def _run(self) -> None:
        self.loop.run_forever()
        self.loop.close()

    def end(self, embedder: Embedder, *, wait: bool) -> None:
        """Close the embedder there, and end. Without waiting where a collector calls."""
        asyncio.run_coroutine_threadsafe(self._shut(embedder), self.loop)
        if wait:
            self._thread.join(END_S)

    async def _shut(self, embedder: Embedder) -> None:
        try:
            await embedder.aclose()
        finally:
            self.loop.call_soon(self.loop.stop)
