"""A base that spills to an API: proved first, then by the number of requests under way."""

import asyncio
from collections.abc import Callable

import numpy as np
import pytest
from pydantic import SecretStr

from core.errors import RunError
from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.embedders.wrapped.hybrid_embedder import (
    LEAST_COSINE,
    SPILLED,
    Hybrid,
    check_texts,
    refuse_different,
)
from core.probe.records.embedder import Answer
from core.probe.records.timings import Timings
from tests.probe.support import KEY, target
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]


def hybrid(base_url: str, burst_url: str, limit: int = 1) -> Hybrid:
    """Both sides in OpenAI's form."""
    base, burst = (OpenAICompatible(target(url), SecretStr(KEY)) for url in (base_url, burst_url))
    return Hybrid(base, burst, limit)


def proved_and_asked(both: Hybrid, at_once: int) -> list[Answer]:
    """Prove, then send so many requests at the same time. Raises RunError."""

    async def ask() -> list[Answer]:
        try:
            await both.open()
            await both.prove(check_texts(["mine"]), timeout_s=20)
            return await asyncio.gather(
                *(
                    both.embed([f"text {i}"], timeout_s=20, timings=Timings())
                    for i in range(at_once)
                )
            )
        finally:
            await both.aclose()

    return asyncio.run(ask())


def test_what_the_base_cannot_take_at_once_spills_over(embedding_server: Start) -> None:
    """Two under way at the base, the other three at the burst target; only those cost a call."""
    base = embedding_server(Config(delay=Delay(median_s=0.2)))
    burst = embedding_server()
    answers = proved_and_asked(hybrid(base.base_url, burst.base_url, limit=2), at_once=5)
    assert [answer.note == SPILLED for answer in answers] == [False, False, True, True, True]
    assert [answer.free for answer in answers] == [True, True, False, False, False]
    assert (len(base.truths), len(burst.truths)) == (1 + 2, 1 + 3)


def test_nothing_spills_while_the_base_keeps_up(embedding_server: Start) -> None:
    """One after another, one at a time is enough."""
    base, burst = embedding_server(), embedding_server()
    answers = proved_and_asked(hybrid(base.base_url, burst.base_url), at_once=1)
    assert [answer.note for answer in answers] == [""]
    assert len(burst.truths) == 1


@pytest.mark.parametrize(
    ("base", "burst", "words"),
    [
        ({}, {"dims": 64}, r"384 dimensions and the burst target 64"),
        ({}, {"faults": {0: "unstable"}}, r"do not give the same vectors: the cosine .* is -?0\."),
        ({"faults": {0: "unstable"}}, {}, r"must not be mixed"),
        ({}, {"faults": {0: "500"}}, r"burst target gave no vectors .*server error: status 500"),
        ({"faults": {0: "fewer"}}, {}, r"The base gave no vectors to compare \(wrong count"),
    ],
)
def test_sides_that_do_not_agree_are_refused_with_the_reason(
    embedding_server: Start, base: dict[str, object], burst: dict[str, object], words: str
) -> None:
    """And nothing but the check texts was sent."""
    servers = [embedding_server(Config(**side)) for side in (base, burst)]  # type: ignore[arg-type]
    with pytest.raises(RunError, match=words):
        proved_and_asked(hybrid(servers[0].base_url, servers[1].base_url), at_once=1)
    assert all(len(server.truths) <= 1 for server in servers)


def test_nothing_is_asked_without_the_proof(embedding_server: Start) -> None:
    """Whoever forgets it is told."""
    both = hybrid(embedding_server().base_url, embedding_server().base_url)
    with pytest.raises(RunError, match="before both sides were proved"):
        asyncio.run(both.embed(["x"], timeout_s=1, timings=Timings()))


def test_the_least_cosine_is_where_it_is_said_to_be() -> None:
    """A rotation a little less than the limit passes, a little more does not; length is free."""
    for cosine, allowed in ((LEAST_COSINE + 1e-4, True), (LEAST_COSINE - 1e-4, False)):
        own = np.array([[1.0, 0.0], [0.0, 2.0]])
        other = np.array([[cosine, np.sqrt(1 - cosine**2)], [0.0, 1.0]])
        if allowed:
            refuse_different(own, other)
        else:
            with pytest.raises(RunError, match="the least"):
                refuse_different(own, other)


def test_the_longest_text_of_ones_own_is_among_those_checked() -> None:
    """Another limit of length shows in it alone."""
    assert check_texts(["a", "b" * 5_000])[-1] == "b" * 5_000
    assert any(len(text) > 2_000 for text in check_texts([]))
