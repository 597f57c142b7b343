"""What is demanded, in a real browser: typed in the sidebar, it decides and stands in the link."""

import pytest
from playwright.sync_api import Browser, expect

from tests.benchmarks.server import PAGE, streamlit

pytestmark = pytest.mark.browser

PATIENCE_MS = 120_000


def test_a_budget_that_nobody_keeps_is_answered_with_what_to_relax(browser: Browser) -> None:
    """Typed, it is in the address and names the one demand; emptied, it is gone from both."""
    with streamlit("run", str(PAGE)) as (address, _):
        page = browser.new_page(viewport={"width": 1440, "height": 1200})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        page.get_by_text("What must hold").click(timeout=PATIENCE_MS)
        budget = page.get_by_role("spinbutton", name="Budget (USD/month)")
        budget.fill("10")
        budget.press("Enter")
        page.wait_for_url("**budget=10**", timeout=PATIENCE_MS)
        expect(page.get_by_text("The one demand to relax: Raise the budget to $")).to_be_visible(
            timeout=PATIENCE_MS
        )
        budget.fill("")
        budget.press("Enter")
        page.wait_for_url(lambda url: "budget=" not in url, timeout=PATIENCE_MS)
        expect(page.get_by_text("Use hosted Cloudflare bge-m3")).to_be_visible(timeout=PATIENCE_MS)
        page.get_by_role("combobox", name="Texts are in").click()
        page.get_by_role("option", name="German").click()
        page.wait_for_url("**lang=de**", timeout=PATIENCE_MS)
        page.close()
        assert not complaints
