"""The page Latency in every state that its store can be in."""

import dataclasses
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.engines.common.status import EngineStatus
from core.measurement.latency import Subject
from core.probe.records.probe_plan import (
    BatchSweep,
    ClosedLoop,
    ColdStart,
    ConcurrencySweep,
    Paired,
    Ramp,
    Rival,
    Schedule,
)
from core.runs.spending.worst_case import FREE
from core.runs.starting import candidates
from core.store.runs import RunState
from dashboard.components.runs.history import run_history
from dashboard.resources.cached import cached_store
from tests.dashboard.app_pages.conftest import OpenPage
from tests.dashboard.past_runs import PutRun, any_run, api_plan, local_plan, whole_run
from tests.dashboard.past_tests import past_plan, past_report, stored
from tests.runs.support import finished, slow_plan, wait_until
from tests.servers.ground_truth import GroundTruthServer

PLAN = api_plan()


def texts(page: AppTest) -> str:
    """Everything that the page says, notices included."""
    elements = [*page.markdown, *page.caption, *page.info, *page.warning, *page.error]
    return "\n".join(str(element.value) for element in elements).replace("\\", "")


def history(page: AppTest) -> list[str]:
    """What the table of runs says of each, in its order."""
    return list(page.dataframe[0].value["How it went"])


def test_without_a_run_it_says_what_to_do(open_page: OpenPage) -> None:
    """An empty history names the button and shows no empty charts or tables."""
    page = open_page("latency")
    assert not page.exception
    assert "Probe provider" in texts(page)
    assert not page.dataframe


