"""The live chart: what Python sends and believes, and what the browser makes of it."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import plotly
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Page
from streamlit.testing.v1 import AppTest

from core.errors import ModelInputError
from dashboard.components.live_chart.payload import figure_json, payload_json
from dashboard.components.live_chart.volume import Move, VolumeSlider
from tests.benchmarks.server import streamlit

OpenPage = Callable[..., Page]
Colours = Literal["light", "dark"]
CHART = ".live-chart"

PAGE = """
import time
import numpy as np
import streamlit as st
from dashboard.components.live_chart.volume import VolumeSlider
from dashboard.components.live_chart.component import live_chart

st.session_state.setdefault("rpd", 1e5)
st.session_state.setdefault("runs", 0)
if st.button("Reset"):
    st.session_state["rpd"] = 1e5
slope = st.number_input("Slope", value=1.0)
delay_s = float(st.query_params.get("delay", 0))

def note(value):
    st.session_state["rpd"] = value

@st.fragment
def chart():
    time.sleep(delay_s)
    rpd = st.session_state["rpd"]
    x = np.geomspace(1e6, 1e12, 400)
    lines = [
        {"type": "scatter", "mode": "lines", "name": f"line {n}", "x": x, "y": slope * n * x / 1e6}
        for n in range(1, 11)
    ]
    figure = {
        "data": lines,
        "layout": {"xaxis": {"type": "log"}, "yaxis": {"type": "log", "tickprefix": "$"}},
    }
    st.session_state["runs"] += 1
    value = live_chart(
        figure, marker=rpd * 15_000, alt="Cost by volume", height=400, key="chart",
        slider=VolumeSlider("Requests per day", rpd, 10, 1e8, x_per_unit=15_000, on_change=note),
    )
    st.text(f"value={value:.0f} runs={st.session_state['runs']}")

if not st.checkbox("Hide"):
    chart()
"""


def slider(**changes: Any) -> VolumeSlider:
    """A slider from 10 to 1,000 at 100."""
    given: dict[str, Any] = {"label": "Volume", "value": 100.0, "low": 10.0, "high": 1e3}
    return VolumeSlider(**given | changes)


# What Python sends


def test_the_figure_survives_as_plotly_wrote_it() -> None:
    """A go.Figure arrives with every value, in Plotly's own packing, without its template."""
    x = np.geomspace(1, 1e6, 7)
    figure = go.Figure(data=[{"x": x, "y": [1, 2]}], layout={"title": {"text": "Cost"}})
    sent = json.loads(figure_json(figure.to_plotly_json()))
    assert list(_unpacked(sent["data"][0]["x"])) == list(x)
    assert sent["data"][0]["y"] == [1, 2]
    assert sent["layout"] == {"title": {"text": "Cost"}}


@given(st.lists(st.floats(-1e30, 1e30), min_size=1))
def test_columns_are_packed_as_exactly_as_a_screen_shows(values: list[float]) -> None:
    """A column of floats arrives packed, each within a part in ten million."""
    sent = json.loads(figure_json({"data": [{"y": np.array(values)}]}))
    assert _unpacked(sent["data"][0]["y"]) == pytest.approx(values, rel=1e-6, abs=1e-37)


def test_a_value_that_is_no_number_becomes_a_gap() -> None:
    """NaN and infinity, which a browser's JSON reader refuses, arrive as gaps."""
    figure = {"data": [{"y": np.array([1.0, np.nan, np.inf, 1e300]), "x": [float("nan")]}]}
    sent = json.loads(figure_json(figure))
    assert sent["data"][0]["x"] == [None]
    assert list(np.isnan(_unpacked(sent["data"][0]["y"]))) == [False, True, True, True]


def test_columns_of_whole_numbers_and_texts_stay_lists() -> None:
    """Only floats are packed: whole numbers, texts and slices keep their every digit."""
    column = np.arange(2**53, 2**53 + 6)[::2]
    sent = json.loads(figure_json({"data": [{"x": column, "text": ["a", "b"]}]}))
    assert sent["data"][0] == {"x": column.tolist(), "text": ["a", "b"]}


def _unpacked(column: dict[str, str]) -> "np.ndarray[Any, np.dtype[np.floating]]":
    return np.frombuffer(base64.b64decode(column["bdata"]), column["dtype"])


def test_what_json_cannot_say_is_named() -> None:
    """An object in a figure is refused, by the name of its type."""
    with pytest.raises(TypeError):
        figure_json({"data": [{"y": object()}]})


def test_the_figure_is_known_by_its_content() -> None:
    """The marker does not change the figure's id, a point does: the browser then redraws."""

    def figure_id(last: float, marker: float) -> str:
        sent = payload_json(
            {"data": [{"y": [1.0, last]}]},
            marker=marker,
            alt="",
            height_px=1,
            x_unit="",
            slider=None,
            value=None,
            answered=0,
        )
        return str(json.loads(sent)["figure_id"])

    assert figure_id(2.0, marker=1.0) == figure_id(2.0, marker=9.0)
    assert figure_id(2.0, marker=1.0) != figure_id(3.0, marker=1.0)


