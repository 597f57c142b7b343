"""A server on the page Latency: swept by a form, shown, and said to be a machine."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace

import pytest
from streamlit.testing.v1 import AppTest

from core.probe.findings.of_server.server_findings import server_found
from core.probe.records.probe_plan import ServerSweep
from core.probe.records.sample import Sample
from core.scenario import Scenario
from core.store.runs import RunState
from dashboard.components.runs.one_run.run_server import batch_words, cells_table, loads_table
from dashboard.resources.cached import cached_store
from dashboard.resources.reach import servers
from tests.dashboard.app_pages.conftest import OpenPage
from tests.dashboard.app_pages.test_latency_page import texts
from tests.dashboard.past_runs import PutRun, any_run, api_plan
from tests.runs.support import finished
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthServer

SCHEDULE = ServerSweep(
    sizes=(1, 8),
    tokens=(16, 64),
    load_tokens=16,
    repeats=2,
    workers=(1, 2),
    rounds=2,
    shares=(0.5,),
    load_requests=20,
)
OPTION = "aws/g6.xlarge@BAAI/bge-m3"
NS = [field.name for field in fields(Sample) if field.name.endswith("_ns")]


def put_sweep(put_run: PutRun, state: RunState = RunState.DONE) -> str:
    """A sweep of the past in the store."""
    plan = api_plan("endpoint/gpu/m", schedule=SCHEDULE, slo_s=5.0)
    return put_run(plan, state, back_to_back(any_run(plan)))


def back_to_back(samples: Sequence[Sample]) -> list[Sample]:
    """The samples with those of the loops one right after another, as many at once as workers."""
    moved = list(samples)
    for workers, (step, _) in zip(SCHEDULE.workers, SCHEDULE.loops, strict=True):
        mine = [n for n, sample in enumerate(moved) if sample.step == step]
        took_ns = max((moved[n].completed_ns or 0) - (moved[n].sent_ns or 0) for n in mine)
        start_ns = moved[mine[0]].sent_ns or 0
        for place, n in enumerate(mine):
            by = start_ns + place // workers * took_ns - (moved[n].sent_ns or 0)
            times = {f: getattr(moved[n], f) for f in NS if getattr(moved[n], f) is not None}
            moved[n] = replace(moved[n], **{f: value + by for f, value in times.items()})
    return moved


def choose(page: AppTest, key: str, machine: str, model: str) -> AppTest:
    """Say which machine the server is, and with which model."""
    page.selectbox(key=f"{key}/machine").select(machine).run()
    return page.selectbox(key=f"{key}/option-model").select(model).run()


def test_a_sweep_is_shown_and_measures_a_machine_when_a_person_says_so(
    open_page: OpenPage, put_run: PutRun
) -> None:
    """The sentence, both charts with tables, the choice; one click uses it, another takes back."""
    run_id = put_sweep(put_run)
    page = open_page("latency")
    assert not page.exception
    said = texts(page).replace("\xa0", " ")
    assert "A request takes the server" in said
    assert "sizes and lengths were answered" in said
    assert "p95 predicted" in said
    assert cached_store.measurements() == {}
    choose(page, "latency/server", "aws/g6.xlarge", "BAAI/bge-m3")
    assert "what was predicted for the machine" in texts(page)
    page.button(key="latency/server/use").click().run()
    assert not page.exception
    assert cached_store.runs().adoptions() == {OPTION: run_id}
    assert cached_store.measurements()[OPTION].fit is not None
    assert "is measured by this sweep: you said so" in texts(page)
    page.button(key=f"latency/server/release/{OPTION}").click().run()
    assert cached_store.runs().adoptions() == {}


def test_a_sweep_that_was_broken_off_is_shown_and_replaces_nothing(
    open_page: OpenPage, put_run: PutRun
) -> None:
    """What it had measured is there; the choice of a machine is not, and why, and what to do."""
    put_sweep(put_run, RunState.CANCELLED)
    page = open_page("latency")
    assert not page.exception
    assert "it was cancelled, and who stops a run when it looks good, or bad, has chosen the" in (
        texts(page)
    )
    assert 'Start it again by "Sweep a server", and leave it alone' in texts(page)
    assert page.button(key="sweep-server/start")
    assert not [box for box in page.selectbox if box.key == "latency/server/machine"]


@pytest.mark.usefixtures("data_dir")
def test_its_tables_have_a_row_a_size_and_a_row_a_load() -> None:
    """Units in the names of their columns, and the prediction beside the measurement."""
    plan, scenario = api_plan("endpoint/gpu/m", schedule=SCHEDULE, slo_s=5.0), Scenario()
    swept = server_found(plan, any_run(plan))
    assert swept is not None
    predicted = servers.predicted_s(OPTION, swept.cells, scenario)
    table = cells_table(swept, predicted)
    assert len(table) == len(SCHEDULE.cells)
    assert (table["server_ms"] > 0).all()
    assert (table["predicted_ms"] > 0).all()
    assert list(loads_table(swept)["share_of_most"]) == [0.5]
    assert "times what was predicted" in batch_words(swept, predicted)
    assert set(servers.predicted_s("nobody/knows@m", swept.cells, scenario)) == {None}


def test_the_form_sweeps_a_typed_server(
    page: AppTest, open_page: OpenPage, embedding_server: Callable[..., GroundTruthServer]
) -> None:
    """An address that is none is a sentence; it starts as a run like others, and is cancelled."""
    server = embedding_server(Config(dims=16, delay=Delay(median_s=0.05)))
    open_page("latency")
    assert page.button(key="sweep-server/start").disabled
    page.text_input(key="sweep-server/url").set_value("not an address")
    page.text_input(key="sweep-server/model").set_value("m").run()
    assert "Type the base address, such as https://host/v1" in texts(page)
    page.text_input(key="sweep-server/url").set_value(server.base_url)
    page.text_input(key="sweep-server/model").set_value("bge-m3").run()
    choose(page, "sweep-server", "aws/g6.xlarge", "BAAI/bge-m3")
    page.number_input(key="sweep-server/machines").set_value(2).run()
    assert "What comes out of the address is divided by 2" in texts(page)
    assert "requests in 10 min at most. Costs at most $0" in texts(page).replace("\xa0", " ")
    page.button(key="sweep-server/start").click().run()
    assert not page.exception
    assert not page.error
    runs = cached_store.runs()
    live = runs.live()
    assert live is not None
    assert isinstance(live.plan.schedule, ServerSweep)
    assert live.plan.schedule.machines == 2
    assert live.plan.schedule.find_limits
    assert live.plan.slo_s == page.session_state["scenario"].objective.slo_p95_s
    runs.cancel(live.run_id)
    assert finished(runs, live.run_id).state is RunState.CANCELLED
    assert runs.adoptions() == {}


def test_the_form_takes_any_endpoint_that_the_probe_takes(open_page: OpenPage) -> None:
    """A pasted address is mended; header of the key and further fields go with each request."""
    page = open_page("latency")
    page.text_input(key="sweep-server/url").set_value("localhost:9/v1/embeddings")
    page.text_input(key="sweep-server/model").set_value("bge-m3")
    page.text_area(key="probe/body sweep").set_value("truncate=true")
    page.text_input(key="probe/header sweep").set_value("Host").run()
    assert "a key goes into another" in texts(page)
    page.text_input(key="probe/header sweep").set_value("api-key").run()
    page.button(key="sweep-server/start").click().run()
    assert not page.exception
    runs = cached_store.runs()
    (view,) = runs.history().runs
    finished(runs, view.run_id)
    (asked,) = view.plan.target.apis
    assert str(asked.endpoint.base_url) == "http://localhost:9/v1"
    assert asked.endpoint.key_header == "api-key"
    assert dict(asked.endpoint.body) == {"truncate": True}
