"""The batching server: greedy, in order, one batch at a time."""

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.errors import EngineError
from core.probe.embedders.wrapped.batching import BatchingEmbedder
from core.probe.records.sample import Outcome
from tests.harness.pace import at_our_pace
from tests.probe.support import carry_out, plan


class SlowEngine:
    """Takes the same time for any batch; remembers what it was given."""

    def __init__(self, seconds: float, fault: Exception | None = None) -> None:
        self._seconds, self._fault = seconds, fault
        self.batches: list[list[str]] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One vector a text, told by its length."""
        time.sleep(self._seconds)
        if self._fault is not None:
            raise self._fault
        self.batches.append(list(texts))
        known = np.array([[len(text), 1.0, 0.0] for text in texts], np.float32)
        vectors: NDArray[np.float32] = known / np.linalg.norm(known, axis=1, keepdims=True)
        return vectors


def test_whoever_waits_is_embedded_together_up_to_the_limit() -> None:
    """A server of 50 ms under 200 requests/s: batches fill, and nothing is lost or swapped."""
    engine = SlowEngine(0.05)
    embedder = BatchingEmbedder(engine, largest_batch=4, tokens_per_text=7)
    run = carry_out(plan(requests=40, warm_up_requests=2, in_flight_cap=100), embedder)
    assert {sample.outcome for sample in run.samples} == {Outcome.OK}
    sizes = [texts for texts, _ in embedder.batches]
    assert sizes[:3] == [1, 1, 1]
    assert max(sizes) == 4
    assert sum(sizes) == len(run.samples) == 43
    assert all(took >= 0.05 for _, took in embedder.batches)
    assert sum(map(len, engine.batches)) == 43


def test_a_lone_request_is_not_kept_waiting_for_others() -> None:
    """There is no window: an idle server starts at once."""
    embedder = BatchingEmbedder(SlowEngine(0.001), largest_batch=8, tokens_per_text=7)
    run = carry_out(plan(requests=1, warm_up_requests=8), embedder)
    assert [texts for texts, _ in embedder.batches] == [1] * 10
    assert all(sample.tokens_billed == 7 for sample in run.samples)


def test_a_fault_of_the_engine_is_the_answer_of_every_request_in_the_batch() -> None:
    """And the server goes on."""
    for fault in (EngineError("Out of memory while embedding."), KeyError("odd")):
        embedder = BatchingEmbedder(SlowEngine(0.01, fault), largest_batch=4, tokens_per_text=7)
        run = carry_out(plan(requests=6, warm_up_requests=0), embedder)
        assert {sample.outcome for sample in run.samples} == {Outcome.ENGINE}


def test_a_request_that_waits_too_long_is_given_up() -> None:
    """Its batch runs on; the next requests are answered."""

    def scene(slower: int) -> None:
        embedder = BatchingEmbedder(SlowEngine(0.2 * slower), largest_batch=1, tokens_per_text=7)
        run = carry_out(plan(requests=4, warm_up_requests=0, timeout_s=0.3 * slower), embedder)
        outcomes = [sample.outcome for sample in run.samples]
        assert Outcome.OK in outcomes
        assert Outcome.TIMEOUT in outcomes

    at_our_pace(scene)
