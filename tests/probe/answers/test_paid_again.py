"""What met a connection that was closed while it lay idle is sent again only where it is paid."""

import time
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from core.errors import EgressError
from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.embedders.library import api
from core.probe.embedders.wrapped.retrying import Retrying
from core.probe.findings.summary import summarise
from core.probe.records.probe_plan import ColdStart, ProbePlan
from core.probe.records.sample import Outcome
from core.probe.records.timings import REOPENED
from tests.probe.sending.test_run_probe import Purse
from tests.probe.support import KEY, carry_out, plan, target
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]
IDLE = 3
"""The request after the silence: one cold, two to warm up, then this one."""
ALL = 6


def silent(server: GroundTruthServer) -> ProbePlan:
    """Three requests, a second of silence, three more."""
    schedule = ColdStart(gaps_s=(1.05,), repeats=1, follow_ups=2)
    return plan(server.base_url, schedule=schedule)


def test_the_second_sending_is_paid_before_it_leaves(embedding_server: Start) -> None:
    """The server counts one request more than was planned, and so does the purse."""
    server = embedding_server(Config(faults={IDLE: "close_unanswered"}))
    purse = Purse(ALL + 1)
    samples = carry_out(silent(server), budget=purse).samples
    assert {s.outcome for s in samples} == {Outcome.OK}
    assert len(server.truths) == ALL + 1
    assert purse.left == 0
    assert len(purse.settled) == len(purse.reserved) == ALL


def test_what_the_cap_does_not_allow_is_not_sent_again(embedding_server: Start) -> None:
    """A purse for three and the one that comes to grief: its failure says why, and stands."""
    server = embedding_server(Config(faults={IDLE: "close_unanswered"}))
    run = carry_out(silent(server), budget=Purse(IDLE + 1))
    assert len(server.truths) == IDLE + 1
    failed = next(s for s in run.samples if s.seq == IDLE)
    assert failed.outcome is Outcome.STALE_CONNECTION
    assert failed.detail.endswith("it was not sent again, for the spending cap")


def test_a_second_sending_that_fails_is_told_as_one(embedding_server: Start) -> None:
    """Closed, sent again, and answered with an error: what became of it, and that it went twice."""
    server = embedding_server(Config(faults={IDLE: "close_unanswered", IDLE + 1: "500"}))
    a_plan = silent(server)
    samples = carry_out(a_plan).samples
    failed = next(s for s in samples if s.seq == IDLE)
    assert failed.outcome is Outcome.SERVER_ERROR
    assert failed.detail.startswith(REOPENED)
    assert "both sendings are paid" in " ".join(summarise(a_plan, samples).warnings)


def test_nothing_is_sent_a_third_time(embedding_server: Start) -> None:
    """A server that closes whatever comes after a silence is a fault, not a loop."""
    faults = dict.fromkeys(range(IDLE, IDLE + 2), "close_unanswered")
    server = embedding_server(Config(faults=faults))
    samples = carry_out(silent(server)).samples
    failed = next(s for s in samples if s.seq == IDLE)
    assert failed.outcome is Outcome.RESET
    assert len(server.truths) == ALL + 1


def test_the_library_sends_it_again_too(embedding_server: Start) -> None:
    """No cap applies to a program, which has its vectors after the silence as before it."""
    server = embedding_server(Config(faults={1: "close_unanswered"}))
    with api(server.base_url, "m", key=KEY, allow_loopback=True) as embed:
        before = embed(["one"])
        time.sleep(1.05)
        assert (embed(["one"]) == before).all()
    assert len(server.truths) == 3


@pytest.mark.parametrize(("retries", "counts"), [(0, 0), (1, None)])
def test_a_forbidden_address_costs_nothing_unless_an_attempt_came_before(
    embedding_server: Start, monkeypatch: pytest.MonkeyPatch, retries: int, counts: int | None
) -> None:
    """With retries the attempt before may have been billed elsewhere, so its worst case stands."""
    server = embedding_server()
    embedder = OpenAICompatible(target(server.base_url), SecretStr(KEY))
    a_plan, purse = plan(server.base_url, retries=retries), Purse(100)
    asked = Retrying(embedder, retries) if retries else embedder

    async def moved(*_: object, **__: object) -> None:
        raise EgressError("it moved")

    monkeypatch.setattr(embedder, "embed", moved)
    with pytest.raises(EgressError):
        carry_out(a_plan, asked, budget=purse)
    assert [tokens for _, tokens in purse.settled] == [counts]
