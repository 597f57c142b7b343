"""Everything that a server can do wrong ends in its named outcome and never as a fast success."""

import math
import re
from collections.abc import Callable
from typing import Any

import pytest

from core.probe.records.embedder import Fault
from core.probe.records.sample import Outcome
from tests.probe.support import ask_in_turn, carry_out, plan
from tests.servers.faults import FAULTS
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]

NO_FAULTS = {
    "split",
    "interim",
    "chunked",
    "gzip",
    "extra_bytes",
    "idle_close",
    "no_usage",
    "swapped",
}
NO_FAULTS |= {"truncating", "limited", "caching", "coarse_numbers"}  # seen by an inspection
SLOW = {
    "hang",
    "hang_after_head",
    "hang_in_body",
    "drip_header",
    "drip_body",
    "drip_chunks",
    "drip_interim",
}

OF_THE_WIRE = {
    "402": Outcome.HTTP_ERROR,
    "408": Outcome.HTTP_ERROR,
    "529": Outcome.SERVER_ERROR,
    "big_integers": Outcome.NOT_FINITE,
    "true_vector": Outcome.MISSING_VECTOR,
    "object_vector": Outcome.MISSING_VECTOR,
    "bad_utf8": Outcome.BAD_JSON,
    "hang_after_head": Outcome.TIMEOUT,
    "hang_in_body": Outcome.TIMEOUT,
    "drip_chunks": Outcome.TIMEOUT,
    "drip_interim": Outcome.TIMEOUT,
    "both_lengths": Outcome.BAD_HTTP,
    "absurd_length": Outcome.TOO_LARGE,
    "overflowing_length": Outcome.BAD_HTTP,
    "negative_length": Outcome.BAD_HTTP,
    "bad_chunk": Outcome.BAD_HTTP,
    "reset_at_once": Outcome.STALE_CONNECTION,  # the connection was used before
    "switch": Outcome.BAD_HTTP,
    "endless_interim": Outcome.TOO_LARGE,
    "no_content": Outcome.BAD_HTTP,
    "deflate": Outcome.BAD_HTTP,
    "nested_gzip": Outcome.BAD_HTTP,
}
"""What every wire format meets in the same code: driven once, with OpenAI's format."""

OUTCOMES = OF_THE_WIRE | {
    "400": Outcome.HTTP_ERROR,
    "401": Outcome.UNAUTHORISED,
    "403": Outcome.UNAUTHORISED,
    "404": Outcome.HTTP_ERROR,
    "429": Outcome.RATE_LIMITED,
    "429_date": Outcome.RATE_LIMITED,
    "500": Outcome.SERVER_ERROR,
    "503": Outcome.SERVER_ERROR,
    "hang": Outcome.TIMEOUT,
    "drip_header": Outcome.TIMEOUT,
    "drip_body": Outcome.TIMEOUT,
    "reset": Outcome.RESET,
    "short_body": Outcome.RESET,
    "short_header": Outcome.RESET,
    "close_unanswered": Outcome.STALE_CONNECTION,  # the connection was used before
    "bad_json": Outcome.BAD_JSON,
    "json_list": Outcome.BAD_JSON,
    "deep_json": Outcome.BAD_JSON,
    "html": Outcome.BAD_JSON,
    "empty": Outcome.BAD_JSON,
    "error_object": Outcome.ERROR_IN_BODY,
    "no_data": Outcome.BAD_JSON,
    "fewer": Outcome.WRONG_COUNT,
    "more": Outcome.WRONG_COUNT,
    "null_vector": Outcome.MISSING_VECTOR,
    "text_vector": Outcome.MISSING_VECTOR,
    "nested_vector": Outcome.MISSING_VECTOR,
    "cut_base64": Outcome.MISSING_VECTOR,
    "null_component": Outcome.NOT_FINITE,
    "nan": Outcome.NOT_FINITE,
    "infinity": Outcome.NOT_FINITE,
    "wrong_dims": Outcome.WRONG_DIMENSIONS,
    "empty_vector": Outcome.WRONG_DIMENSIONS,
    "zeros": Outcome.ZERO_NORM,
    "no_index": Outcome.WRONG_ORDER,
    "swapped_silently": Outcome.UNSTABLE_VECTOR,
    "unstable": Outcome.UNSTABLE_VECTOR,
    "other_model": Outcome.WRONG_MODEL,
    "usage_absurd": Outcome.IMPLAUSIBLE_USAGE,
    "usage_negative": Outcome.IMPLAUSIBLE_USAGE,
    "huge_body": Outcome.TOO_LARGE,
    "huge_chunks": Outcome.TOO_LARGE,
    "gzip_bomb": Outcome.TOO_LARGE,
    "bad_gzip": Outcome.BAD_HTTP,
    "cut_gzip": Outcome.BAD_HTTP,
    "redirect": Outcome.REDIRECT,
    "redirect_loop": Outcome.REDIRECT,
    "redirect_elsewhere": Outcome.REDIRECT,
    "conflicting_length": Outcome.BAD_HTTP,
    "endless_header": Outcome.TOO_LARGE,
    "no_length": Outcome.BAD_HTTP,
    "bare_lf": Outcome.BAD_HTTP,
    "not_http": Outcome.BAD_HTTP,
}


def test_every_fault_of_the_server_is_expected_here() -> None:
    """A fault that is added to the server must be given its outcome."""
    assert set(FAULTS) == set(OUTCOMES) | NO_FAULTS


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_fault_after_good_answers_has_its_name_and_is_infinitely_slow(
    embedding_server: Start, name: str
) -> None:
    """Three right answers, then one fault: one sample of it, not retried, and the run goes on."""
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
            timeout_s=0.5 if name in SLOW else 20,
        )
    )
    faulty = next(s for s in run.samples if s.seq == 3)
    assert faulty.outcome is OUTCOMES[name]
    assert faulty.response_s == faulty.service_s == math.inf
    assert faulty.detail
    assert sorted(s.seq for s in run.samples) == list(range(7))
    if faulty.outcome is not Outcome.UNAUTHORISED:  # which ends the run
        assert [s.outcome for s in run.samples if s.seq != 3] == [Outcome.OK] * 6
        assert len(server.truths) == 7


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
