"""A server of one's own in a real browser: added on page Prices, compared, kept, removed."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.benchmarks.server import PAGE, streamlit
from tests.dashboard.browsing import settle

pytestmark = pytest.mark.browser

PATIENCE_MS = 120_000
LABEL = "Yours: Lab server bge-m3"


def fill(page: Page, label: str, text: str) -> None:
    """Type into a field, and leave it."""
    field = page.get_by_label(label, exact=True).last
    field.fill(text, timeout=PATIENCE_MS)
    field.press("Tab")
    settle(page)


def test_my_server_is_an_option_like_any_other(browser: Browser) -> None:
    """In chart, table and verdict, after a reload too; the link keeps it; removed it is gone."""
    with streamlit("run", str(PAGE)) as (address, _):
        page = browser.new_page(viewport={"width": 1440, "height": 1200})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/prices?o=openai%2Ftext-embedding-3-small,cloudflare%2Fbge-m3")
        page.get_by_text("Your own options").wait_for(timeout=PATIENCE_MS)
        settle(page)
        fill(page, "Name", "Lab server")
        fill(page, "Base address", "no address")
        fill(page, "Model there", "bge-m3")
        page.get_by_role("button", name="Add and compare").click()
        expect(page.get_by_text("endpoint.base_url")).to_be_visible(timeout=PATIENCE_MS)
        fill(page, "Base address", "http://localhost:8080/v1")
        fill(page, "Price (USD)", "0.004")
        page.get_by_role("button", name="Add and compare").click()
        expect(page.get_by_text("among the options that are compared")).to_be_visible(
            timeout=PATIENCE_MS
        )
        page.wait_for_url("**lab-server%2Fbge-m3**", timeout=PATIENCE_MS)
        link = page.url.partition("?")[2]
        page.get_by_role("link", name="Compare").click()
        for reloaded in (False, True):
            if reloaded:
                page.goto(f"{address}/?{link}")
            page.get_by_text(f"Use hosted {LABEL}").first.wait_for(timeout=PATIENCE_MS)
            settle(page)
            page.locator("svg").get_by_text("Yours: Lab").first.wait_for(timeout=PATIENCE_MS)
            assert page.get_by_test_id("stDataFrame").count() > 0
        page.get_by_role("link", name="Prices").click()
        page.get_by_test_id("stMain").get_by_role("button", name="Remove").click(
            timeout=PATIENCE_MS
        )
        expect(page.get_by_text("was removed")).to_be_visible(timeout=PATIENCE_MS)
        page.wait_for_function("() => !location.href.includes('lab-server')", timeout=PATIENCE_MS)
        page.goto(f"{address}/?{link}")
        expect(page.get_by_text("lab-server/bge-m3” is not in the catalogue")).to_be_visible(
            timeout=PATIENCE_MS
        )
        page.close()
        assert not complaints
