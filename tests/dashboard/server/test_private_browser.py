"""The page in a real browser: it works within its own walls, and nobody gets in or is called."""

import os
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.benchmarks.browser import PATIENCE_MS, QUIET
from tests.dashboard.browsing import settle

pytestmark = pytest.mark.browser

CLICK_MS = 20_000
CLICKS = 4
TITLES = ("Latency", "Plan", "Risk", "Prices", "Method", "Compare")
LOCAL_SCHEMES = {"data", "blob"}


@pytest.fixture(scope="module")
def other_site() -> Iterator[str]:
    """Another program's site on another port of this computer; it shows what it is sent."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>Another site</title>")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Watch:
    """What a browser asked for, and what it complained of."""

    def __init__(self, context: BrowserContext) -> None:
        self.asked: set[str] = set()
        self.complaints: list[str] = []
        context.on("request", lambda request: self.asked.add(request.url))
        context.on("page", self._follow)
        context.on("weberror", lambda fault: self.complaints.append(str(fault.error)))

    def _follow(self, page: Page) -> None:
        page.on("websocket", lambda opened: self.asked.add(opened.url))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )

    def strangers(self, own: str) -> set[str]:
        """Addresses that are not the page's own, nor made within the page."""
        return {
            url
            for url in self.asked
            if urlsplit(url).scheme not in LOCAL_SCHEMES and urlsplit(url).netloc != own
        }


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser's profile of its own, at a usual size."""
    opened = browser.new_context(viewport={"width": 1440, "height": 1000}, bypass_csp=False)
    yield opened
    opened.close()


def show_charts(page: Page, address: str) -> None:
    """Open the first screen and wait until both charts are drawn."""
    page.goto(address)
    expect(page.locator(".js-plotly-plot .main-svg").nth(1)).to_be_attached(timeout=PATIENCE_MS)
    settle(page)


def use_toolbars(page: Page) -> set[str]:
    """Move the mouse over every chart and press every button of its toolbar; give their names."""
    names: set[str] = set()
    charts = page.locator(".js-plotly-plot")
    for index in range(charts.count()):
        charts.nth(index).hover()
        buttons = charts.nth(index).locator(".modebar-btn")
        for number in range(buttons.count()):
            names.add(buttons.nth(number).get_attribute("data-title") or "")
            buttons.nth(number).dispatch_event("click")
            page.wait_for_timeout(25)
    return names


def take_downloads(page: Page) -> int:
    """Save every file that the page offers by a button."""
    settle(page)
    buttons = page.get_by_test_id("stDownloadButton").get_by_role("button")
    for index in range(buttons.count()):
        take_download(page, buttons.nth(index))
    return buttons.count()


def take_download(page: Page, button: Locator) -> None:
    """Save a file; click again where the page drew the button anew under the click."""
    for _ in range(CLICKS):
        try:
            with page.expect_download(timeout=CLICK_MS) as started:
                button.click()
        except PlaywrightTimeoutError:
            settle(page)
            continue
        assert started.value.failure() is None
        return
    pytest.fail("no file came")


def open_popovers(page: Page) -> int:
    """Open every table behind a chart, and close it."""
    buttons = page.get_by_role("button", name="As a table")
    for index in range(buttons.count()):
        buttons.nth(index).click()
        settle(page)
        page.keyboard.press("Escape")
    return buttons.count()


def import_load(page: Page, folder: Path) -> None:
    """Upload a day of requests on the first page and see its hours drawn."""
    export = folder / "requests.csv"
    start = datetime(2026, 3, 2, tzinfo=UTC)
    rows = [f"{(start + timedelta(minutes=5 * n)).isoformat()},300" for n in range(3 * 288)]
    export.write_text("\n".join(["timestamp,prompt_tokens", *rows]), encoding="utf-8")
    page.get_by_text("Import your own load").click()
    page.locator("input[type=file]").set_input_files(export)
    found = page.get_by_test_id("stMetric").filter(has_text="Requests per day")
    found.wait_for(timeout=PATIENCE_MS)
    settle(page)


