"""The fold "What a cheaper model would lose": what it says, asks, refuses and shows."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.probe.records.probe_plan import RetrievalTest
from core.store.runs import RunState
from dashboard.resources import quality_tests
from dashboard.resources.cached import cached_store
from tests.catalog.own.own_texts import MINE, write
from tests.dashboard.app_pages.conftest import OpenPage
from tests.dashboard.app_pages.sections.test_probe_form import ended
from tests.dashboard.app_pages.test_compare_page import everything
from tests.dashboard.past_runs import PutRun
from tests.dashboard.past_tests import past_plan, past_report, stored
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthServer

Serve = Callable[..., GroundTruthServer]
FOLD, CHOSEN = "quality/fold", "quality/candidates"
URL, MODEL = "probe/url/quality", "probe/model/quality"


def pairs(queries: int = 12) -> bytes:
    """As many queries, each the text of its own document: whoever embeds at all finds it."""
    return "\n".join(["query,relevant", *(f"text {n},text {n}" for n in range(queries))]).encode()


@pytest.fixture
def panel(page: AppTest, open_page: OpenPage) -> AppTest:
    """The page Plan with the fold opened."""
    page.session_state[FOLD] = True
    return open_page("plan")


def give(page: AppTest, content: bytes, key: str = "quality/pairs") -> AppTest:
    """Upload a file."""
    page.file_uploader(key=key).set_value(("own.csv", content, "text/csv"))
    return page.run()


def ask_server(page: AppTest, server: GroundTruthServer, model: str = "m") -> AppTest:
    """Test the server at a typed address alone."""
    page.multiselect(key=CHOSEN).set_value(["custom"]).run()
    page.text_input(key=URL).set_value(server.base_url)
    page.text_input(key=MODEL).set_value(model)
    return page.run()


def has_button(page: AppTest) -> bool:
    """Whether a test can be started, or could be once a key is there."""
    return any(button.key == "quality/start" for button in page.button)


def test_it_is_folded_away_and_then_says_what_it_is_for(open_page: OpenPage) -> None:
    """Closed it draws nothing; open it says where the texts go, before any are given."""
    page = open_page("plan")
    assert not page.file_uploader
    page.session_state[FOLD] = True
    page.run()
    assert not page.exception
    assert "are stored nowhere" in everything(page)
    assert not has_button(page)


def test_the_example_is_read_and_nothing_is_sent(panel: AppTest) -> None:
    """How much it holds, what to know of it, and whom it would go to at what cost."""
    panel.button(key="quality/example").click().run()
    assert not panel.exception
    said = everything(panel).replace("\\", "")
    assert "50 queries over 72 documents" in said
    assert "No query asks for 22 of the 72 documents" in said
    assert panel.multiselect(key=CHOSEN).value == ["this-machine"]
    assert "122 texts to 1 model: 122 in all. Sends to this computer. Costs at most $0" in said
    assert cached_store.runs().recent() == []


def test_ones_own_files_are_read_together(panel: AppTest) -> None:
    """Documents alone ask for their pairs; with them ids are understood, and remarks are said."""
    give(panel, b"id,text\na,one\nb,two\nc,three", "quality/documents")
    assert "Give the pairs, too" in everything(panel)
    give(panel, b"query,relevant_id\nfirst,a\nsecond,b")
    said = everything(panel)
    assert "2 queries over 3 documents" in said
    assert "too few to say how well a model finds" in said


def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(panel: AppTest) -> None:
    """In the page's own box, and no button can be pressed."""
    for content, says in (
        (b"question;context\nwhat;", "hold no query with a relevant document"),
        (b"a,b\n1,2", "has no query"),
        (b"PK\x03\x04", "Save them as CSV"),
        (b"query,relevant_id\nq,7", "Give the documents too"),
    ):
        give(panel, content)
        assert not panel.exception
        assert says in panel.error[0].value.replace("\\", "")
        assert not has_button(panel)


def test_a_key_is_asked_for_under_the_name_of_its_option(panel: AppTest) -> None:
    """Without it nothing can be started; an own field says roles where the format has one."""
    give(panel, pairs())
    panel.multiselect(key=CHOSEN).set_value(
        ["openai/text-embedding-3-small", "voyage/voyage-4"]
    ).run()
    said = everything(panel).replace("\\", "")
    assert "**OpenAI 3-small**" in said
    assert "OPENAI_API_KEY is not set" in said
    assert "Told by a field of its format" in said
    assert panel.button(key="quality/start").disabled
    for name in ("openai/text-embedding-3-small", "voyage/voyage-4"):
        panel.text_input(key=f"probe/key/quality/{name}").set_value("sk-typed-for-one-run")
    panel.run()
    assert not panel.button(key="quality/start").disabled


def test_a_form_that_cannot_be_is_refused(panel: AppTest) -> None:
    """Dimensions that are none, in a sentence; nobody to test, with what to do."""
    give(panel, pairs())
    for typed, says in (
        ("half", "Dimensions must be numbers"),
        ("1.5", "whole numbers"),
        ("0", "This cannot be run"),
        ("1 2 3 4 5", "This cannot be run"),
    ):
        panel.text_input(key="quality/dims").set_value(typed).run()
        assert not panel.exception
        assert says in panel.error[0].value.replace("\\", "")
        assert not has_button(panel)
    panel.multiselect(key=CHOSEN).set_value([]).run()
    assert "Choose at least one model" in everything(panel)
    assert not has_button(panel)