def test_without_the_local_model_it_says_what_is_missing(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told that this machine is ready where it is not."""
    bare = EngineStatus(versions=(), missing=("torch",), device="cpu", device_reason="no torch")
    monkeypatch.setattr(candidates, "engine_status", lambda: bare)
    said = texts(open_page("latency"))
    assert "cannot be measured yet: not installed: torch" in said
    assert "is ready" not in said


def test_one_run_over_the_network_is_shown_whole(open_page: OpenPage, put_run: PutRun) -> None:
    """Numbers with intervals, three charts, the plan and the machine."""
    put_run(PLAN, RunState.DONE, whole_run(PLAN))
    page = open_page("latency")
    said = texts(page)
    assert not page.exception
    assert history(page) == ["done"]
    for part in (
        "24 ms",
        "first call, apart",
        "80 of 80",
        "Where the time goes",
        "api.example.com",
    ):
        assert part in said.replace("\xa0", " ")
    assert len(page.get("plotly_chart")) == 3


def test_a_local_run_has_no_phases_of_a_network(open_page: OpenPage, put_run: PutRun) -> None:
    """DNS and TLS say nothing of a model in this process."""
    plan = local_plan()
    put_run(plan, RunState.DONE, whole_run(plan))
    page = open_page("latency")
    assert not page.exception
    assert "Where the time goes" not in texts(page)
    assert len(page.get("plotly_chart")) == 2


def test_a_local_run_tells_the_model_from_the_waiting(open_page: OpenPage, put_run: PutRun) -> None:
    """There is no server and no way there and back."""
    plan = local_plan()
    put_run(plan, RunState.DONE, any_run(plan))
    said = texts(open_page("latency"))
    assert "The model itself took" in said
    assert "way there and back" not in said


def test_many_runs_are_listed_newest_first_and_one_is_chosen(
    open_page: OpenPage, put_run: PutRun
) -> None:
    """The newest is shown at first; another is shown when it is picked."""
    put_run(PLAN, RunState.DONE, whole_run(PLAN), age_days=3)
    put_run(PLAN, RunState.CANCELLED, whole_run(PLAN)[:20], age_days=2)
    put_run(local_plan(), RunState.FAILED, [], age_days=1, error="No weights.")
    page = open_page("latency")
    assert not page.exception
    assert [entry.split()[0] for entry in history(page)] == ["failed", "cancelled", "done"]
    assert "No weights. Nothing was measured." in texts(page)
    page.selectbox(key="latency/run").select("run-2-cancelled").run()
    assert not page.exception
    assert "cancelled after 20 of 83 requests" in texts(page)


def test_the_history_is_filtered_by_option(open_page: OpenPage, put_run: PutRun) -> None:
    """Only the wanted option's runs stay in the table, and the chosen run is one of them."""
    put_run(PLAN, RunState.DONE, whole_run(PLAN), age_days=2)
    put_run(local_plan(), RunState.DONE, whole_run(local_plan()), age_days=1)
    page = open_page("latency")
    page.selectbox(key="latency/option").select("alpha/flat").run()
    assert not page.exception
    assert list(page.dataframe[0].value["What"]) == ["Label of alpha/flat"]
    assert page.selectbox(key="latency/run").value == "run-2-done"


@pytest.mark.parametrize("state", [RunState.CANCELLED, RunState.FAILED, RunState.LOST])
@pytest.mark.parametrize("n_samples", [0, 1, 3, 40])
def test_a_run_that_did_not_go_through_shows_what_it_has(
    open_page: OpenPage, put_run: PutRun, state: RunState, n_samples: int
) -> None:
    """State, reason and samples so far are there at every point where a run can break off."""
    put_run(PLAN, state, whole_run(PLAN)[:n_samples], error="It stopped.")
    page = open_page("latency")
    assert not page.exception
    assert history(page) == [f"{state.value} after {n_samples} of 83 requests"]
    assert "It stopped." in texts(page)
    # The first three are no measurement: no percentiles and no charts of nothing.
    assert ("Response p50" in texts(page)) == (n_samples > 3)
    assert len(page.get("plotly_chart")) == (3 if n_samples > 3 else 0)


@pytest.mark.parametrize(
    ("schedule", "says", "charts"),
    [
        (ClosedLoop(requests=80), "cannot see stalls", 3),
        (ConcurrencySweep(workers=(1, 2), requests=20), "at a time bring", 4),
        (BatchSweep(sizes=(1, 4, 16), characters=(40, 200), repeats=2), "texts a request are", 4),
        (Ramp(rates_per_s=(1, 2), step_s=5), "Capacity seen: ", 4),
        (ColdStart(gaps_s=(0.5, 5), repeats=3), "Cold after 500 ms of silence", 4),
        (Paired(pairs=30), "A is faster than B", 4),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
def test_every_schedule_has_its_finding_and_its_chart(
    open_page: OpenPage, put_run: PutRun, schedule: Schedule, says: str, charts: int
) -> None:
    """A sentence as the verdict, a figure, and the charts that every run has."""
    first, second = (
        Subject(option_id=f"alpha/{name}", label=name.upper(), model="m") for name in "ab"
    )
    rivals = (Rival(subject=second, target=PLAN.target),) if schedule.kind == "paired" else ()
    plan = api_plan(schedule=schedule, subject=first, rivals=rivals)
    put_run(plan, RunState.DONE, any_run(plan))
    page = open_page("latency")
    assert not page.exception
    said = texts(page).replace("\xa0", " ")
    assert says in said
    assert "By the server's own word" in said
    assert len(page.get("plotly_chart")) == charts
    assert not any(element.value == "∞" for element in page.markdown)


def test_one_click_uses_a_run_and_another_gives_it_back(
    open_page: OpenPage, put_run: PutRun
) -> None:
    """The newest run counts until a person chooses; the page says which one does."""
    older = put_run(PLAN, RunState.DONE, whole_run(PLAN), age_days=2)
    newest = put_run(PLAN, RunState.DONE, whole_run(PLAN), age_days=1)
    page = open_page("latency")
    assert "it is its newest open loop" in texts(page)
    page.selectbox(key="latency/run").select(older).run()
    assert "is not judged by this run" in texts(page)
    page.button(key="latency/adopt/0").click().run()
    assert "you chose it" in texts(page)
    assert cached_store.measurements()["alpha/flat"].run_id == older
    page.button(key="latency/release/0").click().run()
    assert cached_store.measurements()["alpha/flat"].run_id == newest
    assert not page.exception


def test_an_options_history_says_whether_it_got_slower(
    open_page: OpenPage, put_run: PutRun
) -> None:
    """Two runs whose medians do not meet; and two that are alike."""
    slow = [
        dataclasses.replace(s, completed_ns=(s.completed_ns or 0) + 30_000_000)
        for s in whole_run(PLAN)
    ]
    put_run(PLAN, RunState.DONE, whole_run(PLAN), age_days=2)
    put_run(PLAN, RunState.DONE, slow, age_days=1)
    page = open_page("latency")
    assert not page.exception
    assert "It got slower since" in texts(page)
    put_run(PLAN, RunState.DONE, slow, age_days=0.5)
    assert "No change of the median can be told" in texts(open_page("latency"))


def test_failures_are_named_and_count_as_infinitely_slow(
    open_page: OpenPage, put_run: PutRun
) -> None:
    """A run in which every measured request failed has no number to show, and says why."""
    put_run(PLAN, RunState.FAILED, whole_run(PLAN, failures=range(3, 83)), error="None answered.")
    page = open_page("latency")
    said = texts(page)
    assert not page.exception
    assert "timeout 80" in said
    assert "∞" in said
    assert "0 of 80" in said


def test_deleting_takes_the_run_and_leaves_the_others(open_page: OpenPage, put_run: PutRun) -> None:
    """The second click deletes the run shown, with its samples, and no other."""
    put_run(PLAN, RunState.DONE, whole_run(PLAN), age_days=2)
    gone = put_run(PLAN, RunState.LOST, whole_run(PLAN)[:9], age_days=1)
    page = open_page("latency")
    page.button(key=f"latency/delete/{gone}").click().run()
    assert not page.exception
    assert history(page) == ["done"]
    assert [run.run_id for run in cached_store.runs().recent()] == ["run-2-done"]


def test_a_run_that_another_session_deleted_is_no_traceback(
    open_page: OpenPage, put_run: PutRun
) -> None:
    """The page was drawn with a run that is gone when its button is pressed."""
    run_id = put_run(PLAN, RunState.DONE, whole_run(PLAN))
    page = open_page("latency")
    cached_store.runs().delete(run_id)
    page.button(key=f"latency/delete/{run_id}").click().run()
    assert not page.exception
    assert "Nothing was measured yet" in texts(page)


def test_a_live_run_is_in_the_history_and_cannot_be_deleted(
    open_page: OpenPage, embedding_server: Callable[..., GroundTruthServer]
) -> None:
    """While a worker is at it, the page says so and offers no deletion."""
    runs = cached_store.runs()
    run_id = runs.start(slow_plan(embedding_server().base_url), rate=FREE)
    try:
        wait_until(runs, run_id, lambda view: view.done > 3)
        page = open_page("latency")
        assert not page.exception
        assert history(page)[0].startswith("running, ")
        assert page.button(key=f"latency/delete/{run_id}").disabled
    finally:
        runs.cancel(run_id)
        finished(runs, run_id)


@pytest.mark.usefixtures("broken_store")
def test_without_a_store_it_says_so(open_page: OpenPage) -> None:
    """A data folder that cannot be made is told in a sentence; nothing else breaks."""
    page = open_page("latency")
    assert not page.exception
    assert "BREAKEVEN_DATA_DIR" in texts(page)
    assert "no history" in texts(page)


@pytest.mark.usefixtures("broken_catalogue")
def test_a_broken_catalogue_does_not_take_the_history_away(
    open_page: OpenPage, put_run: PutRun
) -> None:
    """What was measured needs no price."""
    put_run(PLAN, RunState.DONE, whole_run(PLAN))
    page = open_page("latency")
    assert not page.exception
    assert history(page) == ["done"]
    assert "api/alpha.toml" in texts(page)


def test_it_says_when_older_runs_are_not_listed(
    open_page: OpenPage, put_run: PutRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that is cut off says so, and one that is whole does not."""
    monkeypatch.setattr(run_history, "LIMIT", 2)
    for age in (1, 2):
        put_run(PLAN, RunState.DONE, whole_run(PLAN), age_days=age)
    assert "are listed" not in texts(open_page("latency"))
    put_run(PLAN, RunState.DONE, whole_run(PLAN), age_days=3)
    page = open_page("latency")
    assert "The newest 2 runs are listed" in texts(page)
    assert len(history(page)) == 2


def test_runs_that_cannot_be_read_are_counted_named_and_deleted_by_hand(
    open_page: OpenPage, put_run: PutRun, data_dir: Path
) -> None:
    """Beside the readable ones, each with its reason; a click deletes one, nothing else does."""
    put_run(PLAN, RunState.DONE, whole_run(PLAN))
    odd = put_run(PLAN, RunState.DONE, whole_run(PLAN), age_days=1)
    with closing(sqlite3.connect(data_dir / "breakeven.db")) as database, database:
        database.execute(
            "UPDATE runs SET plan = json_set(plan, '$.surprise', 1) WHERE id = ?", (odd,)
        )
    page = open_page("latency")
    assert not page.exception
    assert len(history(page)) == 1
    told = texts(page)
    assert "1 run is kept that this version cannot read" in told
    assert odd in told
    assert "made by a newer version of Breakeven" in told
    page.button(key=f"latency/delete/{odd}").click().run()
    assert not page.exception
    assert "cannot read" not in texts(page)
    assert len(history(page)) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE runs SET summary = '{', environment = '{}'", "cannot read its numbers and what"),
        ("UPDATE samples SET outcome = 'quantum' WHERE seq = 5", "samples of the run"),
    ],
)
def test_a_run_of_which_a_part_cannot_be_read_is_shown_with_a_sentence(
    open_page: OpenPage, put_run: PutRun, data_dir: Path, change: str, words: str
) -> None:
    """The rest of it is there, without a traceback."""
    put_run(PLAN, RunState.DONE, whole_run(PLAN))
    with closing(sqlite3.connect(data_dir / "breakeven.db")) as database, database:
        database.execute(change)
    page = open_page("latency")
    assert not page.exception
    assert words in texts(page)
    assert history(page)[0].startswith("done")


def test_a_test_of_quality_stands_in_the_history_without_percentiles(
    open_page: OpenPage, put_run: PutRun
) -> None:
    """What it found stands in their place; nothing is said of samples or of latencies in use."""
    put_run(PLAN, RunState.DONE, whole_run(PLAN), age_days=9)
    report = stored(past_report())
    states = (RunState.DONE, RunState.CANCELLED, RunState.FAILED)
    kept = [
        (put_run(past_plan(), state, report=judged, age_days=place + 3 * (judged is None)), judged)
        for judged in (report, None)
        for place, state in enumerate(states)
    ]
    page = open_page("latency")
    assert list(page.dataframe[0].value["Mode"]).count("test of quality") == len(kept)
    for run_id, judged in kept:
        page.selectbox(key="latency/run").select(run_id).run()
        said = texts(page)
        assert not page.exception
        assert "p50" not in said
        assert "is judged by this run" not in said
        assert ("from 500 draws" in said) == bool(judged)
        assert len(page.get("plotly_chart")) == bool(judged)
        assert "Delete this run and what it found for good?" in said
        assert "samples are kept" not in said
        assert ("What it found until then is kept" in said) == bool(
            judged and not run_id.endswith("done")
        )
        assert "30 queries over 60 documents; they are not stored" in said
