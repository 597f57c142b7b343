"""A refusal has its name, the server's own sentence, the path that was asked and the wait."""

import json
from typing import Any

import pytest
from pydantic import SecretStr

from core.probe.embedders.by_name import make_embedder
from core.probe.findings.summary import summarise
from core.probe.records.embedder import Fault
from core.probe.records.ending import EndReason
from core.probe.records.sample import Outcome
from tests.probe.support import KEY, ask_in_turn, carry_out, plan
from tests.servers.embeddings import answer_of, understand
from tests.servers.talking import Asked, Said, talking

TEXT = "How long does a refund take to arrive at a bank in Zürich?"


def refused(said: Said, base: str = "/v1", text: str = TEXT) -> Fault:
    """The fault of a first request at this base address."""
    with talking(lambda _: said) as server, pytest.raises(Fault) as found:
        ask_in_turn(f"{server.origin}{base}", [[text]])
    return found.value


def said(status: int, document: Any, *headers: tuple[str, str]) -> Said:
    """A refusal in JSON."""
    return Said(status, json.dumps(document).encode(), headers)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"error": {"message": "Unknown model m", "code": "x"}}, "Unknown model m"),
        ({"error": "no such model", "error_type": "Validation"}, "no such model"),
        ({"detail": "Model busy"}, "Model busy"),
        ({"title": "Bad", "detail": "too cold"}, "Bad; too cold"),
    ],
)
def test_the_servers_own_sentence_is_kept(document: Any, sentence: str) -> None:
    """OpenAI's, TEI's, FastAPI's and that of problem details."""
    fault = refused(said(400, document))
    assert fault.reported.said == sentence
    assert fault.outcome is Outcome.HTTP_ERROR


def test_an_echoing_server_has_neither_key_nor_text_kept() -> None:
    """All that was sent comes back in the message, and nothing of it is in the fault."""

    def echo(asked: Asked) -> Said:
        everything = f"bad: {asked.body.decode()} {asked.headers['authorization']}"
        return said(400, {"error": {"message": everything}})

    with talking(echo) as server, pytest.raises(Fault) as found:
        ask_in_turn(f"{server.origin}/v1", [[TEXT, "another text of a person, with a name in it"]])
    kept = f"{found.value!r} {found.value.reported!r} {found.value.detail}"
    for piece in (TEXT[:20], TEXT[-20:], "with a name in it", KEY, KEY[:8]):
        assert piece not in kept
    assert found.value.reported.said.startswith("bad: {")


def test_a_page_under_a_right_status_gives_its_title_and_an_error_object_its_words() -> None:
    """A sign-in page, and an error that came with status 200."""
    page = refused(Said(200, b"<html><title>Sign in to the gateway</title>secret page</html>"))
    assert (page.outcome, page.reported.said) == (Outcome.BAD_JSON, "Sign in to the gateway")
    error = refused(said(200, {"error": {"message": "CUDA out of memory"}}))
    assert (error.outcome, error.reported.said) == (Outcome.ERROR_IN_BODY, "CUDA out of memory")


@pytest.mark.parametrize(
    ("base", "words"),
    [
        ("", "(POST /embeddings): most servers want /v1 at the end of the address"),
        ("/v1/embeddings", "leave /embeddings off the address, it is added"),
        ("/v1", "(POST /v1/embeddings)"),
        ("/openai/deployments/mine", "(POST /openai/deployments/mine/embeddings)"),
    ],
)
def test_a_404_says_which_path_was_asked_and_what_is_mostly_wrong(base: str, words: str) -> None:
    """A missing /v1, and a path that was pasted with the address."""
    fault = refused(said(404, {"detail": "Not Found"}), base)
    assert fault.detail.startswith("status 404: no such path or model")
    assert fault.detail.endswith(words)


@pytest.mark.parametrize(
    ("status", "document", "outcome"),
    [
        (402, {"error": {"message": "pay"}}, Outcome.NO_CREDIT),
        (429, {"error": {"message": "quota", "code": "insufficient_quota"}}, Outcome.NO_CREDIT),
        (429, {"error": {"message": "quota", "type": "insufficient_quota"}}, Outcome.NO_CREDIT),
        (429, {"error": {"message": "slow down", "code": "rate_limit"}}, Outcome.RATE_LIMITED),
        (413, {"error": "batch size 64 > maximum allowed batch size 32"}, Outcome.OVER_LIMIT),
        (400, {"error": {"message": "array too long, maximum length 16"}}, Outcome.OVER_LIMIT),
        (400, {"error": {"message": "maximum context length is 512"}}, Outcome.OVER_LIMIT),
        (400, {"error": {"message": "no"}}, Outcome.HTTP_ERROR),
    ],
)
def test_money_size_and_speed_are_told_apart(status: int, document: Any, outcome: Outcome) -> None:
    """Waiting helps against one of them, a smaller request against another."""
    assert refused(said(status, document)).outcome is outcome


