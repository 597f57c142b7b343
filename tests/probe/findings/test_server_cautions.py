"""What a server says of itself is said once, with both names and in its own numbers."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.findings.summary import summarise
from core.probe.records.budget import Unlimited
from core.probe.records.probe_plan import ProbePlan
from core.probe.records.sample import Outcome, Sample
from core.probe.sending.run_probe import run_probe
from tests.probe.sending.test_run_probe import Purse
from tests.probe.support import plan
from tests.servers.embeddings import answer_of, understand
from tests.servers.talking import Asked, Said, talking


def asked_of(
    change: dict[str, Any], *, typed: bool, purse: Purse | None = None
) -> tuple[ProbePlan, list[Sample]]:
    """A run at a server whose right answers have other fields."""

    def answer(asked: Asked) -> Said:
        document = json.loads(answer_of(understand(asked.body, 8))) | change
        return Said(200, json.dumps(document).encode())

    samples: list[Sample] = []
    with talking(answer) as server:
        a_plan = plan(f"{server.origin}/v1", requests=4, target_changes={"wire_model": "mine"})
        assert a_plan.target.kind == "api"
        embedder = OpenAICompatible(a_plan.target, None)
        budget = purse or Unlimited()
        run = run_probe(
            a_plan, embedder, samples.append, budget, lambda: False, typed=(0,) if typed else ()
        )
        asyncio.run(run)
    return a_plan, samples


def warnings(a_plan: ProbePlan, samples: Sequence[Sample], word: str) -> list[str]:
    """The cautions with a word in them."""
    return [text for text in summarise(a_plan, samples).warnings if word in text]


def test_a_deployment_that_is_called_otherwise_is_measured_and_both_names_are_said() -> None:
    """As on Azure: the deployment is "mine", the model its own."""
    a_plan, samples = asked_of({"model": "text-embedding-3-small"}, typed=True)
    assert {s.outcome for s in samples} == {Outcome.OK}
    (sentence,) = warnings(a_plan, samples, "text-embedding-3-small")
    assert "asked for mine" in sentence


def test_an_option_of_the_catalogue_that_answers_so_is_not_measured() -> None:
    """The names are in the reason of each failure."""
    _, samples = asked_of({"model": "text-embedding-3-small"}, typed=False)
    details = {s.detail for s in samples if s.sent_ns is not None}
    assert details == {"asked for mine, and the answer names text-embedding-3-small"}
    assert {s.outcome for s in samples if s.sent_ns is not None} == {Outcome.WRONG_MODEL}


@pytest.mark.parametrize(
    "usage", [{"usage": {"prompt_tokens": 0, "total_tokens": 0}}, {"usage": {}}]
)
def test_a_server_of_ones_own_that_counts_nothing_is_measured(usage: dict[str, Any]) -> None:
    """Its tokens are unknown, never 0, and that is said once."""
    a_plan, samples = asked_of(usage | {"model": "mine"}, typed=True)
    assert {s.outcome for s in samples} == {Outcome.OK}
    assert {s.tokens_billed for s in samples} == {None}
    assert len(warnings(a_plan, samples, "tokens a second are not known")) == 1
    assert summarise(a_plan, samples).tokens_per_s is None


def test_where_tokens_are_billed_a_usage_of_nothing_stays_a_fault_at_its_worst_case() -> None:
    """Nobody knows what it cost: none of it is settled as free."""
    purse = Purse(20)
    zeros = {"usage": {"prompt_tokens": 0, "total_tokens": 0}, "model": "mine"}
    _, samples = asked_of(zeros, typed=True, purse=purse)
    sent = [s for s in samples if s.sent_ns is not None]
    assert {s.outcome for s in sent} == {Outcome.IMPLAUSIBLE_USAGE}
    assert [tokens for _, tokens in purse.settled][: len(sent)] == [None] * len(sent)
