"""Every remote wire format ends every fault in the same named outcome, by the same code path."""

import asyncio
import json
import logging
import math
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict

import numpy as np
import pytest

from core.probe.answers.answer_check import AnswerCheck
from core.probe.records.embedder import Answer, Embedder, Fault
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings
from tests.harness.pace import at_our_pace
from tests.probe.embedders.support import FORMATS, Format
from tests.probe.fault_outcomes import (
    BELOW_THE_BODY,
    IN_EVERY_FORMAT,
    OF_THE_WIRE,
    RIGHT,
    SEEN_BY_AN_INSPECTION,
    SLOW,
    WITH_A_MODEL,
    WITH_AN_INDEX,
    WITH_TOKENS,
)
from tests.probe.support import KEY, carry_out
from tests.servers.embeddings import tokens_of, vector_of
from tests.servers.faults import FAULTS
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]

IDS = [a_format.wire.value for a_format in FORMATS]
TEXTS = ["one", "two words", "Zürich"]


def outcomes(a_format: Format) -> dict[str, Outcome]:
    """Every fault that this format can meet."""
    found = dict(IN_EVERY_FORMAT)
    if a_format.indexed:
        found |= WITH_AN_INDEX
    else:
        found["swapped"] = Outcome.UNSTABLE_VECTOR
    if a_format.states_model:
        found |= WITH_A_MODEL
    if a_format.states_tokens:
        found |= WITH_TOKENS
    return found | a_format.own


CASES = [
    (a_format, name)
    for a_format in FORMATS
    for name in outcomes(a_format)
    if not (a_format.shares_wire and name in BELOW_THE_BODY)
]
CASE_IDS = [f"{a_format.wire.value}-{name}" for a_format, name in CASES]


def asked(embedder: Embedder, batches: Sequence[Sequence[str]]) -> list[Answer]:
    """The judged answers to batches, one after another. Raises Fault."""

    async def ask() -> list[Answer]:
        check = AnswerCheck(asked_model="m", expected_dims=None)
        answers = []
        await embedder.open()
        try:
            for texts in batches:
                answers.append(await embedder.embed(texts, timeout_s=20.0, timings=Timings()))
                check.judge(texts, answers[-1])
        finally:
            await embedder.aclose()
        return answers

    return asyncio.run(ask())


def refused(a_format: Format, start: Start, name: str) -> Fault:
    """The fault that a first request under this address ends in."""
    url = start().dialect_url(a_format.dialect, name)
    with pytest.raises(Fault) as found:
        asked(a_format.made(url), [["one", "two"]])
    return found.value


@pytest.mark.parametrize("a_format", FORMATS, ids=IDS)
def test_every_fault_of_the_server_is_expected_of_every_format(a_format: Format) -> None:
    """A fault that is added to the server must be given its outcome."""
    unheard = set() if a_format.states_model else set(WITH_A_MODEL)
    if not a_format.states_tokens:
        unheard |= set(WITH_TOKENS)
    # By its index an order is put right; without one there is none to be wrong.
    unheard |= {"swapped"} if a_format.indexed else set(WITH_AN_INDEX)
    known = set(outcomes(a_format)) | RIGHT | set(OF_THE_WIRE) | SEEN_BY_AN_INSPECTION | unheard
    known |= a_format.right
    assert set(FAULTS) | set(a_format.dialect.faults) == known


@pytest.mark.parametrize("a_format", FORMATS, ids=IDS)
def test_the_vectors_are_those_of_the_texts(embedding_server: Start, a_format: Format) -> None:
    """In order, of the asked model, with the tokens where the format states them."""
    server = embedding_server()
    (answer,) = asked(a_format.made(server.dialect_url(a_format.dialect)), [TEXTS])
    for text, vector in zip(TEXTS, answer.vectors, strict=True):
        assert np.allclose(vector, vector_of(text, 384), atol=1e-7)
    assert answer.positions == (0, 1, 2)
    tokens = sum(map(tokens_of, TEXTS))
    assert answer.tokens_billed == (tokens if a_format.states_tokens else None)
    assert answer.model == ("m" if a_format.states_model else None)
    (truth,) = server.truths
    assert (truth.model, truth.texts, truth.bearer) == ("m", 3, True)


@pytest.mark.parametrize(("a_format", "name"), CASES, ids=CASE_IDS)
def test_a_fault_after_good_answers_has_its_name_and_is_infinitely_slow(
    embedding_server: Start, a_format: Format, name: str
) -> None:
    """Three right answers, then one fault: one sample of it, not retried, and the run goes on."""

    def scene(slower: int) -> None:
        server = embedding_server(Config(faults={3: name}))
        timeout_s = 0.5 * slower if name in SLOW else 60.0
        a_plan = a_format.plan(server.dialect_url(a_format.dialect), timeout_s=timeout_s)
        assert a_plan.target.kind == "api"
        run = carry_out(a_plan, a_format.made(str(a_plan.target.endpoint.base_url)))
        faulty = next(s for s in run.samples if s.seq == 3)
        assert faulty.outcome is outcomes(a_format)[name]
        assert faulty.response_s == faulty.service_s == math.inf
        assert faulty.detail
        assert sorted(s.seq for s in run.samples) == list(range(7))
        if faulty.outcome is not Outcome.UNAUTHORISED:  # which ends the run
            assert [s.outcome for s in run.samples if s.seq != 3] == [Outcome.OK] * 6
            assert len(server.truths) == 7

    at_our_pace(scene)