# What Python believes


@pytest.mark.parametrize(
    "change", [{"low": 0.0}, {"high": 10.0}, {"value": float("nan")}, {"x_per_unit": float("inf")}]
)
def test_a_slider_without_a_range_is_refused(change: dict[str, float]) -> None:
    """A logarithmic slider needs finite numbers and 0 < low < high."""
    with pytest.raises(ModelInputError, match="Volume"):
        slider(**change)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_value_never_leaves_the_range(value: float) -> None:
    """Whatever the browser says, the value stays within the limits."""
    assert 10 <= slider().clamped(value) <= 1e3


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.sampled_from(["volume", "other"]), JSON_VALUES))
def test_a_message_of_the_wrong_shape_is_no_move(state: dict[str, object]) -> None:
    """A hostile browser's message is read as no move and raises nothing."""
    assert Move.read(state) is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, True, "7", None])
def test_a_move_to_no_number_is_no_move(value: object) -> None:
    """A value that is not a finite number is not believed."""
    assert Move.read({"volume": {"value": value, "turn": 1}}) is None


def test_a_move_is_read() -> None:
    """A message of the right shape gives its value, its number and whether it was the last."""
    read = Move.read({"volume": {"value": 7, "turn": 3, "released": True}})
    assert read == Move(value=7.0, turn=3, released=True)


# Without its JavaScript


def small_page() -> None:
    """Mount a slider whose value belongs to the session, and one that keeps its own."""
    import streamlit as st  # noqa: PLC0415  # AppTest copies this function alone

    from dashboard.components.live_chart.component import live_chart  # noqa: PLC0415
    from dashboard.components.live_chart.volume import VolumeSlider  # noqa: PLC0415

    def note(value: float) -> None:
        st.session_state["volume"] = value

    st.session_state.setdefault("volume", 200.0)
    owned = VolumeSlider("V", st.session_state["volume"], 10, 1e3, on_change=note)
    own = VolumeSlider("V", 300.0, 10, 1e3)
    figure = {"data": [{"y": [1, 2]}]}
    first = live_chart(figure, marker=None, alt="a", height=9, key="one", slider=owned)
    second = live_chart(figure, marker=None, alt="a", height=9, key="two", slider=own)
    third = live_chart(figure, marker=5.0, alt="a", height=9, key="three")
    st.text(f"{first} {second} {third}")


@pytest.fixture
def small() -> AppTest:
    """The small page, run once."""
    return AppTest.from_function(small_page).run()


def test_without_javascript_a_chart_has_its_given_value(small: AppTest) -> None:
    """AppTest draws nothing and the value passes through; a chart without a slider has none."""
    assert not small.exception
    assert small.text[0].value == "200.0 300.0 None"


def test_the_owner_of_the_value_moves_the_slider(small: AppTest) -> None:
    """A value set from Python is the chart's at the next run, clamped to the range."""
    small.session_state["volume"] = 50_000.0
    assert small.run().text[0].value == "1000.0 300.0 None"


def test_the_component_keeps_a_value_that_nobody_owns(small: AppTest) -> None:
    """Without on_change the component's own state is the value."""
    small.session_state["two"] = {"volume": {"value": 42, "turn": 1, "released": True}}
    assert small.run().text[0].value == "200.0 42.0 None"


def test_both_folders_are_served(small: AppTest) -> None:
    """Streamlit knows the folder of the component's files and that of Plotly's."""
    # Private on purpose: this is the interface that a newer Streamlit may change under us.
    manager = small._bidi_component_manager
    assert manager is not None
    folder = manager.get_component_path("breakeven.live_chart")
    assert folder is not None
    assert (Path(folder) / "live_chart.js").is_file()
    library = manager.get_component_path("breakeven.plotly")
    assert library is not None
    assert (Path(library) / "plotly.min.js").stat().st_size > 1_000_000
    assert Path(library).is_relative_to(Path(plotly.__file__).parent)


