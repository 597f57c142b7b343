"""The method in a real browser: addresses of sections, functions by keyboard, a telephone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.benchmarks.server import PAGE, streamlit

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000
TOP_PX = 120
"""A heading this far from the top of the window is where a link should lead."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A page with an empty data folder."""
    with streamlit("run", str(PAGE)) as (found, _):
        yield found


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One profile of narrow windows: Streamlit's scripts come once, and then out of its cache."""
    opened = browser.new_context(viewport={"width": 390, "height": 844})
    yield opened
    opened.close()


@pytest.fixture
def telephone(context: BrowserContext) -> Iterator[Page]:
    """A narrow window."""
    page = context.new_page()
    yield page
    page.close()


def expect_at_top(page: Page, anchor: str) -> None:
    """Wait until the heading of a section is at the top of the window, all formulas drawn."""
    page.wait_for_function(
        """([anchor, top]) => {
            const heading = document.getElementById(anchor)
            const formulas = document.querySelectorAll(".katex").length
            const place = heading && heading.getBoundingClientRect().top
            return formulas > 100 && heading && 0 <= place && place < top
        }""",
        arg=[anchor, TOP_PX],
        timeout=PATIENCE_MS,
    )


def test_an_address_leads_to_its_section(telephone: Page, address: str) -> None:
    """However much the page above it grows, a link to a section ends at its heading."""
    telephone.goto(f"{address}/method#hybrid")
    expect_at_top(telephone, "hybrid")
    telephone.wait_for_timeout(2_000)
    expect_at_top(telephone, "hybrid")


def test_the_contents_lead_to_a_section(telephone: Page, address: str) -> None:
    """A click in the contents goes there and changes the address, for others to follow."""
    telephone.goto(f"{address}/method")
    telephone.get_by_role("link", name="The queue before a GPU").click(timeout=PATIENCE_MS)
    expect_at_top(telephone, "queue")
    assert telephone.url.endswith("/method#queue")


def test_a_function_opens_and_closes_by_keyboard(telephone: Page, address: str) -> None:
    """Enter opens the source, Escape closes it, and the focus is where it was."""
    telephone.goto(f"{address}/method#worth")
    expect_at_top(telephone, "worth")
    button = telephone.get_by_role("button", name="payback.payback")
    button.focus()
    telephone.keyboard.press("Enter")
    dialog = telephone.get_by_role("dialog")
    expect(dialog.get_by_text("core/cost/over_months/payback.py")).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(dialog.get_by_text("def payback")).to_be_visible()
    telephone.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()


def test_it_fits_a_telephone_and_every_formula_is_drawn(telephone: Page, address: str) -> None:
    """The page never scrolls sideways, and no formula is refused by the typesetter."""
    telephone.goto(f"{address}/method")
    last = telephone.get_by_role("heading", name="What a probe may cost")
    expect(last).to_be_visible(timeout=PATIENCE_MS)
    telephone.wait_for_function("document.querySelectorAll('.katex').length > 100")
    assert telephone.locator(".katex-error").count() == 0
    widths = telephone.get_by_test_id("stMain").evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert widths[0] <= widths[1]
