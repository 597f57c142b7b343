"""What every embedder offers: texts in, vectors out, with the time of every phase.

An embedder speaks one wire format. It never retries: a retry would hide a failure in a latency.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings

ASKED_FOR_FLOAT: Final = "base64 was refused, numbers were asked for"
ANSWERED_BASE64: Final = "base64 came where numbers were asked for"
"""Noted of right answers: how their vectors were written."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What the other side says of itself; None where it is silent."""

    http_status: int | None = None
    server_ms: float | None = None
    """Its own time for this request, ms."""
    retry_after_s: float | None = None
    requests_left: int | None = None
    tokens_left: int | None = None
    requests_limit: int | None = None
    """Of how many: the rate limit itself."""
    server_queue_ms: float | None = None
    """Its queue's part of that time, ms."""
    server_inference_ms: float | None = None
    """The model's part."""
    server_tokenization_ms: float | None = None
    """The tokenizer's part."""
    server_load_ms: float | None = None
    """Of its time the loading of the model: a cold start of its own."""
    tokens_processed: int | None = None
    """Tokens as it counted them, which is not to say that it bills them."""
    billed_s: float | None = None
    """Seconds of compute that it bills for this request."""
    hardware: str | None = None
    """What it ran on, in its own words."""
    said: str = ""
    """Its own sentence where it refused, cleaned (:mod:`core.probe.refusal.cleaned`)."""
    attempts: int = 1
    """Times that the request was sent; ours to say, not the server's."""
    earlier_unclear: bool = False
    """Whether an attempt before the last may have been billed."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Vectors as the wire gave them; `answer_check` says whether they are an answer."""

    vectors: NDArray[np.float32] | NDArray[np.float64]
    """Shape (texts, dimensions)."""
    positions: tuple[int, ...]
    """The position in the request that each vector says it belongs to."""
    tokens_billed: int | None = None
    model: str | None = None
    """The model as the answer names it."""
    reported: Reported = Reported()
    note: str = ""
    """What is remarkable about a right answer, in a few words."""
    free: bool = False
    """Whether it came from a part of the target that costs nothing a call."""


class Fault(Exception):  # noqa: N818  a fault of the other side, told apart from our errors
    """A request that did not become an answer.

    ``detail`` is a few words for a person: never a key, a header's value or a body.
    """

    def __init__(
        self,
        outcome: Outcome,
        detail: str,
        *,
        reported: Reported | None = None,
        tokens_billed: int | None = None,
    ) -> None:
        super().__init__(f"{outcome.value}: {detail}")
        self.outcome = outcome
        self.detail = detail
        self.reported = reported or Reported()
        self.tokens_billed = tokens_billed


class SendAgain(Fault):
    """Says little of the endpoint: the request may go a second time, by whoever pays for both.

    ``note``: what is remarkable about the answer to the second, in a few words.
    """

    def __init__(
        self, outcome: Outcome, detail: str, *, reported: Reported | None = None, note: str = ""
    ) -> None:
        super().__init__(outcome, detail, reported=reported)
        self.note = note


class ClosedIdle(SendAgain):
    """The server closed a connection that nobody had used for a while, as servers do.

    It says little of the endpoint, so the request may go over a new one; but nobody knows for sure
    that it was not read, so whoever sends it again pays for both.
    """


class AskedOtherwise(SendAgain):
    """The server refused the form of the question, and from now on it is asked in another."""


class Embedder(Protocol):
    """Something that turns texts into vectors and can be timed."""

    async def open(self) -> None:
        """Get ready without sending anything. Raises EgressError or EngineError."""

    async def aclose(self) -> None:
        """Let go of connections and threads."""

    async def embed(self, texts: Sequence[str], *, timeout_s: float, timings: Timings) -> Answer:
        """Embed ``texts`` within ``timeout_s`` in all and fill in ``timings`` on the way.

        Raises :class:`Fault`, or EgressError where the address turns out to be forbidden.
        """
        ...