# In a browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page above, served on loopback by a real Streamlit."""
    page = tmp_path_factory.mktemp("live_chart") / "page.py"
    page.write_text(PAGE, encoding="utf-8")
    with streamlit("run", str(page)) as (url, _):
        yield url


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One profile: Streamlit's scripts and Plotly's come once, and then out of its cache."""
    opened = browser.new_context()
    yield opened
    opened.close()


@pytest.fixture
def open_page(context: BrowserContext, address: str) -> Iterator[OpenPage]:
    """Open the page and wait for its chart; at the end nothing may stand on the console."""
    complaints: list[str] = []
    pages: list[Page] = []

    def opened(query: str = "", width: int = 1280, colours: Colours = "light") -> Page:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=colours)
        pages.append(page)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" else None,
        )
        page.goto(f"{address}/{query}")
        page.wait_for_selector(f"{CHART} .js-line", timeout=60_000)
        return page

    yield opened
    for page in pages:
        page.close()
    assert not complaints


def _drag(page: Page, shares: list[float], pause_ms: int = 60) -> None:
    """Put the finger on the slider's first place, draw it over the others, and leave it down."""
    box = page.locator(f"{CHART} input").bounding_box()
    assert box is not None
    for index, share in enumerate(shares):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        if index == 0:
            page.mouse.down()
        page.wait_for_timeout(pause_ms)


def _volume(page: Page) -> float:
    """Return the requests/day that the slider shows."""
    text = page.locator(f"{CHART} input").get_attribute("aria-valuetext") or ""
    return _plain_number(text.split(" requests")[0])


def _wait_until_it_shows(page: Page, text: str) -> None:
    """Wait until the slider says this of itself: its value reaches it apart from Python's text."""
    page.locator(f'{CHART} input[aria-valuetext^="{text}"]').wait_for()


def _plain_number(text: str) -> float:
    number, _, scale = text.replace(",", "").partition("\u00a0")
    return float(number) * {"": 1.0, "M": 1e6, "B": 1e9}[scale]


def _server_volume(page: Page) -> float:
    """Return the value that Python printed last."""
    return float(page.get_by_text("value=").inner_text().split()[0].removeprefix("value="))


def _marker_px(page: Page) -> float:
    box = page.locator(f"{CHART} .live-chart__marker").bounding_box()
    assert box is not None
    return box["x"]


@pytest.mark.browser
def test_the_chart_follows_the_finger(open_page: OpenPage) -> None:
    """Before the finger is lifted the marker has moved and Python has answered its way."""
    page = open_page()
    before = _marker_px(page)
    _drag(page, [0.5, 0.55, 0.6, 0.65, 0.7])
    assert _marker_px(page) > before
    assert page.locator(".live-chart__readout").is_visible()
    page.wait_for_function("!document.body.innerText.includes('value=100000 ')")
    page.mouse.up()
    assert page.locator(".live-chart__readout").is_hidden()


@pytest.mark.browser
def test_the_marker_needs_no_server(open_page: OpenPage) -> None:
    """The marker moves while the server has not answered, and the released value arrives."""
    page = open_page("?delay=1.5")
    before = _marker_px(page)
    _drag(page, [0.5, 0.6, 0.7, 0.8], pause_ms=30)
    assert _marker_px(page) > before
    assert _server_volume(page) == 1e5
    page.mouse.up()
    last = _volume(page)
    page.wait_for_function(
        "last => document.body.innerText.includes(`value=${last} `)", arg=last, timeout=20_000
    )
    assert _volume(page) == last


@pytest.mark.browser
def test_slow_answers_do_not_queue_up(open_page: OpenPage) -> None:
    """A drag of 20 moves over a slow server runs the page a few times, not 20 times."""
    page = open_page("?delay=0.4")
    _drag(page, [0.3 + 0.02 * n for n in range(20)], pause_ms=30)
    page.mouse.up()
    last = _volume(page)
    page.wait_for_function(
        "last => document.body.innerText.includes(`value=${last} `)", arg=last, timeout=20_000
    )
    runs = int(page.get_by_text("runs=").inner_text().split("runs=")[1])
    assert runs < 10


@pytest.mark.browser
def test_keys_move_the_slider_and_python_hears_them(open_page: OpenPage) -> None:
    """Arrow, Home and End work as on any slider, and the limits are exact."""
    page = open_page()
    control = page.get_by_role("slider", name="Requests per day")
    control.press("ArrowRight")
    page.wait_for_function("!document.body.innerText.includes('value=100000 ')")
    assert 1e5 < _server_volume(page) < 1.1e5
    control.press("End")
    page.wait_for_function("document.body.innerText.includes('value=100000000 ')")
    control.press("Home")
    page.wait_for_function("document.body.innerText.includes('value=10 ')")


@pytest.mark.browser
def test_a_reset_in_python_moves_the_slider(open_page: OpenPage) -> None:
    """A value that Python sets after the user's own is the one that is shown."""
    page = open_page()
    page.get_by_role("slider", name="Requests per day").press("End")
    page.wait_for_function("document.body.innerText.includes('value=100000000 ')")
    page.get_by_role("button", name="Reset", exact=True).click()
    page.wait_for_function("document.body.innerText.includes('value=100000 ')")
    _wait_until_it_shows(page, "100,000 requests/day")


