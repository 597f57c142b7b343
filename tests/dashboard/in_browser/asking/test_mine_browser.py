"""What is one's own in a real browser: cards by number and a discount, typed in the sidebar."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.benchmarks.server import PAGE, streamlit
from tests.dashboard.browsing import settle, unfold

pytestmark = pytest.mark.browser

PATIENCE_MS = 120_000
OPTIONS = "owned%2Frtx-4090,openai%2Ftext-embedding-3-small"
CARDS, DISCOUNT = "NVIDIA RTX 4090 (owned): already yours", "OpenAI: your discount (share)"


def type_into(page: Page, label: str, text: str) -> None:
    """Write a number into a field of the sidebar, and leave it."""
    field = page.get_by_role("spinbutton", name=label)
    field.fill(text, timeout=PATIENCE_MS)
    field.press("Enter")
    settle(page)


def test_own_cards_and_a_discount_are_typed_told_and_linked(browser: Browser) -> None:
    """They stand in verdict and link, come back with it, and 0 takes them away."""
    with streamlit("run", str(PAGE)) as (address, _):
        page = browser.new_page(viewport={"width": 1440, "height": 1200})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/?o={OPTIONS}&q=900000&m=BAAI%2Fbge-m3&labour=100")
        page.get_by_text("Options compared").first.wait_for(timeout=PATIENCE_MS)
        settle(page)
        unfold(page, "Already yours, and discounts")
        settle(page)
        type_into(page, CARDS, "4")
        type_into(page, DISCOUNT, "0.2")
        page.wait_for_url("**off=openai**", timeout=PATIENCE_MS)
        link = page.url.partition("?")[2]
        assert "own=owned%2Frtx-4090%3A4" in link
        main = page.get_by_test_id("stMain")
        expect(main.get_by_text("NVIDIA RTX 4090 (already yours)").first).to_be_visible(
            timeout=PATIENCE_MS
        )
        expect(main.get_by_text("paid for it by month")).to_have_count(0)
        page.goto(f"{address}/?{link}")
        settle(page)
        unfold(page, "Already yours, and discounts")
        settle(page)
        expect(page.get_by_role("spinbutton", name=DISCOUNT)).to_have_value("0.20")
        type_into(page, CARDS, "0")
        page.wait_for_function("() => !location.href.includes('own=')", timeout=PATIENCE_MS)
        page.close()
        assert not complaints