@pytest.mark.parametrize(
    ("a_format", "name"),
    [(f, n) for f in FORMATS for n in sorted(RIGHT) if f.states_tokens or n != "no_usage"],
    ids=lambda value: value.wire.value if isinstance(value, Format) else value,
)
def test_unusual_but_right_answers_are_answers(
    embedding_server: Start, a_format: Format, name: str
) -> None:
    """Interim answers, chunks, gzip, surplus bytes, missing usage."""
    url = embedding_server().dialect_url(a_format.dialect, name)
    (answer,) = asked(a_format.made(url), [["one", "two"]])
    assert answer.vectors.shape == (2, 384)
    assert (answer.tokens_billed is None) == (name == "no_usage" or not a_format.states_tokens)


@pytest.mark.parametrize("a_format", FORMATS, ids=IDS)
def test_what_the_server_says_of_a_refusal_is_kept(
    embedding_server: Start, a_format: Format
) -> None:
    """The status and the wait of a Retry-After header."""
    reported = refused(a_format, embedding_server, "429").reported
    assert (reported.http_status, reported.retry_after_s) == (429, 7.0)


@pytest.mark.parametrize("a_format", FORMATS, ids=IDS)
def test_a_wrong_key_ends_the_run(embedding_server: Start, a_format: Format) -> None:
    """As the provider itself words it; the first refusal is the last request."""
    server = embedding_server(Config(api_key="another"))
    a_plan = a_format.plan(server.dialect_url(a_format.dialect))
    assert a_plan.target.kind == "api"
    run = carry_out(a_plan, a_format.made(str(a_plan.target.endpoint.base_url)))
    first, *rest = sorted(run.samples, key=lambda s: s.seq)
    assert first.outcome is Outcome.UNAUTHORISED
    assert {s.sent_ns for s in rest} == {None}


@pytest.mark.parametrize("a_format", FORMATS, ids=IDS)
def test_a_bad_request_is_told_apart_from_a_refused_key(
    embedding_server: Start, a_format: Format
) -> None:
    """An empty text is an HTTP error in every format."""
    url = embedding_server().dialect_url(a_format.dialect)
    with pytest.raises(Fault) as found:
        asked(a_format.made(url), [[""]])
    assert found.value.outcome is Outcome.HTTP_ERROR
    assert found.value.reported.http_status == 400


@pytest.mark.parametrize("name", ["401", "429", "500", "400", "error_object", "html", "reset"])
@pytest.mark.parametrize("a_format", FORMATS, ids=IDS)
def test_the_key_is_in_its_header_and_nowhere_else(
    embedding_server: Start, caplog: pytest.LogCaptureFixture, a_format: Format, name: str
) -> None:
    """Neither in samples and logs nor in an error, though the server repeats it."""
    caplog.set_level(logging.DEBUG)
    server = embedding_server()
    url = server.dialect_url(a_format.dialect, name)
    run = carry_out(a_format.plan(url, requests=1), a_format.made(url))
    assert server.truths[0].bearer
    fault = refused(a_format, embedding_server, name)
    trace = "".join(traceback.format_exception(fault))
    samples = json.dumps([asdict(s) for s in run.samples])
    for place in (samples, repr(run), repr(fault), trace, caplog.text):
        assert KEY not in place
    assert fault.__cause__ is None


@pytest.mark.parametrize("a_format", FORMATS, ids=IDS)
def test_no_representation_of_an_embedder_holds_the_key(a_format: Format) -> None:
    """Its repr, its fields and those of what it is made of."""
    embedder = a_format.made(f"http://127.0.0.1:9{a_format.dialect.base_path}")
    asyncio.run(embedder.open())
    post = vars(embedder)["_post"]
    for part in (embedder, post, vars(post)["_transport"]):
        assert KEY not in repr(part)
        assert KEY not in repr(vars(part))


@pytest.mark.parametrize(
    "a_format", [f for f in FORMATS if f.wire.value != "huggingface"], ids=lambda f: f.wire.value
)
def test_dimensions_are_asked_for_by_the_formats_own_name(
    embedding_server: Start, a_format: Format
) -> None:
    """The server refuses names that the format does not document."""
    url = embedding_server().dialect_url(a_format.dialect)
    (answer,) = asked(a_format.made(url, dimensions=64), [["one"]])
    assert answer.vectors.shape == (1, 64)
