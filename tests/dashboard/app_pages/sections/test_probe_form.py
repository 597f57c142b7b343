"""The form's modes: what each one asks, what it would cost, and that it starts."""

import time
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.measurement.report import Comparison
from core.probe.records.probe_plan import BatchSweep, Paired
from core.probe.sample_texts import sample_texts
from core.store.runs import RunState
from dashboard.components.probing.probe_schedule import Mode
from dashboard.resources.cached import cached_store
from tests.dashboard.app_pages.test_compare_page import everything, fill_custom, open_form
from tests.dashboard.conftest import APP
from tests.servers.delays import Delay
from tests.servers.formats.tei import TEI
from tests.servers.ground_truth import Config, GroundTruthServer

Serve = Callable[..., GroundTruthServer]
PATIENCE_S = 60.0
MORE_OFTEN = 3
"""Times that a comparison is made again with the pairs that the one before asked for."""
MOST_MORE = 300


def choose(page: AppTest, mode: Mode) -> AppTest:
    """Pick a mode in the open form."""
    return page.selectbox(key="probe/mode").select(mode).run()


def ended(run_id: str) -> RunState:
    """The state of a run once it has ended."""
    deadline = time.monotonic() + PATIENCE_S
    while (view := cached_store.runs().view(run_id)).live:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return view.state


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode_says_what_it_is_and_what_it_may_cost(page: AppTest, mode: Mode) -> None:
    """With its own defaults, before anything is clicked."""
    choose(open_form(page), mode)
    assert not page.exception
    assert not page.error
    if mode is not Mode.paired:
        assert "requests at most. Costs at most $0" in everything(page)
    assert page.button(key="probe/start").disabled == (mode is Mode.paired)


def test_the_closed_loop_says_that_it_cannot_see_stalls(page: AppTest) -> None:
    """In a plain sentence, beside the choice."""
    choose(open_form(page), Mode.closed_loop)
    assert "This cannot see stalls" in everything(page)


def test_a_precision_gives_the_sample_size_and_its_cost(page: AppTest) -> None:
    """473 requests for 10 % at a usual spread, at most half as many again; 5 % needs four times."""
    open_form(page)
    page.segmented_control(key="probe/precision").set_value("p95 within 10 %").run()
    assert "about **473**, at most 710" in everything(page)
    page.segmented_control(key="probe/precision").set_value("p95 within 5 %").run()
    assert "about **1,802**" in everything(page)
    assert "2,707 requests at most" in everything(page)


