"""A comparison that also asks which texts are near which; the servers' vectors are known."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from core.catalog.schema import PriceUnit
from core.errors import BudgetError, RunError
from core.probe.records.probe_plan import ApiTarget, Paired, ProbePlan, Rival
from core.runs.files.importing import import_runs
from core.runs.service import Runs
from core.runs.spending.worst_case import BATCH, FREE, Rate, batches, plan_nano_usd
from core.runs.starting.job import Access
from core.runs.watching.run_view import RunView
from core.settings import Settings
from core.store.open import Store, open_store
from core.store.runs import RunState
from tests.runs.support import KEY, api_plan, finished, wait_until
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthServer

pytestmark = pytest.mark.usefixtures("warm_worker")

Serve = Callable[..., GroundTruthServer]
TEXTS = tuple(f"text number {i} speaks of {'cats' if i % 2 else 'ships'}" for i in range(50))
PRICE = Rate(usd=FREE.usd + 1, unit=PriceUnit.PER_MTOK)
COMPARED = 2 * (1 + 2 + 6)
"""Requests before the neighbours: cold, warm-up and pairs of both targets."""


def plan_of(one: str, other: str, **changes: object) -> ProbePlan:
    """Six quick pairs, then the neighbours of fifty texts."""
    first = api_plan(one)
    assert isinstance(first.target, ApiTarget)
    second = api_plan(other)
    subject = first.subject.model_copy(
        update={"option_id": "endpoint/other/m2", "label": "another server", "model": "m2"}
    )
    fields: dict[str, Any] = {
        "schedule": Paired(pairs=6, rate_per_s=200),
        "rivals": (Rival(subject=subject, target=second.target),),
        "texts": TEXTS,
        "neighbours_k": 5,
    }
    return api_plan(one, **(fields | changes))


def ran(runs: Runs, plan: ProbePlan) -> RunView:
    """The run once it has ended, both sides free."""
    return finished(runs, runs.start(plan, rate=FREE, rivals=(Access.at(FREE, None),)))


def test_the_same_vectors_have_the_same_neighbours(runs: Runs, embedding_server: Serve) -> None:
    """Every text is sent once more to each side, in full requests, and all of it agrees."""
    server = embedding_server()
    view = ran(runs, plan_of(server.base_url, server.base_url))
    assert view.state is RunState.DONE, view.error
    assert view.neighbours is not None
    (found,) = view.neighbours.found
    assert (found.mean, found.texts, found.k) == (1.0, 50, 5)
    assert found.by_chance == pytest.approx(5 / 49)
    assert found.per_text == (1.0,) * 50
    assert (found.model_a, found.model_b) == ("m", "m2")
    assert view.neighbours.failures == ()
    assert view.texts_embedded is None
    sizes = [truth.texts for truth in server.truths]
    assert sum(size > 1 for size in sizes) == 2 * len(batches(view.plan))
    assert sum(sizes) - sizes.count(1) == 2 * 50


def test_other_vectors_have_other_neighbours(runs: Runs, embedding_server: Serve) -> None:
    """Vectors of another length are compared by what is near what."""
    one, other = embedding_server(), embedding_server(Config(dims=7))
    view = ran(runs, plan_of(one.base_url, other.base_url))
    assert view.neighbours is not None
    (found,) = view.neighbours.found
    assert 0 <= found.low <= found.mean <= found.high < 0.7
    assert "of the 5 nearest" in found.sentence.lower()


def test_a_side_that_fails_is_named_and_the_latencies_stand(
    runs: Runs, embedding_server: Serve
) -> None:
    """After how many texts, and why; what the comparison measured is kept."""
    one = embedding_server()
    calls = COMPARED // 2
    other = embedding_server(Config(faults={calls + 1: "500"}))
    view = ran(runs, plan_of(one.base_url, other.base_url))
    assert view.state is RunState.DONE
    assert view.summary is not None
    assert view.neighbours is not None
    assert view.neighbours.found == ()
    (sentence,) = view.neighbours.failures
    assert sentence.startswith(f"The neighbours of another server are not known: after {BATCH} ")


def test_what_it_costs_is_known_before_and_held(
    runs: Runs, store: Store, settings: Settings, embedding_server: Serve
) -> None:
    """The bound has the texts once more for each side that is paid; above the cap nothing is sent.

    And what was billed lies within the bound.
    """
    server = embedding_server()
    plan = plan_of(server.base_url, server.base_url)
    without = plan.model_copy(update={"neighbours_k": None})
    more = plan_nano_usd(plan, FREE, PRICE) - plan_nano_usd(without, FREE, PRICE)
    assert more >= sum(len(text.encode()) for text in TEXTS) * 1_000
    access = (Access.at(PRICE, KEY),)
    view = finished(runs, runs.start(plan, rate=FREE, rivals=access))
    assert view.neighbours is not None
    assert view.neighbours.found
    billed = [s.tokens_billed or 0 for s in runs.samples(view.run_id) if s.target == 1]
    assert sum(billed) * 1_000 < view.spent_usd * 10**9 <= plan_nano_usd(plan, FREE, PRICE)
    cap = view.worst_case_usd / 2
    poor = Runs(store, settings.model_copy(update={"spend_cap_per_run_usd": cap}))
    asked = len(server.truths)
    with pytest.raises(BudgetError):
        poor.start(plan, rate=FREE, rivals=access)
    assert len(server.truths) == asked


def test_it_shows_how_far_it_is_and_can_be_cancelled(runs: Runs, embedding_server: Serve) -> None:
    """A cancelled comparison of neighbours keeps the latencies, which were complete."""
    slow = embedding_server(Config(delay=Delay(per_text_s=0.05)))
    plan = plan_of(slow.base_url, slow.base_url)
    run_id = runs.start(plan, rate=FREE, rivals=(Access.at(FREE, None),))
    view = wait_until(runs, run_id, lambda v: v.texts_embedded is not None or not v.live)
    assert view.texts_embedded is not None
    done, total = view.texts_embedded
    assert 0 < done < total == 100
    runs.cancel(run_id)
    ended = finished(runs, run_id)
    assert ended.summary is not None
    assert ended.summary.n_ok == 6
    assert ended.neighbours is not None
    assert ended.neighbours.found == ()
    assert "cancelled" in ended.neighbours.failures[0]


def test_a_file_of_runs_carries_the_neighbours(
    runs: Runs, embedding_server: Serve, settings: Settings, tmp_path: Path
) -> None:
    """Measured in one place, looked at in another; a share that cannot be is refused."""
    server = embedding_server()
    view = ran(runs, plan_of(server.base_url, server.base_url))
    document = runs.export([view.run_id])
    elsewhere = settings.model_copy(update={"data_dir": tmp_path / "elsewhere"})
    store = open_store(elsewhere)
    try:
        other = Runs(store, elsewhere)
        import_runs(store, document.encode(), "runs.json")
        assert other.view(view.run_id).neighbours == view.neighbours
        broken = json.loads(document)
        broken["runs"][0]["neighbours"]["found"][0]["mean"] = 7
        with pytest.raises(RunError, match=r"neighbours\.found\.0\.mean"):
            import_runs(store, json.dumps(broken).encode(), "runs.json")
    finally:
        store.close()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"texts": TEXTS[:9]}, "need 10 different texts, not 9"),
        ({"texts": TEXTS[:12] * 3, "neighbours_k": 11}, "need 13 different texts, not 12"),
        ({"schedule": {"kind": "closed_loop"}, "rivals": ()}, "the targets of a comparison"),
    ],
)
def test_a_plan_without_enough_to_compare_is_refused(changes: dict[str, object], said: str) -> None:
    """Before anything is asked."""
    with pytest.raises(ValidationError, match=said):
        plan_of("http://127.0.0.1:9/v1", "http://127.0.0.1:9/v1", **changes)