def test_what_was_asked_is_what_runs_and_its_figures_outlive_the_session(
    panel: AppTest, embedding_server: Serve
) -> None:
    """k, forms and prefixes; progress in texts with a way to stop; then the sentence above."""
    server = embedding_server(Config(dims=16, delay=Delay(median_s=0.5)))
    ask_server(give(panel, pairs(40)), server)
    panel.number_input(key="quality/k").set_value(3)
    panel.text_input(key="quality/dims").set_value("8")
    panel.toggle(key="quality/int8").set_value(True).run()
    query = next(box for box in panel.text_input if str(box.key).startswith("quality/query prefix"))
    query.set_value("query: ").run()
    for _ in range(2):  # a double click starts one test
        panel.button(key="quality/start").click().run()
        assert not panel.exception
        assert not panel.error
    (run,) = cached_store.runs().recent()
    bar = "".join(str(one.proto.text) for one in panel.get("progress")) + everything(panel)
    assert "Testing the quality of" in bar
    assert "of 80 texts" in bar
    assert "Cancel" in [button.label for button in panel.button]
    assert ended(run.run_id) is RunState.DONE
    test = run.plan.schedule
    assert isinstance(test, RetrievalTest)
    assert (test.k, test.dims, test.int8) == (3, (8,), True)
    assert test.asking[0].query_prefix == "query: "
    panel.run()
    assert "recall@3" in panel.success[0].value
    cached_store.runs.clear()
    panel.run()
    said = everything(panel)
    assert "Newest test" in said
    assert "from 10,000 draws" in said


def test_a_model_that_fails_half_way_says_how_much_it_has(
    panel: AppTest, embedding_server: Serve
) -> None:
    """All 40 queries came, and 32 of the documents: its figures are over those."""
    server = embedding_server(Config(faults=dict.fromkeys(range(3, 40), "400")))
    ask_server(give(panel, pairs(40)), server).button(key="quality/start").click().run()
    (run,) = cached_store.runs().recent()
    assert ended(run.run_id) is RunState.DONE
    warnings = [one.value.replace("\\", "") for one in panel.run().warning]
    assert any(
        "It has 32 of 40 documents and 40 of 40 queries: its figures are over 32 queries" in one
        for one in warnings
    )


def test_what_refuses_it_refuses_before_anything_is_sent(
    panel: AppTest, embedding_server: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody pays for vectors that cannot be judged, nor above the cap."""
    server = embedding_server(Config())
    ask_server(give(panel, pairs()), server)
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "ir_measures", None)
        assert not has_button(panel.run())
    assert "ir-measures is not installed" in panel.error[0].value.replace("\\", "")
    panel.run()
    panel.segmented_control(key="probe/paid/quality").set_value("USD per 1M tokens").run()
    panel.number_input(key="probe/price/quality").set_value(1_000.0).run()
    panel.button(key="quality/start").click().run()
    assert "above the cap" in everything(panel)
    assert not server.truths


def test_a_server_that_nobody_typed_is_asked_about_first(
    page: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedding_server: Serve
) -> None:
    """An own option is among the models to test; its address is confirmed once."""
    server = embedding_server(Config())
    write(tmp_path, "api/mine.toml", MINE.replace("https://api.mine.example", server.origin))
    monkeypatch.setenv("BREAKEVEN_CATALOG_DIR", str(tmp_path))
    page.query_params["o"] = "mine/small"
    page.session_state[FOLD] = True
    page.run()
    page.switch_page("app_pages/plan_page.py").run()
    give(page, pairs())
    assert page.multiselect(key=CHOSEN).value == ["this-machine", "mine/small"]
    assert page.button(key="quality/start").disabled
    next(b for b in page.button if str(b.key).startswith("probe/confirm/")).click().run()
    assert not page.button(key="quality/start").disabled


def test_a_test_of_the_past_is_shown_with_all_that_it_found(
    open_page: OpenPage, put_run: PutRun
) -> None:
    """Open at once where something was tested: figure, comparisons, failure, remarks, seed."""
    put_run(past_plan(), RunState.DONE, report=stored(past_report()))
    page = open_page("plan")
    assert not page.exception
    said = everything(page).replace("\\", "")
    for part in (
        "30 queries over 60 documents",
        *(one.sentence for one in past_report().differences),
        "half: Documents after 12 of 60 texts: no answer.",
        "It has 12 of 60 documents",
        "seed 7",
        "from 500 draws",
    ):
        assert part in said
    assert any("What they find of the queries" in str(one.value) for one in page.markdown)


def test_figures_of_the_example_are_said_to_be_that(open_page: OpenPage, put_run: PutRun) -> None:
    """Nobody takes them for those of his own queries."""
    words = "figures are of the example that ships"
    report = past_report().model_copy(update={"corpus": quality_tests.example().digest})
    put_run(past_plan(), RunState.DONE, report=stored(past_report()), age_days=1)
    page = open_page("plan")
    assert words not in everything(page)
    put_run(past_plan(), RunState.DONE, report=stored(report))
    assert words in everything(page.run())


def test_a_least_recall_puts_out_who_finds_less_and_sets_apart_who_was_not_tested(
    open_page: OpenPage, put_run: PutRun
) -> None:
    """Off at first; then the table says by what evidence."""
    put_run(past_plan(), RunState.DONE, report=stored(past_report()))
    page = open_page("plan")
    field = page.number_input(key="demand/recall")
    assert field.value is None
    field.set_value(90.0).run()
    assert not page.exception
    labels = [expander.label for expander in page.expander]
    assert any("not known to suit" in label for label in labels)
    tables = [table.value.to_string() for table in page.dataframe]
    assert any("finds of your queries was not measured" in table for table in tables)
    assert any("OpenAI 3-small finds " in table and "below 90" in table for table in tables)
