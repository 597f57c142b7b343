"""A test of quality from its start to its figures: real workers, servers, stores."""

import os
import shutil
import signal
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from core.catalog.schema import PriceUnit
from core.errors import AlreadyLiveError, BudgetError, RunError
from core.probe.records.probe_plan import ProbePlan
from core.quality.corpus import Corpus
from core.quality.example import example_corpus
from core.runs.places.folders import models_folder
from core.runs.quality.quality_job import asking_so, quality_nano_usd, quality_plan
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE, Rate
from core.runs.starting.candidates import Candidate, custom_candidate, this_machine
from core.runs.starting.job import Access
from core.runs.watching.run_view import RunView
from core.settings import Settings
from core.store.open import Store, open_store
from core.store.runs import RunState, get_run
from tests.runs.support import KEY, finished, wait_until
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthServer

pytestmark = pytest.mark.usefixtures("warm_worker")

Serve = Callable[..., GroundTruthServer]
PRICE = Rate(Decimal("0.02"), PriceUnit.PER_MTOK)
SECRET = "zebra crossing at midnight"
"""Stands in every text: found anywhere, a text was kept."""
CORPUS = Corpus(
    documents=tuple(f"{SECRET}, document {n}" for n in range(80)),
    # The server's vector of a text is drawn from its bytes: two in three queries are found.
    queries=tuple(f"{SECRET}, {'nothing' if n % 3 == 2 else 'document'} {n}" for n in range(60)),
    relevant=tuple((n,) for n in range(60)),
)


def candidate(server: GroundTruthServer, rate: Rate = FREE) -> Candidate:
    """A server on this computer."""
    return custom_candidate(server.base_url, "m", rate)


def planned(*candidates: Candidate, limit: int | None = None, k: int = 1) -> ProbePlan:
    """Their test."""
    asking = [asking_so(limit)] * len(candidates)
    return quality_plan(CORPUS, candidates, asking, "a test", k=k)


def carried_out(runs: Runs, plan: ProbePlan, *rates: Rate) -> RunView:
    """A test at its end; each target with its price."""
    own, *others = rates or (FREE,) * len(plan.targets)
    rivals = [Access.at(rate, None) for rate in others]
    return finished(runs, runs.start(plan, rate=own, rivals=rivals, corpus=CORPUS))


def test_what_each_target_finds_is_measured_and_no_text_is_kept(
    runs: Runs, settings: Settings, embedding_server: Serve
) -> None:
    """Two in three queries have their document's vector: recall@1 is 40 of 60, for both alike."""
    one, other = embedding_server(), embedding_server()
    view = carried_out(runs, planned(candidate(one), candidate(other)))
    assert (view.state, view.error) == (RunState.DONE, None)
    found = view.quality
    assert found is not None
    assert [c.recall.mean for c in found.candidates if c.recall] == pytest.approx([2 / 3, 2 / 3])
    assert {d.verdict for d in found.differences} == {"unknown"}
    assert (found.queries, found.documents) == (60, 80)
    assert view.done == view.planned == 280
    assert sum(truth.texts for truth in one.truths) == 140
    assert view.summary is None
    assert runs.measurements() == {}
    for file in settings.data_dir.rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes(), file


def test_the_bill_is_what_the_server_stated_within_what_was_held(
    runs: Runs, embedding_server: Serve
) -> None:
    """The upper bound is held before anything is sent."""
    server = embedding_server()
    plan = planned(candidate(server, PRICE))
    view = carried_out(runs, plan, PRICE)
    most = Decimal(quality_nano_usd(CORPUS, plan, [PRICE])) / 10**9
    assert view.state is RunState.DONE
    assert 0 < view.spent_usd < view.worst_case_usd == most


def test_a_test_above_the_cap_sends_nothing(runs: Runs, embedding_server: Serve) -> None:
    """It is refused before a worker starts."""
    server, dear = embedding_server(), Rate(Decimal(1_000), PriceUnit.PER_MTOK)
    with pytest.raises(BudgetError, match="could cost up to"):
        carried_out(runs, planned(candidate(server, dear)), dear)
    assert server.truths == []


def test_a_request_that_is_refused_for_its_size_is_halved(
    runs: Runs, embedding_server: Serve
) -> None:
    """A server that takes five texts gets four at a time, and every text once."""
    server = embedding_server(Config(most_texts=5))
    view = carried_out(runs, planned(candidate(server)))
    assert view.quality is not None
    assert view.quality.candidates[0].failure == ""
    answered = [truth.texts for truth in server.truths if truth.texts <= 5]
    assert max(answered) == 4
    assert sum(answered) == 140


def test_a_target_that_fails_keeps_what_it_has_and_says_how_much(
    runs: Runs, embedding_server: Serve
) -> None:
    """Its second request of documents fails: 32 are there; the other one is whole."""
    broken = embedding_server(Config(faults=dict.fromkeys(range(3, 99), "bad_json")))
    whole = embedding_server()
    view = carried_out(runs, planned(candidate(whole), candidate(broken)))
    assert view.state is RunState.DONE
    assert view.quality is not None
    good, bad = view.quality.candidates
    assert good.failure == ""
    assert good.recall is not None
    assert "after 32 of 80 texts" in bad.failure
    assert bad.documents == 32
    assert bad.recall is not None  # over what it has
    assert list(runs.qualities()) == [good.option_id]


