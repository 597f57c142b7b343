"""The controls of the question: nothing but the user changes it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import Phase, given, settings
from streamlit.testing.v1 import AppTest

from core.scenario import Scenario
from dashboard.state.inputs import INPUTS, NAMED, with_numbers
from dashboard.state.link import encode
from tests.dashboard.questions import scenarios

PAGE = Path(__file__).with_name("controls_page.py")
FOLDS = (
    "prices", "texts", "serverless", "hosting", "owned", "fleet", "documents", "vectors", "corpus",
    "outlook", "demands",
)  # fmt: skip
LINK = {
    "budget": "500", "lang": "de,en",
    "t": "1", "peak": "4", "slo": "0.3004", "cv": "0.77", "u": "0.333", "g": "0.021",
    "batch": "12345", "labour": "1234.567", "day": "2026-06-01", "auto": "true",
    "vtype": "int8", "cal": "avg",
    "m": "intfloat/multilingual-e5-large-instruct", "o": "aws/g6.xlarge,voyage/voyage-3.5",
    "p": "aws/g6.xlarge:0.5261",
}  # fmt: skip


def opened(link: dict[str, str]) -> AppTest:
    """The controls as a link opens them, all folds open."""
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for fold in FOLDS:
        page.session_state[f"fold/{fold}"] = True
    for name, value in link.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def question(page: AppTest) -> Scenario:
    """The question in the session."""
    asked: Scenario = page.session_state["scenario"]
    return asked


def widgets(page: AppTest) -> Iterator[Any]:
    """Every control of the scenario that is drawn."""
    kinds = (
        page.select_slider, page.slider, page.number_input, page.toggle,
        page.selectbox, page.multiselect, page.radio, page.date_input,
    )  # fmt: skip
    for kind in kinds:
        yield from (w for w in kind if str(w.key).startswith(("in/", "price/")))


def shown_by_browser(widget: Any) -> object:
    """What a browser shows that knows this run's message alone."""
    proto = widget.proto
    match widget.type:
        case "select_slider":
            return proto.options[int(proto.default[0])]
        case "slider":
            return proto.default[0]
        case "selectbox" | "radio":
            return proto.options[proto.default]
        case "number_input":
            return proto.default if proto.HasField("default") else None
        case "date_input":
            return date.fromisoformat(proto.default[0].replace("/", "-"))
        case "multiselect":
            return [proto.options[index] for index in proto.default]
    return proto.default


def meant(widget: Any) -> object:
    """The value that the server holds, as the browser would show it."""
    match widget.type:
        case "select_slider" | "selectbox" | "radio":
            return widget.format_func(widget.value)
        case "multiselect":
            return [widget.format_func(value) for value in widget.value]
    return widget.value


def test_every_run_says_every_value() -> None:
    """A browser that missed the first run's message learns the question from the second one."""
    page = opened(LINK)
    asked = question(page)
    for _ in range(2):
        page.run()
        wrong = [w.key for w in widgets(page) if shown_by_browser(w) != meant(w)]
        assert wrong == []
    assert question(page) == asked
    assert len(list(widgets(page))) == len(INPUTS) + len(NAMED) + len(asked.options) + 6


# Shrinking a page takes minutes; the failing question is printed as it is.
@settings(max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(scenarios())
def test_what_is_not_touched_stays_exactly(scenario: Scenario) -> None:
    """Any link, all controls drawn: a switch changes nothing, an input changes itself alone."""
    page = opened(encode(scenario))
    assert encode(question(page)) == encode(scenario)
    page.toggle(key="look").set_value(True).run()
    assert encode(question(page)) == encode(scenario)
    page.number_input(key="in/labour").set_value(4_321.0).run().run()
    assert encode(question(page)) == encode(with_numbers(scenario, {"labour": 4_321}))


def test_reports_stay_until_an_input_changes() -> None:
    """A display switch leaves them; a control that is moved takes them away."""
    page = opened(LINK | {"q": "nonsense"})
    page.toggle(key="look").set_value(True).run()
    assert "nonsense" in page.warning[0].value
    page.select_slider(key="in/peak").set_value(5.0).run()
    assert not page.warning


def test_reports_can_be_closed() -> None:
    """Without a change of the question."""
    page = opened(LINK | {"q": "nonsense"})
    asked = question(page)
    page.button(key="reports/close").click().run()
    assert not page.warning
    assert question(page) == asked


def test_a_change_from_elsewhere_gives_the_control_another_key() -> None:
    """What a browser still says under the former key is heard by nobody."""
    page = opened({"t": "300"})
    page.button(key="twice").click().run()
    assert question(page).workload.tokens_per_request == 600
    assert page.select_slider(key="in/t#1").value == 600
    page.session_state["in/t"] = 300.0
    page.run()
    assert question(page).workload.tokens_per_request == 600
    page.select_slider(key="in/t#1").set_value(800.0).run()
    assert question(page).workload.tokens_per_request == 800


def test_a_change_that_came_with_the_click_is_kept() -> None:
    """A control and a button in one message: the button changes what the control just said."""
    page = opened({"t": "300"})
    page.select_slider(key="in/t").set_value(400.0)
    page.select_slider(key="in/peak").set_value(5.0)
    page.button(key="twice").click().run()
    assert question(page).workload.tokens_per_request == 800
    assert question(page).workload.peak_to_mean == 5


def test_a_slider_can_come_back_to_the_value_of_its_link() -> None:
    """The value that is none of the steps stays one of them."""
    page = opened({"t": "333"})
    page.select_slider(key="in/t").set_value(500.0).run()
    page.select_slider(key="in/t").set_value(333.0).run()
    assert question(page).workload.tokens_per_request == 333


def test_what_is_ones_own_is_typed_and_taken_back() -> None:
    """Cards by number and a discount; 0 takes both away again, and they stand in the link."""
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.session_state["fold/mine"] = True
    page.query_params["o"] = "owned/rtx-4090,openai/text-embedding-3-small,aws/g6.xlarge"
    page.run()
    own = {str(w.key): w for w in page.number_input if str(w.key).startswith(("own/", "off/"))}
    assert set(own) == {"own/owned/rtx-4090", "off/openai", "off/aws"}
    own["own/owned/rtx-4090"].set_value(4)
    own["off/openai"].set_value(0.2)
    page.run()
    assert question(page).owned == (("owned/rtx-4090", 4),)
    assert question(page).discounts == (("openai", 0.2),)
    assert encode(question(page))["own"] == "owned/rtx-4090:4"
    for key, value in (("own/owned/rtx-4090", 0), ("off/openai", 0.0)):
        page.number_input(key=key).set_value(value)
    page.run()
    assert (question(page).owned, question(page).discounts) == ((), ())