@pytest.mark.parametrize(
    ("mode", "field", "typed", "says"),
    [
        (Mode.batches, "probe/sizes", "one, two", "must be numbers"),
        (Mode.batches, "probe/sizes", "1.5", "must be whole numbers"),
        (Mode.concurrency, "probe/steps", "4, 2", "must rise"),
        (Mode.ramp, "probe/rates", "", "type at least one number"),
        (Mode.ramp, "probe/rates", "nan", "This cannot be run"),
        (Mode.cold_start, "probe/gaps", "1, 7000", "h at most"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(
    page: AppTest, mode: Mode, field: str, typed: str, says: str
) -> None:
    """Nothing can be started with it."""
    choose(open_form(page), mode)
    page.text_input(key=field).set_value(typed).run()
    assert not page.exception
    assert says in "\n".join(str(e.value) for e in page.error).replace("\\", "")
    assert not [b for b in page.button if b.key == "probe/start" and not b.disabled]


def test_a_batch_sweep_starts_from_the_form(page: AppTest, embedding_server: Serve) -> None:
    """What was typed is what runs."""
    server = embedding_server(Config())
    fill_custom(open_form(page), server)
    choose(page, Mode.batches)
    page.text_input(key="probe/sizes").set_value("1, 3")
    page.number_input(key="probe/repeats").set_value(2).run()
    page.button(key="probe/start").click().run()
    assert not page.exception
    (run,) = cached_store.runs().recent()
    assert run.plan.schedule == BatchSweep(sizes=(1, 3), characters=(60, 600), repeats=2)
    assert ended(run.run_id) is RunState.DONE


def test_an_endpoint_of_any_kind_is_probed_from_the_form(
    page: AppTest, embedding_server: Serve
) -> None:
    """Its format, header and fields are typed in the fold; what is wrong there is said there."""
    server = embedding_server(Config())
    fill_custom(open_form(page), server)
    page.text_input(key="probe/url").set_value(server.dialect_url(TEI))
    page.selectbox(key="probe/wire").set_value("tei")
    page.text_area(key="probe/body").set_value("truncate=yes").run()
    assert "The value of truncate is no JSON" in everything(page)
    page.text_area(key="probe/body").set_value("truncate=true\n\nnormalize=false")
    page.text_area(key="probe/query").set_value("api-key=x").run()
    assert "name of a key" in everything(page)
    page.text_area(key="probe/query").set_value("").run()
    page.number_input(key="probe/requests").set_value(2).run()
    page.button(key="probe/start").click().run()
    assert not page.exception
    (run,) = cached_store.runs().recent()
    target = run.plan.target.billed
    assert target is not None
    assert target.endpoint.wire.value == "tei"
    assert dict(target.endpoint.body) == {"truncate": True, "normalize": False}
    assert ended(run.run_id) is RunState.DONE


def test_two_servers_are_compared_from_the_form(page: AppTest, embedding_server: Serve) -> None:
    """A typed endpoint beside another; where the texts will go stands there before the click."""
    server, other = embedding_server(Config()), embedding_server(Config())
    fill_custom(open_form(page), server)
    choose(page, Mode.paired)
    page.multiselect(key="probe/rivals").set_value(["custom"]).run()
    page.text_input(key="probe/url/rival").set_value(other.base_url)
    page.text_input(key="probe/model/rival").set_value("test-model").run()
    page.number_input(key="probe/pairs").set_value(8)
    page.number_input(key="probe/pair-rate").set_value(50.0).run()
    captions = " ".join(one.value for one in page.caption).replace("\\", "")
    assert f"Sends to {server.origin} and {other.origin}." in captions
    page.button(key="probe/start").click().run()
    assert not page.exception
    (run,) = cached_store.runs().recent()
    assert run.plan.schedule == Paired(pairs=8, rate_per_s=50)
    assert ended(run.run_id) is RunState.DONE
    assert len(server.truths) == len(other.truths) == 4 + 8


def test_a_comparison_asks_for_neighbours_where_it_is_told_to(
    page: AppTest, embedding_server: Serve
) -> None:
    """Off until it is ticked; then the texts that are sent once more are told before the start."""
    server, other = embedding_server(Config()), embedding_server(Config(dims=9))
    fill_custom(open_form(page), server)
    choose(page, Mode.paired)
    page.multiselect(key="probe/rivals").set_value(["custom"]).run()
    page.text_input(key="probe/url/rival").set_value(other.base_url)
    page.text_input(key="probe/model/rival").set_value("other-model").run()
    page.number_input(key="probe/pairs").set_value(8)
    page.number_input(key="probe/pair-rate").set_value(50.0).run()
    assert not page.checkbox(key="probe/neighbours").value
    page.checkbox(key="probe/neighbours").check().run()
    different = len(set(sample_texts()))
    assert page.number_input(key="probe/nearest").value == min(10, different // 5)
    page.number_input(key="probe/nearest").set_value(4).run()
    assert "texts for the neighbours" in " ".join(one.value for one in page.caption)
    page.button(key="probe/start").click().run()
    assert not page.exception
    (run,) = cached_store.runs().recent()
    assert run.plan.neighbours_k == 4
    assert ended(run.run_id) is RunState.DONE
    view = cached_store.runs().view(run.run_id)
    assert view.neighbours is not None
    (found,) = view.neighbours.found
    assert (found.model_a, found.model_b) == ("test-model", "other-model")
    cached_store.forget_measurements()
    assert cached_store.neighbours_between("other-model", "test-model") == found
    assert cached_store.neighbours_between("other-model", "nobody's") is None


def compared_with_the_sdk(page: AppTest, server: GroundTruthServer, pairs: int) -> Comparison:
    """The comparison of an endpoint by the probe's way and by the SDK's, from the form."""
    fill_custom(open_form(page), server)
    choose(page, Mode.paired)
    assert any("through the openai SDK" in o for o in page.multiselect(key="probe/rivals").options)
    place = server.base_url.removeprefix("http://").removesuffix("/v1")
    sdk = f"endpoint/openai-sdk/{place}/test-model"
    page.multiselect(key="probe/rivals").set_value([sdk]).run()
    page.number_input(key="probe/pairs").set_value(pairs)
    page.number_input(key="probe/pair-rate").set_value(20.0).run()
    page.button(key="probe/start").click().run()
    assert not page.exception
    run = cached_store.runs().recent()[0]
    assert ended(run.run_id) is RunState.DONE
    summary = cached_store.runs().view(run.run_id).summary
    assert summary is not None
    assert summary.report is not None
    (one,) = summary.report.comparisons
    assert one.label_b.endswith("through the openai SDK")
    assert one.pairs == pairs
    return one


def test_the_cost_of_openais_own_client_can_be_seen(page: AppTest, embedding_server: Serve) -> None:
    """The same endpoint twice, by the probe's way and by the SDK's, with one key.

    A busy computer scatters both: where the pairs do not tell, more are sent, as it asks for.
    """
    server, pairs = embedding_server(Config()), 40
    one = compared_with_the_sdk(page, server, pairs)
    for _ in range(MORE_OFTEN):
        if one.more_pairs is None:
            break
        pairs += min(one.more_pairs, MOST_MORE)
        one = compared_with_the_sdk(page, server, pairs)
    assert one.verdict == "a", one.sentence


def test_a_live_endpoint_is_not_probed_beside_itself(
    page: AppTest, embedding_server: Serve
) -> None:
    """Again in this session: silence, as after a double click. Otherwise: a sentence.

    The run would go on for minutes, however long the page takes.
    """
    server = embedding_server(Config(delay=Delay(median_s=0.5)))

    def start(session: AppTest, requests: int) -> str:
        fill_custom(open_form(session), server)
        session.number_input(key="probe/requests").set_value(requests).run()
        session.button(key="probe/start").click().run()
        assert not session.exception
        return "\n".join(str(e.value) for e in session.error).replace("\\", "")

    assert start(page, 9_000) == ""
    assert start(page, 9_000) == ""
    assert "would measure each other" in start(page, 9_001)
    other = AppTest.from_file(str(APP), default_timeout=60)
    assert "live here already" in start(other, 9_000)
    (run,) = cached_store.runs().recent()
    cached_store.runs().cancel(run.run_id)
    assert ended(run.run_id) is RunState.CANCELLED