def test_a_test_of_which_nothing_came_has_failed(runs: Runs, embedding_server: Serve) -> None:
    """Its sentence says what came back."""
    broken = embedding_server(Config(faults=dict.fromkeys(range(99), "bad_json")))
    view = carried_out(runs, planned(candidate(broken)))
    assert view.state is RunState.FAILED
    assert "after 0 of 60 texts" in (view.error or "")
    assert runs.qualities() == {}


def test_a_cancelled_test_ends_soon_and_measures_nobody(
    runs: Runs, embedding_server: Serve
) -> None:
    """Progress counts texts on the way."""
    server = embedding_server(Config(delay=Delay(median_s=0.3)))
    run_id = runs.start(planned(candidate(server), limit=4), rate=FREE, corpus=CORPUS)
    early = wait_until(runs, run_id, lambda view: view.done > 3)
    assert early.texts_embedded == (early.done, 140)
    runs.cancel(run_id)
    view = finished(runs, run_id)
    assert view.state is RunState.CANCELLED
    assert view.done < 140
    assert runs.qualities() == {}


def test_a_killed_worker_leaves_a_lost_test(
    runs: Runs, store: Store, embedding_server: Serve
) -> None:
    """Nothing hangs, and the seat is free again."""
    server = embedding_server(Config(delay=Delay(median_s=0.3)))
    plan = planned(candidate(server), limit=4)
    run_id = runs.start(plan, rate=FREE, corpus=CORPUS)
    with pytest.raises(AlreadyLiveError):
        runs.start(plan, rate=FREE, corpus=CORPUS)
    wait_until(runs, run_id, lambda view: view.done > 3)
    with store.read() as connection:
        run = get_run(connection, run_id)
    assert run is not None
    assert run.pid is not None
    os.kill(run.pid, signal.SIGKILL)
    assert finished(runs, run_id).state is RunState.LOST


def test_a_figure_is_of_the_newest_texts_and_of_the_option_that_was_asked(
    runs: Runs, embedding_server: Serve
) -> None:
    """Figures over other texts, or at another k, cannot stand beside it."""
    one, other = candidate(embedding_server()), candidate(embedding_server())
    first = carried_out(runs, planned(one))
    second = carried_out(runs, planned(other))
    both = runs.qualities()
    assert {name: entry.run_id for name, entry in both.items()} == {
        one.option_id: first.run_id,
        other.option_id: second.run_id,
    }
    carried_out(runs, planned(one, k=3))
    assert set(runs.qualities()) == {one.option_id}
    assert runs.qualities()[one.option_id].k == 3


def test_the_example_that_ships_is_nobodys_evidence(runs: Runs, embedding_server: Serve) -> None:
    """It shows how a test looks: no option is judged by it."""
    one, example = candidate(embedding_server()), example_corpus()
    plan = quality_plan(example, [one], [asking_so(None)], "a test", k=1)
    view = finished(runs, runs.start(plan, rate=FREE, corpus=example))
    assert view.quality is not None
    assert view.quality.has_figures
    assert runs.qualities() == {}


def test_a_test_travels_in_a_file_and_measures_nothing_there(
    runs: Runs, settings: Settings, tmp_path: Path, embedding_server: Serve
) -> None:
    """Its figures are exported and imported; who imports has not tested."""
    view = carried_out(runs, planned(candidate(embedding_server())))
    document = runs.export([view.run_id])
    assert SECRET not in document
    elsewhere = settings.model_copy(update={"data_dir": tmp_path / "elsewhere"})
    store = open_store(elsewhere)
    there = Runs(store, elsewhere)
    there.bring_in(document.encode(), "the file")
    assert there.view(view.run_id).quality == view.quality
    assert there.qualities() == {}
    store.close()


def test_other_texts_than_those_of_the_plan_are_refused(
    runs: Runs, embedding_server: Serve
) -> None:
    """Before anything is sent."""
    server = embedding_server()
    other = CORPUS.model_copy(update={"queries": ("other", *CORPUS.queries[1:])})
    with pytest.raises(RunError, match="choose the file again"):
        runs.start(planned(candidate(server)), rate=FREE, corpus=other)
    assert server.truths == []


def test_a_key_reaches_the_server_and_no_file(
    runs: Runs, settings: Settings, embedding_server: Serve
) -> None:
    """As for a probe."""
    server = embedding_server(Config(api_key=KEY.get_secret_value()))
    run_id = runs.start(planned(candidate(server)), rate=FREE, key=KEY, corpus=CORPUS)
    assert finished(runs, run_id).state is RunState.DONE
    for file in settings.data_dir.rglob("*"):
        if file.is_file():
            assert KEY.get_secret_value().encode() not in file.read_bytes(), file


@pytest.mark.local_model
def test_this_machine_is_tested_beside_a_server(
    runs: Runs, settings: Settings, embedding_server: Serve, exported_model: Path
) -> None:
    """The real model is a candidate like any other."""
    shutil.copytree(exported_model, models_folder(settings.data_dir), copy_function=os.link)
    plan = planned(candidate(embedding_server()), this_machine(), k=5)
    view = carried_out(runs, plan)
    assert view.quality is not None
    drawn, real = view.quality.candidates
    assert drawn.recall is not None
    assert real.recall is not None
    assert real.dims == 384
    assert set(runs.qualities()) == {drawn.option_id, real.option_id}