@pytest.mark.parametrize(
    ("status", "headers", "wait_s"),
    [
        (429, {"retry-after": "7"}, 7.0),
        (429, {"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        (429, {"x-ratelimit-reset-requests": "6m0s"}, 360.0),
        (429, {"x-ratelimit-reset-requests": "1.5s", "x-ratelimit-reset-tokens": "20ms"}, 0.02),
        (
            429,
            {
                "x-ratelimit-reset-requests": "60",
                "x-ratelimit-reset-tokens": "20ms",
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-remaining-tokens": "900",
            },
            60.0,
        ),
        (429, {"x-ratelimit-reset-requests": "soon"}, None),
        (429, {"x-ratelimit-reset-requests": ""}, None),
        (503, {"x-ratelimit-reset-requests": "6m0s"}, None),
    ],
)
def test_the_wait_that_is_asked_for_is_read(
    status: int, headers: dict[str, str], wait_s: float | None
) -> None:
    """In seconds, in ms, as OpenAI writes durations; when a limit starts anew only at the limit."""
    fault = refused(said(status, {"error": {"message": "wait"}}, *headers.items()))
    assert fault.reported.retry_after_s == wait_s


def test_an_empty_account_ends_the_run_at_once() -> None:
    """Every further request would be refused, and no wait helps."""
    empty = said(429, {"error": {"message": "no credit", "code": "insufficient_quota"}})
    with talking(lambda _: empty) as server:
        run = carry_out(plan(f"{server.origin}/v1"))
        assert len(server.asked) == 1
    assert run.ending.reason is EndReason.NO_CREDIT
    assert "no credit left" in run.ending.sentence
    first = next(s for s in run.samples if s.sent_ns is not None)
    assert (first.outcome, first.server_said) == (Outcome.NO_CREDIT, "no credit")


def takes_no_base64(asked: Asked) -> Said:
    """A server that knows numbers alone."""
    document = json.loads(asked.body)
    if document.get("encoding_format") == "base64":
        words = "encoding_format: base64 is not supported"
        return said(422, {"detail": words})
    return Said(200, answer_of(understand(asked.body, 8)))


@pytest.mark.parametrize("client", ["probe", "openai_sdk"])
def test_a_server_that_refuses_base64_is_asked_for_numbers_and_that_is_said_once(
    client: str,
) -> None:
    """Every request is answered; one went twice."""
    with talking(takes_no_base64) as server:
        a_plan = plan(f"{server.origin}/v1", target_changes={"client": client}, requests=4)
        assert a_plan.target.kind == "api"
        run = carry_out(a_plan, make_embedder(a_plan.target, SecretStr(KEY)))
        formats = [json.loads(asked.body).get("encoding_format") for asked in server.asked]
    assert {s.outcome for s in run.samples} == {Outcome.OK}
    assert formats == ["base64"] + ["float"] * 7
    warnings = summarise(a_plan, run.samples).warnings
    assert sum("refuses base64" in sentence for sentence in warnings) == 1


def test_base64_where_numbers_were_asked_for_is_an_answer_and_said_once() -> None:
    """It can be read; a client that asked for numbers may not expect it."""

    def always_base64(asked: Asked) -> Said:
        document = json.loads(asked.body) | {"encoding_format": "base64"}
        return Said(200, answer_of(understand(json.dumps(document).encode(), 8)))

    with talking(always_base64) as server:
        endpoint = {
            "wire": "openai_compatible",
            "base_url": f"{server.origin}/v1",
            "body": {"encoding_format": "float"},
        }
        a_plan = plan(f"{server.origin}/v1", target_changes={"endpoint": endpoint}, requests=4)
        run = carry_out(a_plan)
    assert {s.outcome for s in run.samples} == {Outcome.OK}
    warnings = summarise(a_plan, run.samples).warnings
    assert sum("answers in base64" in sentence for sentence in warnings) == 1
