"""The question over a slow processor and a bad line: only what is touched changes."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.benchmarks.browser import PATIENCE_MS
from tests.benchmarks.server import PAGE, streamlit
from tests.dashboard.browsing import (
    FULL_LINK,
    PEAK,
    TOKENS,
    expect_link,
    link,
    press,
    query,
    settle,
    unfold,
    visit,
)
from tests.servers.network.line import Line, Side

pytestmark = pytest.mark.browser

QUERY = query(FULL_LINK)

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    """A line to the page's server, as good as the test leaves it."""
    with streamlit("run", str(PAGE)) as (url, _), Line(int(url.rpartition(":")[2])) as started:
        yield started


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One profile: the page's scripts come over the line once, and then out of its cache."""
    opened = browser.new_context(viewport={"width": 1440, "height": 1400})
    yield opened
    opened.close()


@pytest.fixture
def open_page(context: BrowserContext, line: Line) -> Iterator[Open]:
    """Open an address behind the line, on a processor so many times slower."""

    def opened(path: str, slower: float = 1, *, rest: bool = False) -> Page:
        return visit(context, f"{line.address}{path}", slower, rest=rest)

    yield opened
    for page in context.pages:
        page.close()
    line.delay_s = 0.0


@pytest.mark.soak
@pytest.mark.parametrize("said", [1_000, 5_000, 13_000])
def test_a_line_that_breaks_while_the_page_comes_changes_nothing(
    open_page: Open, line: Line, said: int
) -> None:
    """The first run is lost from some byte on; what is touched afterwards changes itself alone."""
    line.breaks_after = said
    page = open_page(f"/plan?{QUERY}", rest=True)
    unfold(page, "Growth and calendar")
    settle(page)
    press(page, PEAK)
    expect_link(page, FULL_LINK | {"peak": "5"})


@pytest.mark.soak
def test_a_slow_processor_and_folds_opened_in_haste_change_nothing(open_page: Open) -> None:
    """Each fold's run stops the one before; then one control of the first fold is moved."""
    page = open_page(f"/?{QUERY}", slower=6)
    unfold(page, "Texts and load", "Self-hosting", "Growth and calendar", "Own prices")
    settle(page)
    press(page, PEAK)
    expect_link(page, FULL_LINK | {"peak": "5"})
    press(page, "Utilisation ceiling")
    settle(page)
    now = link(page)
    assert 0.333 < float(now["u"]) <= 0.4
    assert now == FULL_LINK | {"peak": "5", "u": now["u"]}


def test_an_address_that_comes_late_undoes_nothing(open_page: Open, line: Line) -> None:
    """A fold is opened while the address of a change is still on its way to the browser."""
    page = open_page("/?t=500&peak=4")
    settle(page)
    line.delay_s = 1.0
    press(page, PEAK)
    page.wait_for_timeout(1_500)
    unfold(page, "Growth and calendar")
    page.wait_for_timeout(2_500)
    line.delay_s = 0.0
    expect_link(page, {"peak": "5"})
    settle(page)
    assert link(page) == {"peak": "5"}


def test_two_changes_in_haste_both_arrive(open_page: Open, line: Line) -> None:
    """The second one is made before the first one is answered; at rest both are."""
    line.delay_s = 0.4
    page = open_page("/?peak=4&t=300")
    settle(page)
    press(page, PEAK)
    press(page, TOKENS)
    settle(page)
    assert link(page) == {"peak": "5", "t": "400"}


@pytest.mark.soak
@pytest.mark.parametrize("side", ["browser", "server"])
def test_after_a_lost_change_browser_and_server_agree(
    open_page: Open, line: Line, side: Side
) -> None:
    """A change, or its answer, is lost with the connection; it arrives with the next one."""
    page = open_page("/?peak=4")
    settle(page)
    line.lose(side)
    shown = press(page, PEAK)
    page.wait_for_timeout(600)
    line.cut()
    expect_link(page, {"peak": "5"})
    settle(page)
    expect(page.get_by_role("slider", name=PEAK)).to_have_attribute("aria-valuetext", shown)


@pytest.mark.soak
def test_a_lost_move_of_the_volume_arrives_after_the_break(open_page: Open, line: Line) -> None:
    """The verdict's volume is the slider's again, and no other input moved."""
    page = open_page("/?peak=4")
    settle(page)
    line.lose("browser")
    press(page, "Requests per day")
    page.wait_for_timeout(600)
    line.cut()
    expect_link(page, {"peak": "4", "q": "105000"})


def test_a_reset_that_is_not_answered_is_not_undone(open_page: Open, line: Line) -> None:
    """Own prices go back to the list; the answer is lost, and the browser still shows them."""
    page = open_page("/?p=aws/g6.xlarge:0.3&peak=4")
    settle(page)
    unfold(page, "Own prices")
    settle(page)
    line.lose("server")
    page.get_by_role("button", name="Reset to list prices").click()
    page.wait_for_timeout(600)
    line.cut()
    expect_link(page, {"peak": "4"})  # the line is back, and the reset with it
    settle(page)
    press(page, PEAK)
    expect_link(page, {"peak": "5"})


def test_back_brings_the_former_question_and_only_back_does(open_page: Open) -> None:
    """Back undoes a change; a page on the way that has no parameters of its own undoes nothing."""
    page = open_page("/?t=300")
    settle(page)
    press(page, TOKENS)
    expect_link(page, {"t": "400"})
    settle(page)
    page.get_by_role("link", name="Plan").click()
    page.wait_for_url("**/plan?t=400", timeout=PATIENCE_MS)
    settle(page)
    page.go_back()
    settle(page)
    assert link(page) == {"t": "400"}
    for _ in range(4):
        if link(page) != {"t": "400"}:
            break
        page.go_back()
        settle(page)
    assert link(page) == {"t": "300"}
    expect(page.get_by_role("slider", name=TOKENS)).to_have_attribute("aria-valuetext", "300")
    page.reload()
    settle(page)
    assert link(page) == {"t": "300"}


def test_a_display_switch_asks_nothing(open_page: Open) -> None:
    """One token stays one token, and what could not be used of the link stays said."""
    page = open_page("/?t=1&peak=junk")
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    settle(page)
    before = page.url
    assert link(page) == {"t": "1"}
    page.get_by_role("radio", name="USD per 1M tokens").click()
    page.wait_for_function(
        "() => document.querySelector('.js-plotly-plot')?._fullLayout?.yaxis.title.text"
        ".includes('1M tokens')",
        timeout=PATIENCE_MS,
    )
    settle(page)
    assert page.url == before
    expect(page.get_by_text("“junk” in the link is not a number")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text("junk")).to_have_count(0)
    assert link(page) == {"t": "1"}
    assert not complaints
