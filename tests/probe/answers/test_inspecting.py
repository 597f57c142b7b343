"""What only questions made for the purpose can show, asked of real servers."""

import asyncio
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from pydantic import SecretStr

from core.measurement.beside.inspection import Inspection
from core.probe.answers.asking import Told
from core.probe.answers.inspecting import LENGTHS, PAIRS, _caching, inspect, inspection_texts
from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.records.budget import Budget, Unlimited
from core.probe.records.timings import Timings, to_ns
from tests.harness.pace import at_our_pace
from tests.probe.sending.test_run_probe import Purse
from tests.probe.support import KEY, target
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]
REQUESTS = 2 + len(LENGTHS) + 2 * PAIRS + 1


def inspected(
    url: str, *, budget: Budget | None = None, cancelled: Callable[[], bool] = lambda: False
) -> Inspection:
    """The findings at an address."""

    async def ask() -> Inspection:
        embedder, floats = (
            OpenAICompatible(target(url), SecretStr(KEY), encoding=encoding)
            for encoding in ("base64", "float")
        )
        try:
            return await inspect(
                embedder,
                budget or Unlimited(),
                timeout_s=60,
                cancelled=cancelled,
                other_encoding=floats,
            )
        finally:
            await embedder.aclose()
            await floats.aclose()

    return asyncio.run(ask())


def test_a_faultless_endpoint_has_nothing_to_be_told_of(embedding_server: Start) -> None:
    """The same vector twice, in both encodings; long texts are read to their ends."""
    server = embedding_server(Config(delay=Delay(median_s=0.01)))
    found = inspected(server.base_url)
    assert found.sentences == ()
    assert found.repeat_cosine == pytest.approx(1)
    assert found.encoding_difference is not None
    assert found.encoding_difference < 1e-6
    assert (found.truncation, found.reads_characters) == ("none_seen", LENGTHS[-1])
    assert found.cached is False
    assert found.fresh_p50_s is not None
    assert found.fresh_p50_s >= 0.01
    assert len(server.truths) == REQUESTS


def test_silent_truncation_is_found_where_it_begins(embedding_server: Start) -> None:
    """A text and the same with another end have the same vector: the end was not read."""
    found = inspected(embedding_server().fault_url("truncating"))
    assert (found.truncation, found.truncation_characters) == ("silent", 8_000)
    assert found.reads_characters == 2_000
    assert any("cut off without a word: of 8,000" in sentence for sentence in found.sentences)


def test_a_refusal_of_long_texts_is_no_truncation(embedding_server: Start) -> None:
    """It says so itself."""
    found = inspected(embedding_server().fault_url("limited"))
    assert (found.truncation, found.truncation_characters) == ("refused", 8_000)
    assert found.reads_characters == 2_000


def test_a_cache_is_found_by_texts_that_are_new(embedding_server: Start) -> None:
    """A new text takes 40 ms, one that was sent before none: repeats are all quicker."""

    def scene(slower: int) -> None:
        new_text_s = 0.04 * slower
        found = inspected(embedding_server(Config(new_text_s=new_text_s)).base_url)
        assert found.cached
        assert found.fresh_p50_s is not None
        assert found.repeated_p50_s is not None
        assert found.fresh_p50_s >= new_text_s > found.repeated_p50_s
        assert any("Answers are cached" in sentence for sentence in found.sentences)

    at_our_pace(scene)


@pytest.mark.parametrize(
    ("repeated_ms", "cached"),
    [
        ([1, 1, 1, 1, 1], True),
        ([1, 1, 1, 1, 39], True),
        ([1, 1, 1, 1, 40], False),
        ([29, 29, 29, 29, 29], False),
        ([27, 27, 27, 27, 27], True),
    ],
    ids=["all quick", "all quicker", "one is not", "by too little", "by enough"],
)
def test_a_cache_answers_every_repeat_sooner_and_most_much_sooner(
    repeated_ms: list[int], cached: bool
) -> None:
    """Fresh texts take 40 ms; one repeat that takes as long, for whatever reason, leaves doubt."""
    pairs = [told for ms in repeated_ms for told in (answered(40), answered(ms))]
    assert _caching(pairs)["cached"] is cached


def answered(ms: int) -> Told:
    """An answer after a time."""
    told = Told(Timings(sent_ns=0, completed_ns=to_ns(ms / 1e3)))
    told.vectors = np.ones((1, 2))
    return told


def test_other_vectors_for_the_same_text_and_coarse_numbers_are_found(
    embedding_server: Start,
) -> None:
    """A random answer, and JSON numbers that were rounded."""
    server = embedding_server()
    unstable = inspected(server.fault_url("unstable"))
    assert unstable.repeat_cosine is not None
    assert unstable.repeat_cosine < 0.5
    assert any("another vector the second time" in told for told in unstable.sentences)
    coarse = inspected(server.fault_url("coarse_numbers"))
    assert coarse.encoding_difference == pytest.approx(0.005, abs=0.001)
    assert any("Base64 and JSON numbers differ" in told for told in coarse.sentences)


def test_an_endpoint_that_fails_brings_no_findings(embedding_server: Start) -> None:
    """Unknown is None, never a verdict."""
    assert inspected(embedding_server().fault_url("500")) == Inspection()


def test_every_question_is_paid_for_and_none_is_asked_without_money(
    embedding_server: Start,
) -> None:
    """After the purse is empty nothing is sent; a cancelled inspection asks nothing."""
    server = embedding_server()
    purse = Purse(4)
    inspected(server.base_url, budget=purse)
    assert len(server.truths) == 4 == len(purse.settled)
    inspected(server.base_url, cancelled=lambda: True)
    assert len(server.truths) == 4


def test_the_texts_are_new_every_time_and_their_number_is_known() -> None:
    """Or a cache from the last inspection would look slow, and the cost could not be foreseen."""
    first, second = inspection_texts(), inspection_texts()
    assert len(first) == len(second) == REQUESTS
    assert [_sizes(texts) for texts in first] == [_sizes(texts) for texts in second]
    assert first[0] != second[0]
    fresh = {texts for texts in first if len(texts) == 1}
    assert len(fresh) == PAIRS + 1


def _sizes(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]