def test_a_walk_over_all_pages_calls_nobody_and_breaks_no_rule(
    context: BrowserContext, address: str, tmp_path: Path
) -> None:
    """Every page, button of a chart, table, download and upload: the page's address alone is asked.

    The browser complains of nothing, so the page works within the rules that it is sent with.
    """
    watch = Watch(context)
    page = context.new_page()
    show_charts(page, address)
    pressed, saved, opened = use_toolbars(page), 0, 0
    for title in TITLES:
        page.get_by_role("link", name=title, exact=True).click()
        settle(page)
        if title == "Compare":
            import_load(page, tmp_path)
        pressed |= use_toolbars(page)
        opened += open_popovers(page)
        saved += take_downloads(page)
    assert pressed == {"Download plot as a PNG", "Zoom", "Pan", "Zoom in", "Zoom out", "Reset axes"}
    assert saved >= 5
    assert opened >= 5
    assert len(context.pages) == 1
    assert watch.strangers(urlsplit(address).netloc) == set()
    assert watch.complaints == []


def test_a_script_cannot_call_elsewhere_from_the_page(
    context: BrowserContext, address: str, other_site: str
) -> None:
    """Should a foreign script ever get in, it can neither load from nor send to another place."""
    page = context.new_page()
    page.goto(address)
    outcome = page.evaluate(
        """async (elsewhere) => {
            const tried = {}
            tried.fetch = await fetch(elsewhere).then(() => 'sent', () => 'refused')
            tried.image = await new Promise((done) => {
                const image = new Image()
                image.onload = () => done('sent')
                image.onerror = () => done('refused')
                image.src = elsewhere + '/a.png'
            })
            tried.script = await new Promise((done) => {
                const script = document.createElement('script')
                script.onload = () => done('sent')
                script.onerror = () => done('refused')
                script.src = elsewhere + '/a.js'
                document.head.append(script)
            })
            try { new Function('1')(); tried.made = 'sent' } catch { tried.made = 'refused' }
            return tried
        }""",
        other_site,
    )
    assert set(outcome.values()) == {"refused"}


def test_another_site_cannot_frame_the_page(
    context: BrowserContext, address: str, other_site: str
) -> None:
    """The frame stays empty: there is nothing under which buttons could be laid."""
    page = context.new_page()
    page.goto(other_site)
    page.evaluate(
        """(address) => new Promise((done) => {
            const frame = document.createElement('iframe')
            frame.onload = done
            frame.src = address
            document.body.append(frame)
        })""",
        address,
    )
    page.wait_for_timeout(1_000)
    [framed] = page.frames[1:]
    assert framed.url.startswith("chrome-error:")


def test_another_site_cannot_open_the_websocket_or_read_the_page(
    context: BrowserContext, address: str, other_site: str
) -> None:
    """From another port of the same computer the socket does not open, and no answer is read."""
    page = context.new_page()
    page.goto(other_site)
    outcome = page.evaluate(
        """async (address) => {
            const socket = await new Promise((done) => {
                const line = new WebSocket(address.replace('http', 'ws') + '/_stcore/stream',
                                           ['streamlit'])
                line.onopen = () => done('open')
                line.onerror = () => done('refused')
            })
            const read = await fetch(address + '/_stcore/host-config')
                .then(() => 'read', () => 'refused')
            return [socket, read]
        }""",
        address,
    )
    assert outcome == ["refused", "refused"]


@pytest.fixture
def led_here(browser: Browser) -> Iterator[Page]:
    """A page of a browser for which every name leads to this computer."""
    led = browser.browser_type.launch(
        executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
        args=[*QUIET, "--host-resolver-rules=MAP *.example* 127.0.0.1"],
    )
    yield led.new_page()
    led.close()


def test_a_rebound_name_shows_a_sentence_and_no_page(led_here: Page, address: str) -> None:
    """In a browser that takes the page for evil.example's there is nothing to drive."""
    answer = led_here.goto(f"http://evil.example:{urlsplit(address).port}/")
    assert answer is not None
    assert answer.status == 421
    assert "does not go by this name" in led_here.inner_text("body")
    refused = led_here.evaluate(
        """() => new Promise((done) => {
            const line = new WebSocket(`ws://${location.host}/_stcore/stream`, ['streamlit'])
            line.onopen = () => done(false)
            line.onerror = () => done(true)
        })"""
    )
    assert refused


def test_the_page_works_under_a_name_that_its_owner_added(led_here: Page, address: str) -> None:
    """With BREAKEVEN_ALLOWED_HOSTS the whole page is drawn, socket and all."""
    led_here.goto(f"http://page.example.com:{urlsplit(address).port}/method")
    expect(led_here.get_by_role("heading").first).to_be_visible(timeout=PATIENCE_MS)