@pytest.mark.browser
def test_a_new_figure_is_drawn_in_the_same_chart(open_page: OpenPage) -> None:
    """A changed figure changes the lines, and no element of the chart is made anew."""
    page = open_page()
    line = page.locator(f"{CHART} .js-line").first
    page.evaluate("document.querySelector('.live-chart .main-svg').dataset.kept = 'yes'")
    before = line.get_attribute("d")
    page.get_by_label("Slope").fill("5000")
    page.get_by_label("Slope").press("Enter")
    page.wait_for_function(
        "d => document.querySelector('.live-chart .js-line').getAttribute('d') !== d", arg=before
    )
    assert page.locator(f"{CHART} .main-svg[data-kept=yes]").count() == 1


@pytest.mark.browser
def test_the_theme_changes_under_the_chart(open_page: OpenPage) -> None:
    """Going from light to dark repaints the chart's text without a rerun of the page."""
    page = open_page(colours="light")
    colour = "getComputedStyle(document.querySelector('.live-chart .xtick text')).fill"
    light, runs = page.evaluate(colour), page.get_by_text("runs=").inner_text()
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"light => {colour} !== light", arg=light)
    assert page.get_by_text("runs=").inner_text() == runs


@pytest.mark.browser
def test_who_cannot_see_the_chart_is_told_its_numbers(open_page: OpenPage) -> None:
    """The chart is an image with a name, described by every line's value at the marker."""
    page = open_page()
    assert page.get_by_role("button", name="Zoom in").count() == 1
    image = page.get_by_role("img", name="Cost by volume")
    described = page.locator(f"#{image.get_attribute('aria-describedby')}").inner_text()
    assert described.startswith("At 1.5\u00a0B tokens/month: line 1 $1,500; line 2 $3,000;")
    control = page.get_by_role("slider", name="Requests per day")
    expected = "100,000 requests/day = 1.5\u00a0B tokens/month"
    assert control.get_attribute("aria-valuetext") == expected


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1440])
def test_the_chart_has_the_width_of_its_page(open_page: OpenPage, width: int) -> None:
    """The chart fits a telephone and a desktop, also after the window changed."""
    page = open_page(width=width)
    assert _overhang(page) <= 0
    page.set_viewport_size({"width": 800, "height": 900})
    page.wait_for_function(
        "() => { const plot = document.querySelector('.live-chart__plot');"
        " return plot._fullLayout.width === plot.clientWidth }"
    )
    assert _overhang(page) <= 0


def _overhang(page: Page) -> float:
    """Return by how many pixels the chart stands out of its place."""
    plot = page.locator(f"{CHART} .live-chart__plot").bounding_box()
    drawn = page.locator(f"{CHART} .main-svg").first.bounding_box()
    assert plot is not None
    assert drawn is not None
    return drawn["width"] - plot["width"]


@pytest.mark.browser
def test_a_chart_taken_away_leaves_nothing(open_page: OpenPage) -> None:
    """After the chart is gone the window listens no more; it comes back with its value."""
    page = open_page()
    page.get_by_role("slider", name="Requests per day").press("End")
    page.wait_for_function("document.body.innerText.includes('value=100000000 ')")
    plot = page.evaluate_handle("document.querySelector('.live-chart__plot')")
    page.get_by_text("Hide").click()
    page.wait_for_selector(CHART, state="detached")
    page.wait_for_timeout(100)
    assert plot.evaluate("plot => plot._fullLayout === undefined")
    page.get_by_text("Hide").click()
    page.wait_for_selector(f"{CHART} .js-line")
    _wait_until_it_shows(page, "100\u00a0M requests/day")


@pytest.mark.browser
def test_the_library_is_sent_once(browser: Browser, address: str) -> None:
    """The first visit brings Plotly's file over the wire, neither a rerun nor the next visit."""
    sent = "performance.getEntriesByType('resource').filter(e => e.name.includes('plotly.min'))"
    context = browser.new_context()
    sizes = []
    for _ in range(2):
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector(f"{CHART} .js-line", timeout=60_000)
        page.get_by_role("slider", name="Requests per day").press("End")
        page.wait_for_function("document.body.innerText.includes('value=100000000 ')")
        sizes.append(page.evaluate(f"{sent}.map(e => e.transferSize)"))
    context.close()
    [first], [second] = sizes
    assert first > 1_000_000
    assert second == 0


@pytest.mark.browser
def test_a_library_that_does_not_load_is_said(browser: Browser, address: str) -> None:
    """Without Plotly the chart says so in words, and the slider still works."""
    page = browser.new_page()
    page.route("**/plotly.min.js*", lambda route: route.abort())
    page.goto(address)
    page.get_by_text("The chart library did not load").wait_for(timeout=60_000)
    page.get_by_role("slider", name="Requests per day").press("End")
    page.wait_for_function("document.body.innerText.includes('value=100000000 ')")
    page.close()
