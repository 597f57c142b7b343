"""A memory of answers and one vector for all, found in the samples of an ordinary run."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.measurement.latency import LatencySummary
from core.probe.findings.cautions import cautions
from core.probe.findings.summary import summarise
from core.probe.records.probe_plan import ProbePlan
from core.probe.records.sample import Outcome, Sample
from core.probe.sample_texts import sample_texts
from core.probe.sending.script import script
from core.runs.starting.fresh_plan import fresh
from tests.harness.pace import at_our_pace
from tests.probe.support import carry_out, plan, sample
from tests.servers.delays import Delay
from tests.servers.embeddings import tokens_of
from tests.servers.ground_truth import Config, GroundTruthProcess, GroundTruthServer

Start = Callable[..., GroundTruthServer]
StartProcess = Callable[..., GroundTruthProcess]


def usual(url: str, **changes: Any) -> ProbePlan:
    """The probe as the page starts it, but faster."""
    fields = {"texts": sample_texts(), "requests": 80, "rate_per_s": 40.0, "warm_up_requests": 3}
    return fresh(plan(url, **(fields | changes)), set(changes))


def found(a_plan: ProbePlan) -> tuple[list[Sample], LatencySummary]:
    """What a run of it measures."""
    samples = carry_out(a_plan).samples
    return samples, summarise(a_plan, samples)


def test_a_memory_does_not_make_the_probe_quick_and_is_named(
    embedding_process: StartProcess,
) -> None:
    """24 texts and 80 requests: a text takes 50 ms once, and nothing when it comes again."""

    def scene(slower: int) -> None:
        server = embedding_process(Config(new_text_s=0.05 * slower))
        _, summary = found(usual(server.base_url, rate_per_s=40.0 / slower))
        assert summary.response_p50.value_s is not None
        assert summary.response_p50.value_s >= 0.05 * slower
        words = " ".join(summary.warnings)
        assert re.search(r"answers from a memory: [2-5] texts that came a second time took", words)
        assert "warm-up was too short" not in words

    at_our_pace(scene)


def test_a_server_without_a_memory_is_not_said_to_have_one(
    embedding_process: StartProcess,
) -> None:
    """Its times scatter by half either way."""

    def scene(slower: int) -> None:
        delay = Delay("lognormal", 0.02 * slower, 0.5)
        server = embedding_process(Config(delay=delay))
        _, summary = found(usual(server.base_url, rate_per_s=40.0 / slower))
        assert "memory" not in " ".join(summary.warnings)

    at_our_pace(scene)


def test_what_is_billed_is_that_of_the_texts_as_they_were_sent(embedding_server: Start) -> None:
    """The tail counts, too."""
    server = embedding_server()
    a_plan = usual(server.base_url, rate_per_s=400.0)
    samples, summary = found(a_plan)
    assert summary.n_failed == 0
    sent = [sum(map(tokens_of, call.texts)) for call in script(a_plan)]
    assert [s.tokens_billed for s in sorted(samples, key=lambda s: s.seq)] == sent
    without = sum(tokens_of(text) for call in script(a_plan) for text, _ in call.parts)
    assert sum(sent) > without


def some(repeat_s: float, drawn: Iterator[float]) -> list[Sample]:
    """80 requests, those that repeat one of them at a time of their own."""
    return [
        sample(4 + i, repeat_s if i % 16 == 15 else next(drawn), tokens_billed=5) for i in range(80)
    ]


@pytest.mark.parametrize(("repeat_s", "said"), [(0.003, True), (0.045, False), (0.2, False)])
def test_a_repeat_must_be_clearly_quicker(repeat_s: float, *, said: bool) -> None:
    """At seven tenths of the first time, and by more than chance."""
    drawn = iter([0.05 + 0.001 * ((i * 37) % 11) for i in range(80)])
    words = " ".join(cautions(usual("http://127.0.0.1:9/v1"), some(repeat_s, drawn)))
    assert ("answers from a memory" in words) == said


def test_microseconds_are_no_memory() -> None:
    """0.3 ms instead of 0.9 ms is less than anybody would notice."""
    drawn = iter([0.0009 + 0.00001 * ((i * 37) % 11) for i in range(80)])
    words = cautions(usual("http://127.0.0.1:9/v1"), some(0.0003, drawn))
    assert not any("memory" in sentence for sentence in words)


def test_one_vector_for_every_text_is_no_answer(embedding_server: Start) -> None:
    """The third unlike text shows it, and nothing is measured of such a server."""
    server = embedding_server(Config(common_vector=1.0))
    samples, summary = found(usual(server.base_url, rate_per_s=400.0))
    assert summary.n_ok == 0
    assert {s.outcome for s in samples[2:]} == {Outcome.ONE_VECTOR}
    assert samples[-1].detail == "texts that have nothing in common got one and the same vector"


@pytest.mark.parametrize(("common", "said"), [(0.99, True), (0.9, False)])
def test_nearly_one_vector_is_a_caution(
    embedding_server: Start, common: float, *, said: bool
) -> None:
    """A cosine of 0.9999 between all of them; 0.988 is what some models have."""
    server = embedding_server(Config(common_vector=common))
    _, summary = found(usual(server.base_url, rate_per_s=400.0))
    assert summary.n_failed == 0
    assert ("nearly one vector for all texts" in " ".join(summary.warnings)) == said


def test_texts_that_are_alike_may_have_one_vector(embedding_server: Start) -> None:
    """A model that reads the beginning alone is right to give it one vector."""
    server = embedding_server(Config(common_vector=1.0))
    texts = tuple(f"{'the same words again and again ' * 20}{i}" for i in range(5))
    _, summary = found(usual(server.base_url, texts=texts, rate_per_s=400.0))
    assert summary.n_failed == 0
