"""Everything that a server can do wrong ends in its named outcome and never as a fast success."""

import math
import re
from collections.abc import Callable
from typing import Any

import pytest

from core.probe.records.embedder import Fault
from core.probe.records.sample import Outcome
from tests.harness.pace import at_our_pace
from tests.probe.fault_outcomes import (
    IN_EVERY_FORMAT,
    OF_THE_WIRE,
    RIGHT,
    SEEN_BY_AN_INSPECTION,
    SLOW,
    WITH_A_MODEL,
    WITH_AN_INDEX,
    WITH_TOKENS,
)
from tests.probe.support import ask_in_turn, carry_out, plan
from tests.servers.faults import FAULTS
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]

NO_FAULTS = RIGHT | SEEN_BY_AN_INSPECTION | {"swapped"}  # put right by its index
OUTCOMES = OF_THE_WIRE | IN_EVERY_FORMAT | WITH_AN_INDEX | WITH_A_MODEL | WITH_TOKENS


def test_every_fault_of_the_server_is_expected_here() -> None:
    """A fault that is added to the server must be given its outcome."""
    assert set(FAULTS) == set(OUTCOMES) | NO_FAULTS


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_fault_after_good_answers_has_its_name_and_is_infinitely_slow(
    embedding_server: Start, name: str
) -> None:
    """Three right answers, then one fault: one sample of it, not retried, and the run goes on."""

    def scene(slower: int) -> None:
        server = embedding_server(Config(faults={3: name}))
        run = carry_out(
            plan(
                server.base_url,
                texts=("one", "two"),
                texts_per_request=2,
                requests=4,
                warm_up_requests=2,
                rate_per_s=40,
                arrivals="constant",
                timeout_s=0.5 * slower if name in SLOW else 60,
            )
        )
        faulty = next(s for s in run.samples if s.seq == 3)
        assert faulty.outcome is OUTCOMES[name]
        assert faulty.response_s == faulty.service_s == math.inf
        assert faulty.detail
        assert sorted(s.seq for s in run.samples) == list(range(7))
        if faulty.outcome not in {Outcome.UNAUTHORISED, Outcome.NO_CREDIT}:  # which end the run
            assert [s.outcome for s in run.samples if s.seq != 3] == [Outcome.OK] * 6
            assert len(server.truths) == 7

    at_our_pace(scene)


@pytest.mark.parametrize("name", sorted(NO_FAULTS))
def test_unusual_but_right_answers_are_answers(embedding_server: Start, name: str) -> None:
    """Interim answers, chunks, gzip, surplus bytes, a close after the answer, missing usage."""
    server = embedding_server()
    pause_s = 0.3 if name == "idle_close" else 0.0
    answers = ask_in_turn(server.fault_url(name), [["one", "two"]] * 3, pause_s=pause_s)
    for answer, timings in answers:
        assert answer.vectors.shape == (2, 384)
        assert (answer.tokens_billed is None) == (name == "no_usage")
        assert timings.completed_ns is not None
    reused = [not timings.new_connection for _, timings in answers[1:]]
    assert not any(reused) if name in {"extra_bytes", "idle_close"} else all(reused)


@pytest.mark.parametrize("name", ["nan", "null_component", "zeros", "fewer", "wrong_dims"])
def test_broken_vectors_are_seen_in_a_first_answer(embedding_server: Start, name: str) -> None:
    """Without any earlier answer to compare with, given the dimensions."""
    url = embedding_server().fault_url(name)
    with pytest.raises(Fault) as found:
        ask_in_turn(url, [["one", "two"]], expected_dims=384)
    assert found.value.outcome is OUTCOMES[name]


def details(name: str, start: Start) -> Fault:
    """The fault that a first request under this path ends in."""
    with pytest.raises(Fault) as found:
        ask_in_turn(start().fault_url(name), [["one", "two"]])
    return found.value


def test_what_the_server_says_of_its_faults_is_kept(embedding_server: Start) -> None:
    """Status, Retry-After in seconds and as a date, its own time."""
    limited = details("429", embedding_server).reported
    assert (limited.http_status, limited.retry_after_s) == (429, 7.0)
    assert limited.server_ms is not None
    dated = details("429_date", embedding_server).reported.retry_after_s
    assert dated is not None
    assert dated > 1e8
    assert details("503", embedding_server).reported.retry_after_s == 1.0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("html", "a web page instead of JSON"),
        ("empty", "the body is empty"),
        ("error_object", "model_overloaded"),
        ("null_component", "null"),
        ("short_body", r"closed after [\d,]+ of [\d,]+ bytes"),
        ("close_unanswered", "closed before an answer"),
        ("conflicting_length", "Content-Length"),
        ("gzip_bomb", "inflates above"),
        ("redirect", "not followed"),
    ],
)
def test_details_say_what_happened(embedding_server: Start, name: str, words: str) -> None:
    """A few words that a person can act on."""
    assert re.search(words, details(name, embedding_server).detail)


def test_a_reset_on_a_new_connection_is_not_called_stale(embedding_server: Start) -> None:
    """Only a reused connection can have gone stale."""
    assert details("close_unanswered", embedding_server).outcome is Outcome.RESET


@pytest.mark.parametrize("usage", ["usage_absurd", "usage_negative"])
def test_absurd_usage_reaches_nobody(embedding_server: Start, usage: str) -> None:
    """A billed count that cannot be is an error, and no number to store or to pay."""
    server = embedding_server(Config(faults={1: usage}))
    run = carry_out(plan(server.base_url, requests=2, warm_up_requests=1))
    assert run.samples[1].outcome is Outcome.IMPLAUSIBLE_USAGE
    assert run.samples[1].tokens_billed is None


def test_absurd_headers_reach_nobody(embedding_server: Start) -> None:
    """A count of requests left that no column holds is dropped."""
    server = embedding_server(Config(requests_left=10**30))
    ((answer, _),) = ask_in_turn(server.base_url, [["one"]])
    assert answer.reported.requests_left is None
    server = embedding_server(Config(requests_left=12))
    ((answer, _),) = ask_in_turn(server.base_url, [["one"]])
    assert answer.reported.requests_left == 12


def test_dimensions_are_asked_for_and_then_expected(embedding_server: Start) -> None:
    """The endpoint is held to what was asked of it."""
    server = embedding_server()
    good = carry_out(plan(server.base_url, target_changes={"dimensions": 64}))
    assert {s.dims for s in good.samples} == {64}
    changes: dict[str, Any] = {"expected_dims": 512}
    bad = carry_out(plan(server.base_url, target_changes=changes))
    assert bad.samples[0].outcome is Outcome.WRONG_DIMENSIONS
