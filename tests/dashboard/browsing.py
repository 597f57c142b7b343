"""A page of the dashboard as somebody at the browser uses it."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, Page

from tests.benchmarks.browser import PATIENCE_MS
from tests.harness.script_runs import at_rest, wait_for_rest

PEAK, TOKENS, OBJECTIVE = "Peak-to-mean ratio", "Tokens per request", "Latency objective (p95)"
FULL_LINK = {
    "q": "3000000", "t": "333", "peak": "4", "slo": "0.3004", "g": "0.021", "u": "0.333",
    "batch": "12345", "labour": "1234.567", "cal": "avg", "auto": "true",
    "m": "intfloat/multilingual-e5-large-instruct",
    "o": "openai/text-embedding-3-large,aws/g6.xlarge", "p": "aws/g6.xlarge:0.5261",
}  # fmt: skip
"""A question in which much is no default, and some is on no slider's step."""


def query(link: dict[str, str]) -> str:
    """A question as it stands in an address."""
    return "&".join(f"{name}={value}" for name, value in link.items())


def visit(context: BrowserContext, address: str, slower: float = 1, *, rest: bool = False) -> Page:
    """Open an address and wait for the controls; with ``rest`` also until the page is at rest.

    From the page's own first run on the processor is so many times slower: how long Streamlit's
    scripts take to be read is no part of any law.
    """
    page = context.new_page()
    blank: list[object] = []

    def note(error: object) -> None:
        blank.append(error)

    page.on("pageerror", note)
    page.goto(address)
    if slower > 1:
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    for _ in range(PATIENCE_MS // 250):
        shown = page.get_by_role("slider", name=PEAK).first.is_visible()
        if shown and (not rest or at_rest(page)):
            return page
        if blank:
            # Streamlit 1.67 goes blank where the line breaks at some points of the first run.
            blank.clear()
            page.reload()
        page.wait_for_timeout(250)
    raise TimeoutError(f"{address} does not show its controls.")


def link(page: Page) -> dict[str, str]:
    """What the address says."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(page.url).query).items()}


def settle(page: Page) -> None:
    """Wait until what was done to the page is answered and drawn."""
    wait_for_rest(page, PATIENCE_MS)


def unfold(page: Page, *names: str) -> None:
    """Open folds, or close them, without waiting for an answer in between."""
    for name in names:
        page.get_by_test_id("stExpander").get_by_text(name, exact=True).click(timeout=PATIENCE_MS)


def press(page: Page, name: str, key: str = "ArrowRight") -> str:
    """Press a key on a slider; return what it says then."""
    slider = page.get_by_role("slider", name=name).first
    slider.press(key)
    return slider.get_attribute("aria-valuetext") or ""


def expect_link(page: Page, wanted: dict[str, str]) -> None:
    """Wait for this question in the address, to the last digit."""
    for _ in range(PATIENCE_MS // 100):
        if link(page) == wanted:
            return
        page.wait_for_timeout(100)
    assert link(page) == wanted
