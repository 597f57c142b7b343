"""The button beside a typed address: what is there, by what, and the form filled with a click."""

from streamlit.testing.v1 import AppTest

from dashboard.resources.cached import cached_store
from tests.dashboard.app_pages.sections.test_probe_form import ended
from tests.dashboard.app_pages.test_compare_page import everything, open_form
from tests.servers.standins import desktop, gateways, serving
from tests.servers.standins.standin import StandIn

KEY = "sk-a-key-of-the-page-for-one-server"


def typed(page: AppTest, address: str) -> AppTest:
    """The form with an address that somebody typed."""
    page.selectbox(key="probe/target").set_value("custom").run()
    return page.text_input(key="probe/url").set_value(address).run()


def recognised(page: AppTest) -> AppTest:
    """The same after a click on the button."""
    page.button(key="probe/recognise").click().run()
    assert not page.exception
    return page


def plainly(page: AppTest) -> str:
    """All words of the page, without the marks of markdown."""
    return everything(page).replace("\\", "")


def test_a_click_says_what_is_there_and_another_takes_it(page: AppTest) -> None:
    """Nothing is asked before the first; the second fills the form, which then starts."""
    open_form(page)
    with serving.tei() as standin:
        typed(page, standin.authority)
        assert standin.asked == []
        recognised(page)
        words = plainly(page)
        assert "Text Embeddings Inference 1.8.0, by GET /info" in words
        assert "The address was mended: http:// was added; /v1 was added." in words
        assert "BAAI/bge-m3, float16, 5617a9f61b02, at most 8,192 tokens a text" in words
        assert "At most 32 texts a request, 16,384 tokens a batch." in words
        page.button(key="probe/use-recognised").click().run()
        assert page.text_input(key="probe/url").value == f"{standin.origin}/v1"
        assert page.text_input(key="probe/model").value == "BAAI/bge-m3"
        page.number_input(key="probe/requests").set_value(5).run()
        page.button(key="probe/start").click().run()
        assert not page.exception
        (run,) = cached_store.runs().recent()
        assert ended(run.run_id).value == "done"
        assert run.plan.target.sole_api is not None
        assert run.plan.target.sole_api.wire_model == "BAAI/bge-m3"


def test_of_several_models_one_is_chosen_and_an_answer_belongs_to_its_address(
    page: AppTest,
) -> None:
    """Those that embed are offered; typing another address takes the answer away."""
    open_form(page)
    with desktop.ollama("one-embed", "two-embed", "llama3.2") as standin:
        recognised(typed(page, standin.origin))
    assert "Ollama 0.12.6, by GET /api/version" in plainly(page)
    choice = page.selectbox(key="probe/recognised-model")
    assert choice.options == ["one-embed", "two-embed"]
    choice.set_value("two-embed").run()
    page.button(key="probe/use-recognised").click().run()
    assert page.text_input(key="probe/model").value == "two-embed"
    page.text_input(key="probe/url").set_value("localhost:8080/v1/embeddings").run()
    words = plainly(page)
    assert "Ollama 0.12.6, by" not in words
    assert "The address was mended: http:// was added; /embeddings was taken off" in words
    assert "Sends to http://localhost:8080." in words


def test_a_key_is_asked_for_where_it_is_wanted_and_goes_nowhere_else(page: AppTest) -> None:
    """It is typed for one address: another one that is typed next does not get it."""
    open_form(page)
    with StandIn({}, key=KEY) as shut, gateways.plain("m") as other:
        recognised(typed(page, shut.origin))
        assert "asks for a key" in plainly(page)
        page.text_input(key="probe/recognise-key").set_value(KEY)
        recognised(page)
        assert shut.asked[-1].headers["authorization"] == f"Bearer {KEY}"
        assert KEY not in plainly(page)
        page.text_input(key="probe/recognise-key").set_value(KEY)
        page.text_input(key="probe/url").set_value(other.origin)
        recognised(page)
        assert other.asked
        assert not any("authorization" in one.headers for one in other.asked)
    page.text_input(key="probe/url").set_value("http://169.254.169.254")
    recognised(page)
    assert "169.254.169.254" in page.warning[0].value.replace("\\", "")
