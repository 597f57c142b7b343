"""Remembers what hardware an API says that it answers on: a measurement belongs to it."""

from collections.abc import Sequence

from core.probe.records.embedder import Answer, Embedder
from core.probe.records.timings import Timings


class Noting:
    """An embedder whose last stated hardware is known."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.hardware: str | None = None
        """In the words of the server; None while it is silent."""

    async def open(self) -> None:
        """Get ready."""
        await self._embedder.open()

    async def aclose(self) -> None:
        """Let go."""
        await self._embedder.aclose()

    async def embed(self, texts: Sequence[str], *, timeout_s: float, timings: Timings) -> Answer:
        """As the embedder does."""
        answer = await self._embedder.embed(texts, timeout_s=timeout_s, timings=timings)
        self.hardware = answer.reported.hardware or self.hardware
        return answer
