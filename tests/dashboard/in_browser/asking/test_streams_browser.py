"""Documents beside the queries in a real browser: answered below the charts."""

import pytest
from playwright.sync_api import Browser, expect

from tests.benchmarks.server import PAGE, streamlit

pytestmark = pytest.mark.browser

PATIENCE_MS = 120_000


def test_the_family_of_a_model_is_one_click_away(browser: Browser) -> None:
    """The link's documents are answered; the button adds the small member; no error is left."""
    link = "?q=300000&t=100&dq=100000&dt=400&o=voyage/voyage-4-large"
    with streamlit("run", str(PAGE)) as (address, _):
        page = browser.new_page(viewport={"width": 1440, "height": 1600})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address + link)
        answer = page.get_by_text("documents by Voyage 4-large").first
        answer.wait_for(timeout=PATIENCE_MS)
        expect(page.get_by_text("Queries by Voyage 4-lite").first).to_be_visible()
        page.locator(".st-key-streams-cheaper button").click()
        page.wait_for_url("**voyage-4-lite**", timeout=PATIENCE_MS)
        expect(page.get_by_text("A cheaper pair is in the catalogue")).to_have_count(
            0, timeout=PATIENCE_MS
        )
        page.get_by_text("Documents beside the queries").click()
        expect(page.get_by_text("Documents per day")).to_be_visible(timeout=PATIENCE_MS)
        page.close()
        assert not complaints
