"""A run in words."""

import pytest

from core.measurement.estimate import Estimate
from core.probe.records.probe_plan import ProbePlan
from core.store.runs import RunState
from dashboard.components.runs.words import run_text
from dashboard.resources.cached.cached_store import RunView
from tests.dashboard.past_runs import local_plan
from tests.probe.support import plan


def test_every_state_has_words() -> None:
    """A new state cannot come without them."""
    assert set(run_text.STATES) == set(RunState)


def test_a_state_says_how_far_the_run_came(history: list[RunView]) -> None:
    """Only a run that went through needs no count."""
    assert [run_text.state_text(run) for run in history] == [
        "done",
        "cancelled after 30 of 83 requests",
        "failed after 0 of 83 requests",
        "lost after 10 of 83 requests",
    ]


def test_the_explanation_says_why_and_what_is_kept(history: list[RunView]) -> None:
    """A finished run needs none; the others say their reason and what is left of them."""
    done, cancelled, failed, lost = (run_text.explanation(run) for run in history)
    assert done == ""
    assert cancelled == "This run was cancelled after 30 of 83 requests. Its 30 samples are kept."
    assert failed == "No key. Nothing was measured."
    assert lost == "It died. Its 10 samples are kept."


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        (Estimate(value_s=0.2, low_s=0.1, high_s=0.3), "100 ms to 300 ms"),
        (Estimate(value_s=0.2, low_s=0.1), "at least 100 ms"),
        (Estimate(value_s=0.2, high_s=0.3), "at most 300 ms"),
        (Estimate(value_s=0.2), "too few for an interval"),
        (Estimate(value_s=None), "failures reach into it"),
        (Estimate(value_s=None, low_s=0.1), "at least 100 ms"),
    ],
)
def test_an_interval_says_what_bounds_it(estimate: Estimate, words: str) -> None:
    """A bound that is not known is never a number."""
    assert run_text.interval_text(estimate).replace("\xa0", " ") == words


def test_the_plan_names_the_host_and_no_more_of_the_address(history: list[RunView]) -> None:
    """A typed address may have a path that is nobody's business."""
    fields = dict(run_text.plan_fields(history[0].plan))
    assert fields["Endpoint"] == "api.example.com"
    assert "https" not in str(fields)
    assert "Endpoint" not in dict(run_text.plan_fields(local_plan()))


def test_the_machine_is_described_by_what_is_known(history: list[RunView]) -> None:
    """Processor and versions are there; what the run did not know is left out."""
    found = history[0].environment
    machine = dict(run_text.environment_fields(found))
    assert {"System", "Processor", "Logical CPUs"} <= set(machine)
    assert "Threads" not in machine
    assert {"Python", "numpy"} <= set(dict(run_text.software_fields(found)))
    assert [*run_text.environment_fields(None), *run_text.software_fields(None)] == []


def test_the_money_is_said_in_full(history: list[RunView]) -> None:
    """Spent and worst case, in dollars."""
    fields = dict(run_text.money_fields(history[0]))
    assert fields["Cost"] == "$0.00003"
    assert fields["Could have cost at most"] == "$0.00004"
    assert fields["Tokens billed"] == f"{82 * 10:,}"


@pytest.mark.parametrize(
    ("a_plan", "use"),
    [
        (plan("http://127.0.0.1:9/v1"), "3 in turn"),
        (plan("http://127.0.0.1:9/v1", texts_once=True), "3 each once, then with a tail"),
        (plan(texts_once=True), "3 in turn"),
    ],
)
def test_a_plan_says_its_seed_and_how_its_texts_are_used(a_plan: ProbePlan, use: str) -> None:
    """A model on this computer gets them in turn; a drawn seed can be read and repeated."""
    fields = dict(run_text.plan_fields(a_plan.model_copy(update={"seed": 4_711})))
    assert fields["Texts"].startswith(use)
    assert "seed 4711" in fields["Schedule"]
