"""The key is in the request and nowhere else, even where a hostile server sends it back."""

import asyncio
import json
import logging
import pickle
import traceback
from collections.abc import Callable
from dataclasses import asdict

import pytest
from pydantic import SecretStr

from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.findings.summary import summarise
from core.probe.records.embedder import Fault
from core.probe.records.probe_plan import ApiTarget
from tests.harness.pace import at_our_pace
from tests.probe.fault_outcomes import SLOW
from tests.probe.support import KEY, ask_in_turn, carry_out, plan, target
from tests.servers.faults import FAULTS
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]


@pytest.mark.parametrize("name", sorted(set(FAULTS) - {"huge_body", "huge_chunks", "gzip_bomb"}))
def test_no_sample_summary_or_log_holds_the_key(
    embedding_server: Start, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """Not for any fault; errors of this server repeat the key in text, code and header."""

    def scene(slower: int) -> None:
        caplog.set_level(logging.DEBUG)
        server = embedding_server()
        timeout_s = 0.2 * slower if name in SLOW else 60.0
        a_plan = plan(server.fault_url(name), requests=1, timeout_s=timeout_s)
        run = carry_out(a_plan)
        assert any(truth.bearer for truth in server.truths[:1])
        samples = json.dumps([asdict(s) for s in run.samples])
        summary = summarise(a_plan, run.samples).model_dump_json()
        for place in (samples, repr(run), summary, run.ending.sentence, caplog.text):
            assert KEY not in place
        assert KEY not in a_plan.model_dump_json()

    at_our_pace(scene)


@pytest.mark.parametrize("name", ["401", "429", "500", "400", "html", "reset", "not_http"])
def test_no_traceback_holds_the_key(embedding_server: Start, name: str) -> None:
    """Nor the error, its causes or what an error reporter would pickle of it."""
    with pytest.raises(Fault) as found:
        ask_in_turn(embedding_server().fault_url(name), [["one"]])
    assert KEY not in "".join(traceback.format_exception(found.value))
    assert KEY not in repr(found.value)
    assert KEY.encode() not in pickle.dumps(
        (found.value.args, found.value.detail, found.value.reported)
    )
    assert found.value.__cause__ is None


def test_no_representation_of_the_embedder_holds_the_key() -> None:
    """Its repr, its fields and those of its transport."""
    embedder = OpenAICompatible(target("http://127.0.0.1:9/v1"), SecretStr(KEY))
    asyncio.run(embedder.open())
    assert KEY not in repr(embedder)
    assert KEY not in repr(vars(embedder))
    assert KEY not in repr(vars(embedder._post))
    assert KEY not in repr(vars(embedder._post._transport))
    assert "key" not in ApiTarget.model_fields


def test_a_key_that_is_an_error_code_is_not_repeated(embedding_server: Start) -> None:
    """A short, wordy key could pass for a code: codes of refusals are not shown at all."""
    key = "my_secret_word"
    server = embedding_server(Config())
    run = carry_out(plan(server.fault_url("401")), key=key)
    assert key not in repr(run)


def test_a_redirect_to_another_host_takes_the_key_nowhere(embedding_server: Start) -> None:
    """It is not followed: one request, at the first host."""
    server = embedding_server()
    run = carry_out(plan(server.fault_url("redirect_elsewhere"), requests=1, warm_up_requests=0))
    assert len(server.truths) == 2
    assert all("redirect" in s.outcome.value for s in run.samples)
    assert "example.com" not in repr(run)
